package raster

import "math"

// span says which source pixels make up an output pixel of one axis: weights[i] of pixel
// first+i, together shareOne.
type span struct {
	first   int
	weights []uint32
}

const (
	shareBits = 16
	shareOne  = 1 << shareBits
)

// Resized returns a copy of w x h pixels for people to look at: every source pixel counts
// when an axis shrinks (area average), and neighbours are blended when it grows. w and h must
// be positive.
func (im *Image) Resized(w, h int) *Image {
	out := New(w, h)
	columns, rows := spans(im.Width, w), spans(im.Height, h)
	narrow := newNarrower(im, columns)
	sum := make([]uint32, 3*w)
	for y, r := range rows {
		clear(sum)
		for i, weight := range r.weights {
			for k, v := range narrow.row(r.first + i) {
				sum[k] += uint32(v) * weight
			}
		}
		for k, v := range sum {
			// 8 bits of fraction from narrow.row, 16 from the row weights: at most 255 << 24.
			out.Pix[y*len(sum)+k] = uint8((v + 1<<23) >> 24)
		}
	}
	return out
}

// narrower resizes single rows of an image and remembers the last two, because neighbouring
// output rows share source rows.
type narrower struct {
	im      *Image
	columns []span
	have    [2]int // numbers of the rows held; -1 for none
	rows    [2][]uint16
}

func newNarrower(im *Image, columns []span) *narrower {
	n := &narrower{im: im, columns: columns, have: [2]int{-1, -1}}
	n.rows[0], n.rows[1] = make([]uint16, 3*len(columns)), make([]uint16, 3*len(columns))
	return n
}

// row returns source row y with the output's width, three values a pixel with 8 bits of
// fraction. It stays valid until the row y+2 is asked for.
func (n *narrower) row(y int) []uint16 {
	slot := y % 2
	if n.have[slot] == y {
		return n.rows[slot]
	}
	n.have[slot] = y
	src, dst := n.im.row(y), n.rows[slot]
	for x, c := range n.columns {
		var r, g, b uint32
		for i, weight := range c.weights {
			at := 3 * (c.first + i)
			p := src[at : at+3 : at+3]
			r += uint32(p[0]) * weight
			g += uint32(p[1]) * weight
			b += uint32(p[2]) * weight
		}
		d := dst[3*x : 3*x+3 : 3*x+3]
		d[0], d[1], d[2] = uint16(r>>8), uint16(g>>8), uint16(b>>8)
	}
	return dst
}

// spans computes how n source pixels become m output pixels.
func spans(n, m int) []span {
	out := make([]span, m)
	if m > n {
		for i := range out {
			t := resizeTap(i, n, m, 1)
			share := uint32(t.weight) << (shareBits - weightBits)
			out[i] = span{first: int(t.lo), weights: []uint32{shareOne - share, share}}
			if t.hi == t.lo {
				out[i].weights = []uint32{shareOne}
			}
		}
		return out
	}
	for i := range out {
		out[i] = areaSpan(i, n, m)
	}
	return out
}

// areaSpan returns the source pixels that output pixel i covers when n shrink to m, each
// weighted with the covered part. The weights are differences of one rounded running total,
// so that they add up exactly.
func areaSpan(i, n, m int) span {
	from, to := float64(i)*float64(n)/float64(m), float64(i+1)*float64(n)/float64(m)
	first, last := int(from), min(int(math.Ceil(to)), n)
	s := span{first: first, weights: make([]uint32, last-first)}
	before := uint32(0)
	for k := range s.weights {
		covered := (math.Min(to, float64(first+k+1)) - from) / (to - from)
		total := uint32(covered*shareOne + 0.5)
		s.weights[k] = total - before
		before = total
	}
	s.weights[len(s.weights)-1] += shareOne - before
	return s
}
