package ocr

import (
	"context"
	"strings"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Recognizer reads one line of text. It is safe for concurrent use.
type Recognizer struct {
	session infer.Session
	cfg     RecognizerConfig
	dict    *Dictionary
	norm    *raster.Normalizer
	buffers buffers
}

// NewRecognizer makes a recogniser of a CTC model: input [1, 3, 48, w] normalised BGR, the
// output [1, w/Stride, classes] softmaxed.
func NewRecognizer(session infer.Session, dict *Dictionary, cfg RecognizerConfig) *Recognizer {
	return &Recognizer{session: session, cfg: cfg, dict: dict, norm: raster.NewNormalizer(cfg.Norm)}
}

// Recognize reads the line in quad, which runs from its first corner to its second; flip
// reads it upside down. The score is the mean probability of the characters, 0..1.
//
// Each line is its own run at its own width: batches of padded lines cost 1.8 times as
// much on a CPU, and a line's text would depend on its neighbours.
func (r *Recognizer) Recognize(ctx context.Context, im *raster.Image, q inkpool.Quad, flip bool) (text string, score float64, err error) {
	content, w := r.widths(q)
	steps := w / r.cfg.Stride
	in, out := r.buffers.get(3*r.cfg.Height*w), r.buffers.get(steps*r.dict.Size())
	defer r.buffers.put(in)
	defer r.buffers.put(out)
	raster.WarpInto(*in, im, q, content, r.cfg.Height, w, flip, r.norm)
	err = r.session.Run(ctx,
		[]infer.Tensor{infer.NewTensor(*in, 1, 3, int64(r.cfg.Height), int64(w))},
		[]infer.Tensor{infer.NewTensor(*out, 1, int64(steps), int64(r.dict.Size()))})
	if err != nil {
		return "", 0, err
	}
	glyphs, score := r.dict.path(*out)
	plane := (*in)[r.cfg.Height*w : 2*r.cfg.Height*w] // green, wherever red and blue are
	line := lineImage{pixels: plane, width: content, height: r.cfg.Height, stride: w}
	text = r.dict.join(glyphs, line.wordGaps(glyphs, r.cfg.Stride))
	return strings.TrimSpace(text), score, nil
}

// widths are how wide the line in quad becomes, and the model's input for it.
func (r *Recognizer) widths(q inkpool.Quad) (content, input int) {
	content = min(contentWidth(q, r.cfg.Height), r.cfg.MaxWidth)
	w := max(content, r.cfg.MinWidth)
	return content, (w + r.cfg.Stride - 1) / r.cfg.Stride * r.cfg.Stride
}
