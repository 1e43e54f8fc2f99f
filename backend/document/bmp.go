package document

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"math/bits"
)

// x/image/bmp reads neither run-length coding, nor OS/2 headers, nor 16 bits a pixel, all of
// which scanners and old programs write. Layout: Microsoft's "Bitmap Storage"; test pictures:
// Jason Summers' bmpsuite.

var errBMP = errors.New("malformed BMP header")

// Compression numbers of BMP.
const (
	bmpRGB            = 0
	bmpRLE8           = 1
	bmpRLE4           = 2
	bmpBitfields      = 3
	bmpAlphaBitfields = 6
)

// bmpHeader is both headers of a BMP file.
type bmpHeader struct {
	w, h        int
	topDown     bool // rows are stored from top to bottom
	depth       int  // bits per pixel
	compression uint32
	masks       [4]uint32 // of red, green, blue, alpha in a pixel of 16 or 32 bits
	palette     color.Palette
	pixels      []byte // the rest of the file from the first pixel on
}

// bmpFileHeader is the length of the first header.
const bmpFileHeader = 14

// parseBMP reads the headers and the palette.
func parseBMP(data []byte) (bmpHeader, error) {
	var b bmpHeader
	if len(data) < bmpFileHeader+12 {
		return b, io.ErrUnexpectedEOF
	}
	info := data[bmpFileHeader:]
	size := int64(binary.LittleEndian.Uint32(info))
	if size > int64(len(info)) {
		return b, io.ErrUnexpectedEOF
	}
	entry := 4 // bytes per palette entry
	colours := 0
	switch {
	case size == 12:
		entry = 3
		b.w, b.h = int(binary.LittleEndian.Uint16(info[4:])), int(binary.LittleEndian.Uint16(info[6:]))
		b.depth = int(binary.LittleEndian.Uint16(info[10:]))
	case size >= 16:
		b.w, b.h = int(int32(binary.LittleEndian.Uint32(info[4:]))), int(int32(binary.LittleEndian.Uint32(info[8:])))
		b.depth = int(binary.LittleEndian.Uint16(info[14:]))
		if size >= 40 {
			b.compression = binary.LittleEndian.Uint32(info[16:])
			colours = int(min(binary.LittleEndian.Uint32(info[32:]), 1<<16))
		}
	default:
		return b, errBMP
	}
	if b.h < 0 {
		b.topDown, b.h = true, -b.h
	}
	if err := b.check(size); err != nil {
		return b, err
	}
	rest := b.readMasks(info, int(size))
	b.readPalette(rest, entry, colours)
	offset := int64(binary.LittleEndian.Uint32(data[10:]))
	if offset > int64(len(data)) {
		return b, io.ErrUnexpectedEOF
	}
	b.pixels = data[offset:]
	return b, nil
}

// check refuses what parseBMP has found if no decoder here can read it. size is the length of
// the second header: 64 means OS/2, which counts its compressions differently from 3 on.
func (b *bmpHeader) check(size int64) error {
	if b.w <= 0 || b.h <= 0 {
		return errBMP
	}
	ok := false
	switch b.compression {
	case bmpRGB:
		switch b.depth {
		case 1, 2, 4, 8, 16, 24, 32:
			ok = true
		}
	case bmpRLE8:
		ok = b.depth == 8
	case bmpRLE4:
		ok = b.depth == 4
	case bmpBitfields, bmpAlphaBitfields:
		ok = size != 64 && (b.depth == 16 || b.depth == 32)
	}
	if !ok {
		return fmt.Errorf("%d bits a pixel with compression %d: %w", b.depth, b.compression, errVariant)
	}
	return nil
}

// readMasks finds the masks in the second header or right behind it, and returns what follows.
func (b *bmpHeader) readMasks(info []byte, size int) (rest []byte) {
	switch b.depth {
	case 16:
		b.masks = [4]uint32{0x7c00, 0x03e0, 0x001f, 0}
	case 32:
		b.masks = [4]uint32{0xff0000, 0x00ff00, 0x0000ff, 0}
	}
	if b.compression != bmpBitfields && b.compression != bmpAlphaBitfields {
		return info[size:]
	}
	n := 3
	if size >= 56 || b.compression == bmpAlphaBitfields {
		n = 4
	}
	at := info[40:]
	for i := range n {
		if len(at) < 4 {
			break
		}
		b.masks[i] = binary.LittleEndian.Uint32(at)
		at = at[4:]
	}
	if size == 40 {
		return at
	}
	return info[size:]
}

// readPalette reads blue, green, red triples, one every entry bytes. Missing entries are black.
func (b *bmpHeader) readPalette(from []byte, entry, colours int) {
	if b.depth > 8 {
		return
	}
	if all := 1 << b.depth; colours == 0 || colours > all {
		colours = all
	}
	b.palette = make(color.Palette, 256)
	for i := range b.palette {
		c := color.NRGBA{A: 255}
		if p := i * entry; i < colours && p+3 <= len(from) {
			c.B, c.G, c.R = from[p], from[p+1], from[p+2]
		}
		b.palette[i] = c
	}
}

func bmpSize(data []byte) (w, h int, err error) {
	b, err := parseBMP(data)
	return b.w, b.h, err
}

func decodeBMP(data []byte) (image.Image, error) {
	b, err := parseBMP(data)
	if err != nil {
		return nil, err
	}
	if b.compression == bmpRLE8 || b.compression == bmpRLE4 {
		return b.decodeRuns()
	}
	// Rows are padded to 32 bits, the last one not always.
	used := (int64(b.w)*int64(b.depth) + 7) / 8
	stride := (int64(b.w)*int64(b.depth) + 31) / 32 * 4
	if int64(b.h-1)*stride+used > int64(len(b.pixels)) {
		return nil, io.ErrUnexpectedEOF
	}
	row := func(y int) []byte { return b.pixels[int64(y)*stride:][:used] }
	switch {
	case b.depth <= 8:
		return b.decodeIndexed(row), nil
	case b.depth == 24:
		return b.decodeTriples(row), nil
	default:
		return b.decodeMasked(row), nil
	}
}

// line returns which row of the picture is stored as number y.
func (b *bmpHeader) line(y int) int {
	if b.topDown {
		return y
	}
	return b.h - 1 - y
}

func (b *bmpHeader) decodeIndexed(row func(int) []byte) image.Image {
	out := image.NewPaletted(image.Rect(0, 0, b.w, b.h), b.palette)
	perByte := 8 / b.depth
	mask := uint8(1<<b.depth - 1)
	for y := range b.h {
		src, dst := row(y), out.Pix[b.line(y)*out.Stride:][:b.w]
		for x := range dst {
			shift := 8 - b.depth*(x%perByte+1)
			dst[x] = src[x/perByte] >> shift & mask
		}
	}
	return out
}

func (b *bmpHeader) decodeTriples(row func(int) []byte) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, b.w, b.h))
	for y := range b.h {
		src, dst := row(y), out.Pix[b.line(y)*out.Stride:]
		for x := range b.w {
			s, d := src[3*x:3*x+3], dst[4*x:4*x+4]
			d[0], d[1], d[2], d[3] = s[2], s[1], s[0], 255
		}
	}
	return out
}

// decodeMasked decodes pixels of 16 or 32 bits.
func (b *bmpHeader) decodeMasked(row func(int) []byte) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, b.w, b.h))
	var anyAlpha uint8
	for y := range b.h {
		src, dst := row(y), out.Pix[b.line(y)*out.Stride:]
		for x := range b.w {
			var v uint32
			if b.depth == 16 {
				v = uint32(binary.LittleEndian.Uint16(src[2*x:]))
			} else {
				v = binary.LittleEndian.Uint32(src[4*x:])
			}
			d := dst[4*x : 4*x+4]
			for c := range d {
				d[c] = masked(v, b.masks[c])
			}
			anyAlpha |= d[3]
		}
	}
	// Without a mask, and from programs that leave the channel empty, all is opaque.
	if anyAlpha == 0 {
		for i := 3; i < len(out.Pix); i += 4 {
			out.Pix[i] = 255
		}
	}
	return out
}

// masked returns the bits of v under mask as a value 0..255; 0 for an empty mask.
func masked(v, mask uint32) uint8 {
	if mask == 0 {
		return 0
	}
	shift := bits.TrailingZeros32(mask)
	most := uint64(mask >> shift)
	return uint8((uint64(v&mask>>shift)*255 + most/2) / most)
}
