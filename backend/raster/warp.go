package raster

import (
	"fmt"
	"math"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// maxSpacing is how far apart samples may be, in source pixels. One bilinear sample sees 2
// pixels each way; up to 1.5 none is skipped by much, beyond it thin strokes get lost.
const maxSpacing = 1.5

// maxSamples bounds the samples per output pixel and axis: up to a line 576 pixels high (at
// 48 pixels of output) the rule above holds exactly; larger strokes survive a coarser grid.
const maxSamples = 8

// WarpInto cuts the quad q out of im (in pixels, clockwise from the text's own top-left
// corner), straightens it to w x h pixels and writes it into dst as a tensor [3, h, W]: planes
// in n's order, values normalised by n. The picture takes columns 0 to w-1 of each row;
// columns w to W-1 become 0, which is what PP-OCR pads with after normalising. flip reads the
// quad upside down. len(dst) must be at least 3*h*W.
//
// Where a step of one output pixel is longer than 1.5 source pixels, an output pixel is the
// mean of a grid of samples, so that lines on high-resolution pages keep their thin strokes.
// Outside of im its edge pixels repeat. Any quad is accepted: for one without area, or with
// coordinates that are no numbers, the content is undefined.
func WarpInto(dst []float32, im *Image, q inkpool.Quad, w, h, W int, flip bool, n *Normalizer) {
	if w > W || len(dst) < 3*h*W {
		panic(fmt.Sprintf("raster: internal error: %d values, width %d, for a tensor [3, %d, %d]", len(dst), w, h, W))
	}
	if flip {
		q = inkpool.Quad{q[2], q[3], q[0], q[1]}
	}
	s := newSampler(im, q, w, h)
	plane := h * W
	for y := range h {
		o := y * W
		blue, green, red := n.row(dst, plane, o, W)
		if s.nx == 1 && s.ny == 1 {
			s.singleRow(blue[:w], green[:w], red[:w], y, n)
		} else {
			s.meanRow(blue[:w], green[:w], red[:w], y, n)
		}
		clear(blue[w:])
		clear(green[w:])
		clear(red[w:])
	}
}

// sampler reads the pixels of a straightened quad.
type sampler struct {
	im     *Image
	to     homography // from output pixels to source pixels
	nx, ny int        // samples per output pixel
}

// newSampler prepares reading q as w x h pixels.
func newSampler(im *Image, q inkpool.Quad, w, h int) sampler {
	across := math.Max(distance(q[0], q[1]), distance(q[3], q[2]))
	down := math.Max(distance(q[0], q[3]), distance(q[1], q[2]))
	return sampler{
		im: im, to: homographyOf(q, w, h),
		nx: samplesFor(across / float64(w)), ny: samplesFor(down / float64(h)),
	}
}

// samplesFor returns how many samples cover a step of that many source pixels.
func samplesFor(step float64) int {
	if !(step > maxSpacing) {
		return 1
	}
	return int(math.Min(math.Ceil(step/maxSpacing), maxSamples))
}

func distance(a, b inkpool.Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// singleRow writes row y, of one sample per pixel. It is at and round22 written out, because
// most of all Go code's time is spent here: every line is cut out twice.
func (s *sampler) singleRow(blue, green, red []float32, y int, n *Normalizer) {
	m, stride := s.to, 3*s.im.Width
	v := float64(y) + 0.5
	bxv, byv, hv := m.bx*v, m.by*v, m.h*v
	lastX, lastY := float64(s.im.Width-1), float64(s.im.Height-1)
	flat := m.g == 0 && m.h == 0
	for x := range blue {
		u := float64(x) + 0.5
		px, py := m.ax*u+bxv+m.cx, m.ay*u+byv+m.cy
		if !flat {
			z := m.g*u + hv + 1
			px, py = px/z, py/z
		}
		px, py = px-0.5, py-0.5
		if !(px > 0 && px < lastX && py > 0 && py < lastY) { // at the edge, or no number
			c := s.at(u, v)
			blue[x], green[x], red[x] = n.table[0][round22(c[2])], n.table[1][round22(c[1])], n.table[2][round22(c[0])]
			continue
		}
		ix, iy := int(px), int(py)
		wx, wy := int32((px-float64(ix))*weightOne+0.5), int32((py-float64(iy))*weightOne+0.5)
		at := iy*stride + 3*ix
		p := s.im.Pix[at : at+6 : at+6]
		q := s.im.Pix[at+stride : at+stride+6 : at+stride+6]
		red[x] = n.table[2][lerp(p[0], p[3], q[0], q[3], wx, wy)]
		green[x] = n.table[1][lerp(p[1], p[4], q[1], q[4], wx, wy)]
		blue[x] = n.table[0][lerp(p[2], p[5], q[2], q[5], wx, wy)]
	}
}

// meanRow writes row y, of many samples per pixel.
func (s *sampler) meanRow(blue, green, red []float32, y int, n *Normalizer) {
	for x := range blue {
		c := s.mean(x, y)
		blue[x], green[x], red[x] = n.table[0][c[2]], n.table[1][c[1]], n.table[2][c[0]]
	}
}

// mean returns output pixel (x, y) as the mean of nx x ny samples.
func (s *sampler) mean(x, y int) RGB {
	var sum [3]int64
	for j := range s.ny {
		v := float64(y) + (float64(j)+0.5)/float64(s.ny)
		for i := range s.nx {
			c := s.at(float64(x)+(float64(i)+0.5)/float64(s.nx), v)
			sum[0] += int64(c[0])
			sum[1] += int64(c[1])
			sum[2] += int64(c[2])
		}
	}
	n := int64(s.nx * s.ny)
	return RGB{round22(int32(sum[0] / n)), round22(int32(sum[1] / n)), round22(int32(sum[2] / n))}
}

// at samples the source at output position (u, v), where output pixel (0, 0) covers 0..1 on
// both axes. The channels have 22 bits of fraction, as from blend.
func (s *sampler) at(u, v float64) [3]int32 {
	px, py := s.to.apply(u, v)
	tx := tapAt(px-0.5, s.im.Width, 3)
	ty := tapAt(py-0.5, s.im.Height, 1)
	upper, lower := s.im.row(int(ty.lo)), s.im.row(int(ty.hi))
	a, b := upper[tx.lo:tx.lo+3:tx.lo+3], upper[tx.hi:tx.hi+3:tx.hi+3]
	c, d := lower[tx.lo:tx.lo+3:tx.lo+3], lower[tx.hi:tx.hi+3:tx.hi+3]
	return [3]int32{
		blend(a[0], b[0], c[0], d[0], tx.weight, ty.weight),
		blend(a[1], b[1], c[1], d[1], tx.weight, ty.weight),
		blend(a[2], b[2], c[2], d[2], tx.weight, ty.weight),
	}
}
