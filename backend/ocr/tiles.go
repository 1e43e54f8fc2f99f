package ocr

import (
	"context"
	"image"
	"math"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// view is a part of a picture as a detector sees it: straight, turned, and resized to width x height pixels.
type view struct {
	width, height int
	origin        point // its top left corner, in the picture's pixels
	right, down   point // one of its pixels, in the picture's
	plain         bool  // the picture as it is
}

// view looks at a part of a picture.
func (d *Detector) view(im *raster.Image, look Look) view {
	q := look.Part
	for turn := look.Rotation; turn%360 != 0; turn += 90 {
		q = turned(q)
	}
	w, h := d.cfg.InputSize(max(1, int(math.Round(width(q)))), max(1, int(math.Round(height(q)))), look.Side)
	return view{
		width: w, height: h, origin: q[0], plain: q == whole(im.Width, im.Height),
		right: q[1].Sub(q[0]).Mul(1 / float64(w)),
		down:  q[3].Sub(q[0]).Mul(1 / float64(h)),
	}
}

// at is where the view's point (x, y) lies in the picture.
func (v view) at(x, y float64) point { return v.origin.Add(v.right.Mul(x)).Add(v.down.Mul(y)) }

// quad is where a part of the view lies in the picture.
func (v view) quad(r image.Rectangle) inkpool.Quad {
	x0, y0, x1, y1 := float64(r.Min.X), float64(r.Min.Y), float64(r.Max.X), float64(r.Max.Y)
	return inkpool.Quad{v.at(x0, y0), v.at(x1, y0), v.at(x1, y1), v.at(x0, y1)}
}

// tile is a part of a view that the model sees in one run. Tiles overlap in what they see, and
// every pixel of the view is one tile's own: what the model says near the edge of a tile, where
// it sees half a line, is not used.
type tile struct{ seen, own image.Rectangle }

func (t tile) whole(v view) bool { return t.seen == image.Rect(0, 0, v.width, v.height) }

// tiles parts a view into tiles of at most cfg.MaxSide a side, from top to bottom.
func (v view) tiles(cfg DetectorConfig) []tile {
	var out []tile
	for _, y := range cuts(v.height, cfg) {
		for _, x := range cuts(v.width, cfg) {
			out = append(out, tile{
				seen: image.Rect(x.seen0, y.seen0, x.seen1, y.seen1),
				own:  image.Rect(x.own0, y.own0, x.own1, y.own1),
			})
		}
	}
	return out
}

// cut is a tile on one axis.
type cut struct{ seen0, own0, own1, seen1 int }

// cuts parts an axis of n pixels, a multiple of cfg.Multiple, into as few tiles as may be, all
// of about one size.
func cuts(n int, cfg DetectorConfig) []cut {
	if n <= cfg.MaxSide {
		return []cut{{seen1: n, own1: n}}
	}
	fresh := cfg.MaxSide - cfg.Overlap // what each tile after the first adds
	count := (n - cfg.Overlap + fresh - 1) / fresh
	out := make([]cut, count)
	for i := range out {
		start := (n - cfg.MaxSide) * i / (count - 1) / cfg.Multiple * cfg.Multiple
		out[i] = cut{seen0: start, own0: 0, own1: n, seen1: start + cfg.MaxSide}
		if i > 0 {
			seam := (start + out[i-1].seen1) / 2
			out[i-1].own1, out[i].own0 = seam, seam
		}
	}
	return out
}

// tiled reports whether the model cannot see a view in one run.
func (v view) tiled(cfg DetectorConfig) bool { return max(v.width, v.height) > cfg.MaxSide }

// largeText is how high a line is, in pixels of a view, that the model sees in pieces where it
// is shown so large: as high as what neighbouring tiles have in common.
const largeText = 128

// withLargeText puts lines that are too large for a view of tiles in the place of their pieces:
// they are found by looking at everything at once. Small lines stay, though they may look like
// a large one from far away.
func (d *Detector) withLargeText(ctx context.Context, im *raster.Image, look Look, v view, boxes []Box) ([]Box, error) {
	least := largeText * math.Hypot(v.right.X, v.right.Y)
	mayBePiece := func(b Box) bool { // of some letters: one alone may be narrow
		return max(width(b.Quad), height(b.Quad)) >= least && min(width(b.Quad), height(b.Quad)) >= least/3
	}
	if !slices.ContainsFunc(boxes, mayBePiece) {
		return boxes, nil
	}
	look.Side = d.cfg.MaxSide
	coarse, err := d.detect(ctx, im, d.view(im, look), look.BoxScore)
	if err != nil {
		return nil, err
	}
	for _, large := range coarse {
		isPiece := func(b Box) bool {
			return b.across(large) >= max(least, large.across(large)/2) && large.holds(b.Quad.Middle())
		}
		first := slices.IndexFunc(boxes, isPiece)
		if first < 0 || !slices.ContainsFunc(boxes[first+1:], isPiece) {
			continue // whole already
		}
		rest := slices.DeleteFunc(boxes[first+1:], isPiece)
		boxes = append(append(boxes[:first:first], large), rest...)
	}
	return boxes, nil
}

// across is how high a box is if line is a line of text, which runs along its longer side.
func (b Box) across(line Box) float64 {
	down := line.Quad[3].Sub(line.Quad[0])
	if tall(line.Quad) {
		down = line.Quad[1].Sub(line.Quad[0])
	}
	reach := emptySpan().with(b.Quad, point{}, down.Mul(1/max(1, math.Hypot(down.X, down.Y))))
	return reach.v1 - reach.v0
}

// holds reports whether a point lies in a box.
func (b Box) holds(p point) bool {
	for i, corner := range b.Quad {
		if cross(corner, b.Quad[(i+1)%4], p) < 0 {
			return false
		}
	}
	return true
}

// paste copies what a tile's run says about its own part.
func (m probabilityMap) paste(part probabilityMap, t tile) {
	for y := t.own.Min.Y; y < t.own.Max.Y; y++ {
		from := (y-t.seen.Min.Y)*part.width - t.seen.Min.X
		copy(m.data[y*m.width+t.own.Min.X:y*m.width+t.own.Max.X], part.data[from+t.own.Min.X:])
	}
}
