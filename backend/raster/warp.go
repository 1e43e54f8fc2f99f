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
	buf := n.warps.Get().(*warpRow)
	defer n.warps.Put(buf)
	buf.grow(w, s.nx)
	plane := h * W
	for y := range h {
		o := y * W
		blue, green, red := n.row(dst, plane, o, W)
		if s.nx == 1 && s.ny == 1 {
			s.singleRow(blue[:w], green[:w], red[:w], y, buf, n)
		} else {
			s.meanRow(blue[:w], green[:w], red[:w], y, buf, n)
		}
		clear(blue[w:])
		clear(green[w:])
		clear(red[w:])
	}
}

// ResizeQuadInto is ResizeInto for the part of im that lies in q, straightened: four source
// pixels for each output pixel, however much that shrinks. Outside of im its edge pixels repeat.
func ResizeQuadInto(dst []float32, im *Image, q inkpool.Quad, w, h int, n *Normalizer) {
	plane := w * h
	if len(dst) < 3*plane {
		panic(fmt.Sprintf("raster: internal error: %d values for a tensor [3, %d, %d]", len(dst), h, w))
	}
	s := sampler{im: im.atLeastTwo(), to: homographyOf(q, w, h), nx: 1, ny: 1}
	buf := n.warps.Get().(*warpRow)
	defer n.warps.Put(buf)
	buf.grow(w, 1)
	for y := range h {
		blue, green, red := n.row(dst, plane, y*w, w)
		s.singleRow(blue, green, red, y, buf, n)
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
		im: im.atLeastTwo(), to: homographyOf(q, w, h),
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

// atLeastTwo returns a picture that has two columns and rows, the last one repeated, so that
// each of its pixels has neighbours to be blended with.
func (im *Image) atLeastTwo() *Image {
	if im.Width > 1 && im.Height > 1 {
		return im
	}
	out := New(max(im.Width, 2), max(im.Height, 2))
	for y := range out.Height {
		for x := range out.Width {
			out.Set(x, y, im.At(min(x, im.Width-1), min(y, im.Height-1)))
		}
	}
	return out
}

// warpRow is the scratch memory for a row of output.
type warpRow struct {
	places []place  // where the samples of a row lie, from left to right
	sums   []uint64 // of samples: red, green and blue of each output pixel
}

// grow makes room for w output pixels of nx samples each.
func (r *warpRow) grow(w, nx int) {
	if cap(r.places) < w*nx {
		r.places = make([]place, w*nx)
	}
	if cap(r.sums) < 3*w {
		r.sums = make([]uint64, 3*w)
	}
	r.places, r.sums = r.places[:w*nx], r.sums[:3*w]
}

// singleRow writes row y, of one sample per pixel.
func (s *sampler) singleRow(blue, green, red []float32, y int, buf *warpRow, n *Normalizer) {
	s.locate(buf.places, float64(y)+0.5)
	tb, tg, tr := &n.table[0], &n.table[1], &n.table[2]
	pix, stride := s.im.Pix, 3*s.im.Width
	blue, green, red = blue[:len(buf.places)], green[:len(buf.places)], red[:len(buf.places)]
	for x, t := range buf.places {
		at, wx, wy := int(t.at), int32(t.wx), int32(t.wy)
		p, q := pix[at:at+6:at+6], pix[at+stride:at+stride+6:at+stride+6]
		red[x] = tr[lerp(p[0], p[3], q[0], q[3], wx, wy)]
		green[x] = tg[lerp(p[1], p[4], q[1], q[4], wx, wy)]
		blue[x] = tb[lerp(p[2], p[5], q[2], q[5], wx, wy)]
	}
}

// meanRow writes row y, of many samples per pixel.
func (s *sampler) meanRow(blue, green, red []float32, y int, buf *warpRow, n *Normalizer) {
	m := s.sum(y, buf)
	for x := range blue {
		sum := buf.sums[3*x : 3*x+3 : 3*x+3]
		red[x] = n.table[2][m.round(sum[0])]
		green[x] = n.table[1][m.round(sum[1])]
		blue[x] = n.table[0][m.round(sum[2])]
	}
}

// sum adds up the samples of row y in buf.sums, and returns what divides them.
func (s *sampler) sum(y int, buf *warpRow) mean {
	clear(buf.sums)
	for j := range s.ny {
		s.locate(buf.places, float64(y)+(float64(j)+0.5)/float64(s.ny))
		s.addSamples(buf.sums, buf.places)
	}
	return meanOf(s.nx * s.ny)
}

// mean divides sums of so many samples, as from blend, and rounds to a byte.
type mean struct{ half, share uint64 }

// meanBits are the fraction of mean.share: what is divided is less than 256 * 64, so that its
// being rounded up does not show.
const meanBits = 24

func meanOf(samples int) mean {
	n := uint64(samples)
	return mean{half: n * half2D, share: 1<<meanBits/n + 1}
}

func (m mean) round(sum uint64) uint8 {
	return uint8((sum + m.half) >> (2 * weightBits) * m.share >> meanBits)
}

// addSamples adds nx samples to the sums of each output pixel.
func (s *sampler) addSamples(sums []uint64, places []place) {
	pix, stride, nx := s.im.Pix, 3*s.im.Width, s.nx
	for ; len(places) >= nx && len(sums) >= 3; places, sums = places[nx:], sums[3:] {
		var r, g, b uint64
		for _, t := range places[:nx] {
			at := int(t.at)
			p, q := pix[at:at+6:at+6], pix[at+stride:at+stride+6:at+stride+6]
			// What lerp does, in another order: four weights for all three channels.
			wx, wy := uint32(t.wx), uint32(t.wy)
			both := wx * wy
			right, below := wx<<weightBits-both, wy<<weightBits-both
			own := 1<<(2*weightBits) - right - below - both
			r += uint64(uint32(p[0])*own + uint32(p[3])*right + uint32(q[0])*below + uint32(q[3])*both)
			g += uint64(uint32(p[1])*own + uint32(p[4])*right + uint32(q[1])*below + uint32(q[4])*both)
			b += uint64(uint32(p[2])*own + uint32(p[5])*right + uint32(q[2])*below + uint32(q[5])*both)
		}
		sums[0], sums[1], sums[2] = sums[0]+r, sums[1]+g, sums[2]+b
	}
}
