package raster

import "fmt"

// Weights of linear interpolation are fixed-point numbers with 11 bits, as in OpenCV's
// resize: two of them and a byte fit 31 bits, so that a pixel is rounded once, at the end.
const (
	weightBits = 11
	weightOne  = 1 << weightBits
	half2D     = 1 << (2*weightBits - 1)
)

// tap names the two neighbours on one axis between which a value lies.
type tap struct {
	lo, hi int32 // index of the neighbours, times the step asked for
	weight int32 // of hi, 0..weightOne
}

// tapAt returns the neighbours of position pos (pixel centres are whole numbers) on an axis
// of n pixels; beyond the ends the last pixel repeats. A position that is no number counts as 0.
func tapAt(pos float64, n, step int) tap {
	if !(pos > 0) {
		return tap{}
	}
	if pos >= float64(n-1) {
		return tap{lo: int32((n - 1) * step), hi: int32((n - 1) * step)}
	}
	i := int(pos)
	return tap{
		lo:     int32(i * step),
		hi:     int32((i + 1) * step),
		weight: int32((pos-float64(i))*weightOne + 0.5),
	}
}

// resizeTap is tapAt for output pixel i when n pixels become m.
func resizeTap(i, n, m, step int) tap {
	return tapAt((float64(i)+0.5)*float64(n)/float64(m)-0.5, n, step)
}

// ResizeInto resizes im to w x h pixels and writes it into dst as a tensor [3, h, w]: planes
// in n's order, each row by row, values normalised by n. len(dst) must be at least 3*h*w.
//
// Interpolation is bilinear as OpenCV's INTER_LINEAR does it: pixel centres on pixel centres,
// edges repeated, only the four nearest source pixels count. When shrinking by more than half
// this skips pixels (aliasing). That is intended: PP-OCR's detector was trained on pictures
// made small in this way. For pictures that people look at there is Resized.
func ResizeInto(dst []float32, im *Image, w, h int, n *Normalizer) {
	plane := w * h
	if len(dst) < 3*plane {
		panic(fmt.Sprintf("raster: internal error: %d values for a tensor [3, %d, %d]", len(dst), h, w))
	}
	buf := n.taps(w)
	defer n.scratch.Put(buf)
	columns := *buf
	for x := range columns {
		columns[x] = resizeTap(x, im.Width, w, 3)
	}
	for y := range h {
		t := resizeTap(y, im.Height, h, 1)
		o := y * w
		blue, green, red := n.row(dst, plane, o, w)
		lerpRow(blue, green, red, im.row(int(t.lo)), im.row(int(t.hi)), t.weight, columns, n)
	}
}

// lerpRow writes one row of each plane, interpolated between the source rows upper and lower
// with weight wy of the lower. Each column's offsets are in bytes.
func lerpRow(blue, green, red []float32, upper, lower []uint8, wy int32, columns []tap, n *Normalizer) {
	blue, green, red = blue[:len(columns)], green[:len(columns)], red[:len(columns)]
	tb, tg, tr := &n.table[0], &n.table[1], &n.table[2]
	for x, t := range columns {
		a, b := upper[t.lo:t.lo+3:t.lo+3], upper[t.hi:t.hi+3:t.hi+3]
		c, d := lower[t.lo:t.lo+3:t.lo+3], lower[t.hi:t.hi+3:t.hi+3]
		red[x] = tr[lerp(a[0], b[0], c[0], d[0], t.weight, wy)]
		green[x] = tg[lerp(a[1], b[1], c[1], d[1], t.weight, wy)]
		blue[x] = tb[lerp(a[2], b[2], c[2], d[2], t.weight, wy)]
	}
}

// lerp interpolates between a, b (upper row) and c, d (lower row) and rounds to a byte.
func lerp(a, b, c, d uint8, wx, wy int32) uint8 {
	return round22(blend(a, b, c, d, wx, wy))
}

// blend is lerp before rounding: 22 bits of fraction, at most 255 << 22.
func blend(a, b, c, d uint8, wx, wy int32) int32 {
	top := int32(a)<<weightBits + (int32(b)-int32(a))*wx
	bottom := int32(c)<<weightBits + (int32(d)-int32(c))*wx
	return top<<weightBits + (bottom-top)*wy
}

// round22 rounds a value of 22 fraction bits to a byte.
func round22(v int32) uint8 { return uint8((v + half2D) >> (2 * weightBits)) }
