package raster

import "sync"

// Norm says how a model wants its input: the value v (0..255) of a channel becomes
// (v/255 - Mean) / Std. Index 0 is blue, 1 green, 2 red: PP-OCR was trained on pictures as
// OpenCV reads them, with the numbers of ImageNet's red, green and blue in this order.
type Norm struct {
	Mean, Std [3]float32
	RGB       bool // the tensor's planes are red, green, blue instead of blue, green, red
}

// Normalizer is a Norm made ready: one table of 256 values a channel. It also keeps the
// scratch memory of the kernels. Safe for concurrent use.
type Normalizer struct {
	table   [3][256]float32 // blue, green, red
	rgb     bool            // the red plane comes first
	scratch sync.Pool       // of *[]tap
	warps   sync.Pool       // of *warpRow
}

// NewNormalizer computes the tables. Std must not be zero.
func NewNormalizer(n Norm) *Normalizer {
	z := &Normalizer{
		rgb:     n.RGB,
		scratch: sync.Pool{New: func() any { return new([]tap) }},
		warps:   sync.Pool{New: func() any { return new(warpRow) }},
	}
	for c := range z.table {
		for v := range z.table[c] {
			z.table[c][v] = (float32(v)/255 - n.Mean[c]) / n.Std[c]
		}
	}
	return z
}

// row is the part of dst that holds n values of each colour from offset o in its plane.
func (z *Normalizer) row(dst []float32, plane, o, n int) (blue, green, red []float32) {
	first, second, third := dst[o:o+n], dst[plane+o:plane+o+n], dst[2*plane+o:2*plane+o+n]
	if z.rgb {
		return third, second, first
	}
	return first, second, third
}

// taps lends a slice of n taps; give it back through z.scratch.Put.
func (z *Normalizer) taps(n int) *[]tap {
	buf := z.scratch.Get().(*[]tap)
	if cap(*buf) < n {
		*buf = make([]tap, n)
	}
	*buf = (*buf)[:n]
	return buf
}
