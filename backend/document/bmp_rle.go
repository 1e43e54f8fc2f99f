package document

import (
	"image"
	"io"
)

// runs is the state of decoding a run-length coded BMP.
type runs struct {
	header *bmpHeader
	out    *image.Paletted
	x, y   int // next pixel, y counted as stored
}

// decodeRuns decodes RLE8 and RLE4: pairs of a count and the colours to repeat; a count of 0
// introduces the end of a row (0), the end (1), a jump (2) or a number of single pixels.
// Pixels that nothing sets have colour 0; those beyond the edge are dropped.
func (b *bmpHeader) decodeRuns() (image.Image, error) {
	r := runs{header: b, out: image.NewPaletted(image.Rect(0, 0, b.w, b.h), b.palette)}
	in := b.pixels
	for len(in) >= 2 && r.y < b.h {
		count, arg := int(in[0]), in[1]
		in = in[2:]
		if count > 0 {
			r.put([]byte{arg}, count)
			continue
		}
		switch arg {
		case 0:
			r.x, r.y = 0, r.y+1
		case 1:
			return r.out, nil
		case 2:
			if len(in) < 2 {
				return nil, io.ErrUnexpectedEOF
			}
			r.x, r.y = r.x+int(in[0]), r.y+int(in[1])
			in = in[2:]
		default:
			n := (int(arg)*b.depth + 7) / 8
			if len(in) < n {
				return nil, io.ErrUnexpectedEOF
			}
			r.put(in[:n], int(arg))
			in = in[min(n+n%2, len(in)):] // padded to 16 bits
		}
	}
	if r.y < b.h-1 {
		return nil, io.ErrUnexpectedEOF
	}
	return r.out, nil // files without an end mark are common
}

// put sets n pixels to the colours in src, which is repeated if it is shorter.
func (r *runs) put(src []byte, n int) {
	w := r.header.w
	line := r.out.Pix[r.header.line(r.y)*r.out.Stride:][:w]
	perByte := 8 / r.header.depth
	for i := range n {
		if r.x >= w {
			return
		}
		v := src[i/perByte%len(src)]
		if perByte == 2 {
			v = v >> (4 * (1 - i%2)) & 15
		}
		line[r.x] = v
		r.x++
	}
}
