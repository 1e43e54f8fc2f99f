package ocr

import (
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// frame turns the places of a picture into those of the upright page.
type frame struct {
	width, height int // of the picture, in pixels
	rotation      int // degrees clockwise by which the picture is turned to stand upright
}

// pageSize is the size of the upright page.
func (f frame) pageSize() (width, height int) {
	if f.rotation%180 != 0 {
		return f.height, f.width
	}
	return f.width, f.height
}

// toPage returns where a quad of the picture lies on the page. Its corners keep their order.
func (f frame) toPage(q inkpool.Quad) inkpool.Quad {
	w, h := f.width, f.height
	for turned := 0; turned < f.rotation; turned += 90 {
		for i, p := range q {
			q[i] = point{X: float64(h) - p.Y, Y: p.X}
		}
		w, h = h, w
	}
	return q
}

// without leaves out the boxes that how ignores.
func (f frame) without(how inkpool.Reading, boxes []Box) []Box {
	w, h := f.pageSize()
	kept := make([]Box, 0, len(boxes))
	for _, b := range boxes {
		q := f.toPage(b.Quad)
		if !how.Ignores(q, w, h) {
			kept = append(kept, b)
		}
	}
	return kept
}

// TurnedBack returns the page as it lies in the picture.
func (p Page) TurnedBack() Page {
	back := frame{width: p.Width, height: p.Height, rotation: (360 - p.Rotation) % 360}
	out := Page{Lines: slices.Clone(p.Lines)}
	for i, l := range out.Lines {
		out.Lines[i].Quad = back.toPage(l.Quad)
	}
	out.Width, out.Height = back.pageSize()
	return out
}
