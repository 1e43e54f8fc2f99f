package raster

import (
	"fmt"
	"image"
	"math"
)

// Filter says how Resample weighs the source pixels around a place.
type Filter uint8

// The filters. Networks that label pictures were trained on pictures resized with one of them.
const (
	Nearest  Filter = iota // the one pixel that the place lies in
	Box                    // the mean of what a pixel covers
	Bilinear               // a triangle
	Hamming                // a windowed sine cardinal, sharper than Bilinear and as wide
	Bicubic                // Keys' cubic with a = -0.5
	Lanczos                // a sine cardinal with three lobes
)

// Shares are fixed-point numbers with 22 bits, as in Pillow's Resample.c: times a byte, and
// with the sign, they fit 32 bits.
const (
	filterBits = 22
	filterHalf = 1 << (filterBits - 1)
)

// Resample resizes im to w x h pixels and returns part of that, which may lie beyond the edges:
// what is there is black. w, h and the sides of part must be positive. Memory and time go with
// the source and with part, not with w x h.
//
// It is Pillow's Image.resize, bit for bit, with which most networks of today were trained:
// when an axis shrinks the filter grows with it, so that every source pixel counts; columns
// first, rounded to bytes, then rows.
func (im *Image) Resample(w, h int, part image.Rectangle, f Filter) *Image {
	if w <= 0 || h <= 0 || part.Empty() {
		panic(fmt.Sprintf("raster: internal error: part %v of %d x %d pixels", part, w, h))
	}
	out := New(part.Dx(), part.Dy())
	inside := part.Intersect(image.Rect(0, 0, w, h))
	if inside.Empty() {
		return out
	}
	columns := f.stencils(im.Width, w, inside.Min.X, inside.Max.X)
	rows := f.stencils(im.Height, h, inside.Min.Y, inside.Max.Y)
	first, last := rows[0].first, rows[len(rows)-1].end()
	narrow := im.resampleColumns(columns, first, last)
	for i := range rows {
		rows[i].first -= first
	}
	out.Paste(narrow.resampleRows(rows), inside.Min.X-part.Min.X, inside.Min.Y-part.Min.Y)
	return out
}

// stencil says which source pixels make up an output pixel of one axis: shares[i] of pixel
// first+i, in units of 1 / 2^filterBits. Some shares of the sharper filters are negative.
type stencil struct {
	first  int
	shares []int32
}

func (s stencil) end() int { return s.first + len(s.shares) }

// stencils are those of the output pixels from..to-1 when n source pixels become m.
func (f Filter) stencils(n, m, from, to int) []stencil {
	scale := float64(n) / float64(m)
	if f == Nearest {
		return nearest(n, scale, from, to)
	}
	out := make([]stencil, to-from)
	for i := range out {
		out[i] = f.stencil((float64(from+i)+0.5)*scale, max(scale, 1), n)
	}
	return out
}

// nearest adds up steps, as Pillow does: where a place lies between two pixels, the rounding
// of the sums decides.
func nearest(n int, scale float64, from, to int) []stencil {
	out := make([]stencil, 0, to-from)
	place := scale / 2
	for i := range to {
		if i >= from {
			out = append(out, stencil{first: min(int(place), n-1), shares: []int32{1 << filterBits}})
		}
		place += scale
	}
	return out
}

// stencil is that of an output pixel whose centre lies there on an axis of n source pixels,
// with the filter stretched by stretch.
func (f Filter) stencil(centre, stretch float64, n int) stencil {
	reach := f.reach() * stretch
	first := max(int(centre-reach+0.5), 0)
	end := min(int(centre+reach+0.5), n)
	weights, sum := make([]float64, end-first), 0.0
	for i := range weights {
		weights[i] = f.weight((float64(i+first) - centre + 0.5) * (1 / stretch))
		sum += weights[i]
	}
	s := stencil{first: first, shares: make([]int32, len(weights))}
	for i, w := range weights {
		if sum != 0 {
			w /= sum
		}
		s.shares[i] = int32(math.Copysign(0.5, w) + w*(1<<filterBits))
	}
	return s
}

// reach is how far from its centre a filter is not zero, in pixels.
func (f Filter) reach() float64 {
	switch f {
	case Box:
		return 0.5
	case Bicubic:
		return 2
	case Lanczos:
		return 3
	default:
		return 1
	}
}

// weight is the filter at distance x from its centre.
func (f Filter) weight(x float64) float64 {
	switch f {
	case Box:
		if x > -0.5 && x <= 0.5 {
			return 1
		}
		return 0
	case Hamming:
		return hamming(math.Abs(x))
	case Bicubic:
		return cubic(math.Abs(x))
	case Lanczos:
		if x < -3 || x >= 3 {
			return 0
		}
		return sinc(x) * sinc(x/3)
	default:
		return max(0, 1-math.Abs(x))
	}
}

func hamming(x float64) float64 {
	if x >= 1 {
		return 0
	}
	return sinc(x) * (0.54 + 0.46*math.Cos(math.Pi*x))
}

// cubic is Keys' kernel ("Cubic convolution interpolation for digital image processing", 1981)
// with Pillow's a.
func cubic(x float64) float64 {
	const a = -0.5
	switch {
	case x < 1:
		return ((a+2)*x-(a+3))*x*x + 1
	case x < 2:
		return (((x-5)*x+8)*x - 4) * a
	default:
		return 0
	}
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	x *= math.Pi
	return math.Sin(x) / x
}

// resampleColumns resizes the rows first..last-1 to as many columns as there are stencils.
func (im *Image) resampleColumns(columns []stencil, first, last int) *Image {
	out := New(len(columns), last-first)
	for y := range out.Height {
		src, dst := im.row(first+y), out.row(y)
		for x, c := range columns {
			r, g, b := int32(filterHalf), int32(filterHalf), int32(filterHalf)
			pixels := src[3*c.first:]
			for i, share := range c.shares {
				p := pixels[3*i : 3*i+3 : 3*i+3]
				r += int32(p[0]) * share
				g += int32(p[1]) * share
				b += int32(p[2]) * share
			}
			d := dst[3*x : 3*x+3 : 3*x+3]
			d[0], d[1], d[2] = filtered(r), filtered(g), filtered(b)
		}
	}
	return out
}

// resampleRows resizes the columns of im to as many rows as there are stencils.
func (im *Image) resampleRows(rows []stencil) *Image {
	out := New(im.Width, len(rows))
	sums := make([]int32, 3*im.Width)
	for y, r := range rows {
		for i := range sums {
			sums[i] = filterHalf
		}
		for i, share := range r.shares {
			src := im.row(r.first + i)[:len(sums)]
			for k, v := range src {
				sums[k] += int32(v) * share
			}
		}
		dst := out.row(y)[:len(sums)]
		for k, sum := range sums {
			dst[k] = filtered(sum)
		}
	}
	return out
}

// filtered rounds a sum that began with filterHalf to a byte.
func filtered(sum int32) uint8 {
	return uint8(min(max(sum>>filterBits, 0), 255))
}
