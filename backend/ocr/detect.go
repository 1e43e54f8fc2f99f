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

// Look says how a Detector looks at a picture. The zero value looks at it as it is.
type Look struct {
	Part     inkpool.Quad // a rectangle on the picture, seen straight; zero: all of it
	Rotation int          // degrees clockwise by which that is turned to be seen: 0, 90, 180 or 270
	Side     int          // pixels of the longer side of what the model sees; 0: DetectorConfig.InputSize
	BoxScore float64      // 0..1; replaces DetectorConfig.BoxThreshold unless 0
}

// Detect returns the boxes of a page from top to bottom, in the picture's pixels. Top and left
// are those of the page as it is looked at.
func (d *Detector) Detect(ctx context.Context, im *raster.Image, look Look) ([]Box, error) {
	if look.Part == (inkpool.Quad{}) {
		look.Part = whole(im.Width, im.Height)
	}
	margin := 0
	if look.Part == whole(im.Width, im.Height) {
		margin = d.margin(im)
	}
	framed := im
	if margin > 0 {
		framed = im.Pad(raster.Margins{Left: margin, Top: margin, Right: margin, Bottom: margin}, im.BorderColour())
		look.Part = whole(framed.Width, framed.Height)
	}
	v := d.view(framed, look)
	boxes, err := d.detect(ctx, framed, v, look.BoxScore)
	if err == nil && look.Side == 0 && v.tiled(d.cfg) {
		boxes, err = d.withLargeText(ctx, framed, look, v, boxes)
	}
	if err != nil {
		return nil, err
	}
	return toPicture(boxes, margin, im.Width, im.Height), nil
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

// detect runs the model on every tile of a view and finds boxes in what it says about all of
// them together. boxScore replaces that of the configuration unless 0. Boxes are in the
// picture's pixels.
func (d *Detector) detect(ctx context.Context, im *raster.Image, v view, boxScore float64) ([]Box, error) {
	out := d.buffers.get(v.width * v.height)
	defer d.buffers.put(out)
	m := probabilityMap{data: *out, width: v.width, height: v.height}
	tiles := v.tiles(d.cfg)
	for _, t := range tiles {
		if err := d.run(ctx, im, v, t, m); err != nil {
			return nil, err
		}
	}
	cfg := d.cfg
	cfg.MaxCandidates *= len(tiles)
	if boxScore > 0 {
		cfg.BoxThreshold = boxScore
	}
	boxes := m.boxes(cfg)
	for i := range boxes {
		for k, p := range boxes[i].Quad {
			boxes[i].Quad[k] = v.at(p.X+0.5, p.Y+0.5)
		}
	}
	return boxes, nil
}

// run runs the model on a tile and writes what it says about the tile's own part into m.
func (d *Detector) run(ctx context.Context, im *raster.Image, v view, t tile, m probabilityMap) error {
	w, h := t.seen.Dx(), t.seen.Dy()
	in := d.buffers.get(3 * w * h)
	defer d.buffers.put(in)
	if v.plain && t.whole(v) {
		raster.ResizeInto(*in, im, w, h, d.norm)
	} else {
		raster.ResizeQuadInto(*in, im, v.quad(t.seen), w, h, d.norm)
	}
	out := m.data
	if !t.whole(v) {
		part := d.buffers.get(w * h)
		defer d.buffers.put(part)
		out = *part
	}
	err := d.session.Run(ctx,
		[]infer.Tensor{infer.NewTensor(*in, 1, 3, int64(h), int64(w))},
		[]infer.Tensor{infer.NewTensor(out, 1, 1, int64(h), int64(w))})
	if err == nil && !t.whole(v) {
		m.paste(probabilityMap{data: out, width: w, height: h}, t)
	}
	return err
}

// toPicture takes the margin off boxes, keeps them on the picture, and leaves out those that are
// thinner than 4 pixels there, as PP-OCR does.
func toPicture(boxes []Box, margin, width, height int) []Box {
	kept := boxes[:0]
	for _, b := range boxes {
		for i, p := range b.Quad {
			b.Quad[i] = point{
				X: min(max(p.X-float64(margin), 0), float64(width)),
				Y: min(max(p.Y-float64(margin), 0), float64(height)),
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
