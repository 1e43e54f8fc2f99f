package raster

import "math"

// place is where a sample lies: among four pixels, of which at is the byte offset of the
// upper left one. The weights of its right and lower neighbours are 0..weightOne. 32 bits are
// enough for 1.4 gigapixels.
type place struct {
	at     uint32
	wx, wy int16
}

// Positions are whole numbers with 40 bits of fraction: so exact that a row of them can be
// found by adding up steps, and wide enough for pictures of 2 million pixels a side.
const (
	fixedBits = 40
	fixedOne  = 1 << fixedBits
	fixedHalf = 1 << (fixedBits - weightBits - 1) // half a unit of weight
	fixedSide = 1 << (61 - fixedBits)
)

// locate fills places with the samples of one row of output: at height v, and evenly spaced
// from the left edge of output pixel 0 on.
func (s *sampler) locate(places []place, v float64) {
	m, step, n := &s.to, 1/float64(s.nx), float64(len(places))
	x, y := m.apply(step/2, v)
	dx, dy := m.ax*step, m.ay*step
	if m.g != 0 || m.h != 0 || !fits(x) || !fits(y) || !fits(x+n*dx) || !fits(y+n*dy) {
		s.locateEach(places, v)
		return
	}
	t := track{fixed(x - 0.5), fixed(y - 0.5), fixed(dx), fixed(dy)}
	if t.within(s.im, len(places)) {
		t.locateWithin(places, s.im)
	} else {
		t.locate(places, s.im)
	}
}

// fits reports whether a position can be written as a fixed-point number.
func fits(pos float64) bool { return math.Abs(pos) < fixedSide }

func fixed(v float64) int64 { return int64(math.Round(v * fixedOne)) }

// track is samples from (x, y) on, (dx, dy) apart: fixed-point numbers, pixel centres whole.
type track struct{ x, y, dx, dy int64 }

// within reports whether n samples lie between pixels of im, each with neighbours.
func (t track) within(im *Image, n int) bool {
	endX, endY := t.x+int64(n)*t.dx, t.y+int64(n)*t.dy
	lastX, lastY := int64(im.Width-1)<<fixedBits, int64(im.Height-1)<<fixedBits
	return min(t.x, endX) >= 0 && max(t.x, endX) < lastX && min(t.y, endY) >= 0 && max(t.y, endY) < lastY
}

// locateWithin is locate where nothing lies beyond the edges.
func (t track) locateWithin(places []place, im *Image) {
	x, y, width := t.x, t.y, int64(im.Width)
	for i := range places {
		ix, iy := x>>fixedBits, y>>fixedBits
		places[i] = place{
			at: uint32(3 * (iy*width + ix)),
			wx: int16((x&(fixedOne-1) + fixedHalf) >> (fixedBits - weightBits)),
			wy: int16((y&(fixedOne-1) + fixedHalf) >> (fixedBits - weightBits)),
		}
		x, y = x+t.dx, y+t.dy
	}
}

// locate fills places with the samples of a track.
func (t track) locate(places []place, im *Image) {
	x, y, width, lastX, lastY := t.x, t.y, int64(im.Width), int64(im.Width-1), int64(im.Height-1)
	for i := range places {
		ix, wx := neighbours(x, lastX)
		iy, wy := neighbours(y, lastY)
		places[i] = place{at: uint32(3 * (iy*width + ix)), wx: wx, wy: wy}
		x, y = x+t.dx, y+t.dy
	}
}

// neighbours returns the pixel in front of a fixed-point position on an axis that ends with
// pixel last, which is at least 1, and the weight of the one behind it. Beyond the ends the
// last pixel repeats; at the far end it is the one behind, with all the weight.
func neighbours(pos, last int64) (i int64, weight int16) {
	pos = min(max(pos, 0), last<<fixedBits)
	i = min(pos>>fixedBits, last-1)
	return i, int16((pos - i<<fixedBits + fixedHalf) >> (fixedBits - weightBits))
}

// locateEach is locate for quads in perspective, for those far outside of any picture, and for
// those whose coordinates are no numbers.
func (s *sampler) locateEach(places []place, v float64) {
	width, lastX, lastY := int64(s.im.Width), int64(s.im.Width-1), int64(s.im.Height-1)
	step := 1 / float64(s.nx)
	for i := range places {
		x, y := s.to.apply((float64(i)+0.5)*step, v)
		ix, wx := neighbours(clampedFixed(x-0.5), lastX)
		iy, wy := neighbours(clampedFixed(y-0.5), lastY)
		places[i] = place{at: uint32(3 * (iy*width + ix)), wx: wx, wy: wy}
	}
}

// clampedFixed is fixed for any number, and 0 for what is none.
func clampedFixed(v float64) int64 {
	if !(v > 0) {
		return 0
	}
	return int64(min(v, fixedSide)*fixedOne + 0.5)
}
