package document

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math/bits"

	"golang.org/x/image/tiff/lzw"
)

// unpack decompresses a block to size bytes. It takes memory as data comes out, so that a
// header cannot ask for more than the file is worth.
func (p *tiffPage) unpack(b block, size int) ([]byte, error) {
	const lowBitFirst = 2
	if p.fields.one(tagFillOrder, 1) == lowBitFirst {
		b.bytes = reverseBits(b.bytes)
	}
	src := bytes.NewReader(b.bytes)
	switch p.compression {
	case 0, tiffNone: // 0: programs that do not know the default
		if len(b.bytes) < size {
			return nil, io.ErrUnexpectedEOF
		}
		return b.bytes[:size:size], nil
	case tiffLZW:
		r := lzw.NewReader(src, lzw.MSB, 8)
		defer r.Close()
		return readExactly(r, size)
	case tiffDeflate, tiffDeflateOld:
		r, err := zlib.NewReader(src)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return readExactly(r, size)
	case tiffPackBits:
		return unpackBits(b.bytes, size)
	case tiffGroup3, tiffGroup4:
		return p.unpackFax(b, size)
	default:
		return nil, fmt.Errorf("compression %d: %w", p.compression, errVariant)
	}
}

// readExactly reads size bytes without trusting that there are so many.
func readExactly(r io.Reader, size int) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(r, int64(size)))
	if err == nil && len(out) < size {
		err = io.ErrUnexpectedEOF
	}
	return out, err
}

// unpackBits undoes Apple's PackBits: a count n, then n+1 bytes as they are, or one byte to
// repeat 1-n times.
func unpackBits(src []byte, size int) ([]byte, error) {
	var out []byte
	for len(out) < size && len(src) >= 2 {
		n := int(int8(src[0]))
		src = src[1:]
		switch {
		case n >= 0:
			n = min(n+1, len(src))
			out, src = append(out, src[:n]...), src[n:]
		case n == -128: // does nothing
		default:
			out, src = append(out, bytes.Repeat(src[:1], 1-n)...), src[1:]
		}
	}
	if len(out) < size {
		return nil, io.ErrUnexpectedEOF
	}
	return out[:size], nil
}

func reverseBits(src []byte) []byte {
	out := make([]byte, len(src))
	for i, b := range src {
		out[i] = bits.Reverse8(b)
	}
	return out
}
