package raster

import "github.com/inkpool/inkpool/backend/inkpool"

// Cut returns what lies in the quad q of im (in pixels, clockwise from what is to become its
// top left corner), straightened to w x h pixels. Samples are taken as WarpInto does.
func (im *Image) Cut(q inkpool.Quad, w, h int) *Image {
	out := New(w, h)
	s := newSampler(im, q, w, h)
	var buf warpRow
	buf.grow(w, s.nx)
	for y := range h {
		m := s.sum(y, &buf)
		for i, sum := range buf.sums {
			out.Pix[3*w*y+i] = m.round(sum)
		}
	}
	return out
}
