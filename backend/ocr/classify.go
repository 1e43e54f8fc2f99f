package ocr

import (
	"context"
	"math"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Classifier tells whether a line stands upside down. It is safe for concurrent use. A nil
// Classifier, of a pack that has none, takes every line to be upright.
type Classifier struct {
	session infer.Session
	cfg     ClassifierConfig
	norm    *raster.Normalizer
	buffers buffers
}

// NewClassifier makes a classifier of a PP-OCR direction model: input [1, 3, Height, Width],
// output [1, 2] probabilities of 0° and 180°.
func NewClassifier(session infer.Session, cfg ClassifierConfig) *Classifier {
	return &Classifier{session: session, cfg: cfg, norm: raster.NewNormalizer(cfg.Norm)}
}

// Flipped reports whether the line in quad is upside down, and how sure the model is, 0..1.
func (c *Classifier) Flipped(ctx context.Context, im *raster.Image, q inkpool.Quad) (flipped bool, score float64, err error) {
	if c == nil {
		return false, 0, nil
	}
	w, h := c.cfg.Width, c.cfg.Height
	in := c.buffers.get(3 * w * h)
	defer c.buffers.put(in)
	content := w
	if !c.cfg.Stretch {
		content = min(w, contentWidth(q, h))
	}
	raster.WarpInto(*in, im, q, content, h, w, false, c.norm)
	out := make([]float32, 2)
	err = c.session.Run(ctx,
		[]infer.Tensor{infer.NewTensor(*in, 1, 3, int64(h), int64(w))},
		[]infer.Tensor{infer.NewTensor(out, 1, 2)})
	if err != nil {
		return false, 0, err
	}
	if out[1] > out[0] {
		return out[1] >= c.cfg.Threshold, float64(out[1]), nil
	}
	return false, float64(out[0]), nil
}

// contentWidth is the width of a line that is scaled to the given height, at least 1.
func contentWidth(q inkpool.Quad, h int) int {
	return max(1, int(math.Ceil(float64(h)*width(q)/max(1, height(q)))))
}
