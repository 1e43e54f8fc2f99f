package raster

import (
	"encoding/binary"
	"image"
	"image/color"
)

// FromImage converts any picture of at least one pixel to RGB, reading each pixel once (those
// with transparency twice) and copying nothing else. 16-bit channels keep their upper byte.
//
// Transparent pixels are laid over white, as on paper, unless that would hide what is there:
// see background.
func FromImage(src image.Image) *Image { return (*Pixels)(nil).FromImage(src) }

// FromImage is the function of that name with memory from p.
func (p *Pixels) FromImage(src image.Image) *Image {
	b := src.Bounds()
	out := p.image(b.Dx(), b.Dy())
	if fill := opaqueRows(src); fill == nil || !out.fillRows(fill, b.Min.Y) {
		out.flatten(alphaRows(src), b.Min.Y)
	}
	return out
}

// rowFunc writes row y of a picture, in its own coordinates, into dst.
type rowFunc func(dst []uint8, y int)

// opaqueFunc is a rowFunc for rows without transparency; it reports whether there was none.
type opaqueFunc func(dst []uint8, y int) bool

// fillRows reads rows from row top on, and gives up at the first that is not opaque.
func (im *Image) fillRows(fill opaqueFunc, top int) bool {
	for y := range im.Height {
		if !fill(im.row(y), top+y) {
			return false
		}
	}
	return true
}

// opaqueRows returns a reader of RGB rows, or nil for pictures that have no fast one.
func opaqueRows(src image.Image) opaqueFunc {
	left := src.Bounds().Min.X
	switch im := src.(type) {
	case *image.YCbCr:
		if left < 0 || im.Rect.Min.Y < 0 {
			return nil // its chroma offsets round towards zero: left to the general path
		}
		fill := ycbcrRows(im)
		return func(dst []uint8, y int) bool { fill(dst, y); return true }
	case *image.Gray:
		return func(dst []uint8, y int) bool { return grayRow(dst, im.Pix[im.PixOffset(left, y):], 1) }
	case *image.Gray16:
		return func(dst []uint8, y int) bool { return grayRow(dst, im.Pix[im.PixOffset(left, y):], 2) }
	case *image.CMYK:
		return func(dst []uint8, y int) bool { return cmykRow(dst, im.Pix[im.PixOffset(left, y):]) }
	case *image.Paletted:
		palette := packedPalette(im.Palette)
		return func(dst []uint8, y int) bool { return palettedRow(dst, im.Pix[im.PixOffset(left, y):], palette) }
	case *image.RGBA:
		return func(dst []uint8, y int) bool { return rgbaRow(dst, im.Pix[im.PixOffset(left, y):]) }
	case *image.NRGBA:
		return func(dst []uint8, y int) bool { return rgbaRow(dst, im.Pix[im.PixOffset(left, y):]) }
	case *image.RGBA64:
		return func(dst []uint8, y int) bool { return rgba64Row(dst, im.Pix[im.PixOffset(left, y):]) }
	case *image.NRGBA64:
		return func(dst []uint8, y int) bool { return rgba64Row(dst, im.Pix[im.PixOffset(left, y):]) }
	}
	return nil
}

// A packed pixel is red, green, blue and alpha from the lowest byte of a word up. Rows are
// written a word a pixel: its fourth byte is overwritten by the next pixel, and the last pixel
// of a row is written byte by byte.

// opaque is the alpha of a packed pixel without transparency.
const opaque = 0xff << 24

// putLast writes the last pixel of a row.
func putLast(dst []uint8, packed uint32) {
	d := dst[len(dst)-3:]
	d[0], d[1], d[2] = uint8(packed), uint8(packed>>8), uint8(packed>>16)
}

// grayRow spreads grey values that are step bytes apart; of two bytes the first is the upper.
func grayRow(dst, src []uint8, step int) bool {
	const spread = 0x010101
	i, last := 0, len(dst)-3
	for o := 0; o < last; o += 3 {
		binary.LittleEndian.PutUint32(dst[o:o+4:o+4], uint32(src[i])*spread)
		i += step
	}
	putLast(dst, uint32(src[i])*spread)
	return true
}

// palettedRow looks packed pixels up.
func palettedRow(dst, src []uint8, palette *[256]uint32) bool {
	src = src[:len(dst)/3]
	seen := uint32(opaque)
	for x, index := range src[:len(src)-1] {
		c := palette[index]
		seen &= c
		binary.LittleEndian.PutUint32(dst[3*x:3*x+4:3*x+4], c)
	}
	c := palette[src[len(src)-1]]
	putLast(dst, c)
	return seen&c == opaque
}

// packedPalette is a palette of 256 entries, of which those that the picture lacks are black.
func packedPalette(p color.Palette) *[256]uint32 {
	var out [256]uint32
	for i, c := range straightPalette(p) {
		out[i] = binary.LittleEndian.Uint32(c[:])
		if i >= len(p) {
			out[i] = opaque
		}
	}
	return &out
}

func cmykRow(dst, src []uint8) bool {
	for i, o := 0, 0; o+2 < len(dst); i, o = i+4, o+3 {
		s, d := src[i:i+4:i+4], dst[o:o+3:o+3]
		d[0], d[1], d[2] = color.CMYKToRGB(s[0], s[1], s[2], s[3])
	}
	return true
}

// rgbaRow copies packed pixels, which are the same with and without multiplication by alpha
// as long as they are opaque.
func rgbaRow(dst, src []uint8) bool {
	seen := uint32(opaque)
	i, last := 0, len(dst)-3
	for o := 0; o < last; o += 3 {
		c := binary.LittleEndian.Uint32(src[i : i+4 : i+4])
		seen &= c
		binary.LittleEndian.PutUint32(dst[o:o+4:o+4], c)
		i += 4
	}
	c := binary.LittleEndian.Uint32(src[i:])
	putLast(dst, c)
	return seen&c == opaque
}

// rgba64Row is rgbaRow for channels of two bytes, of which the first is the upper.
func rgba64Row(dst, src []uint8) bool {
	seen := uint8(255)
	for i, o := 0, 0; o+2 < len(dst); i, o = i+8, o+3 {
		s, d := src[i:i+8:i+8], dst[o:o+3:o+3]
		d[0], d[1], d[2] = s[0], s[2], s[4]
		seen &= s[6] & s[7]
	}
	return seen == 255
}
