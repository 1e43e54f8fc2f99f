package ocr

import (
	"context"
	"math"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Detector finds the lines of text on a page. It is safe for concurrent use.
type Detector struct {
	session infer.Session
	cfg     DetectorConfig
	norm    *raster.Normalizer
	buffers buffers
}

// NewDetector makes a detector of a DB model: input x is [1, 3, h, w] normalised BGR, the
// output [1, 1, h, w] text probabilities 0..1.
func NewDetector(session infer.Session, cfg DetectorConfig) *Detector {
	return &Detector{session: session, cfg: cfg, norm: raster.NewNormalizer(cfg.Norm)}
}

// Detect returns the boxes of a page from top to bottom, in the page's pixels.
func (d *Detector) Detect(ctx context.Context, im *raster.Image) ([]Box, error) {
	margin := d.margin(im)
	framed := im
	if margin > 0 {
		framed = im.Pad(raster.Margins{Left: margin, Top: margin, Right: margin, Bottom: margin}, im.BorderColour())
	}
	boxes, err := d.detect(ctx, framed)
	if err != nil {
		return nil, err
	}
	return toPage(boxes, margin, im.Width, im.Height), nil
}

// margin is what a small picture needs around it: in the crop of a line or a word the text
// touches the edges, and the detector sees none there.
func (d *Detector) margin(im *raster.Image) int {
	short := min(im.Width, im.Height)
	if short >= d.cfg.SmallSide {
		return 0
	}
	return int(math.Round(d.cfg.Margin * float64(short)))
}

// detect runs the model; boxes are in the picture's pixels.
func (d *Detector) detect(ctx context.Context, im *raster.Image) ([]Box, error) {
	w, h := d.cfg.InputSize(im.Width, im.Height)
	in, out := d.buffers.get(3*w*h), d.buffers.get(w*h)
	defer d.buffers.put(in)
	defer d.buffers.put(out)
	raster.ResizeInto(*in, im, w, h, d.norm)
	err := d.session.Run(ctx,
		[]infer.Tensor{infer.NewTensor(*in, 1, 3, int64(h), int64(w))},
		[]infer.Tensor{infer.NewTensor(*out, 1, 1, int64(h), int64(w))})
	if err != nil {
		return nil, err
	}
	boxes := probabilityMap{data: *out, width: w, height: h}.boxes(d.cfg)
	sx, sy := float64(im.Width)/float64(w), float64(im.Height)/float64(h)
	for i := range boxes {
		for k, p := range boxes[i].Quad {
			boxes[i].Quad[k] = point{X: (p.X + 0.5) * sx, Y: (p.Y + 0.5) * sy}
		}
	}
	return boxes, nil
}

// toPage takes the margin off boxes, keeps them on the page, and leaves out those that are
// thinner than 4 pixels there, as PP-OCR does.
func toPage(boxes []Box, margin, pageW, pageH int) []Box {
	kept := boxes[:0]
	for _, b := range boxes {
		for i, p := range b.Quad {
			b.Quad[i] = point{
				X: min(max(p.X-float64(margin), 0), float64(pageW)),
				Y: min(max(p.Y-float64(margin), 0), float64(pageH)),
			}
		}
		if thin(b.Quad) {
			continue
		}
		kept = append(kept, b)
	}
	return kept
}

func thin(q inkpool.Quad) bool {
	return distance(q[0], q[1]) <= 3 || distance(q[0], q[3]) <= 3
}
