package raster

import (
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
	if fill := opaqueRows(src); fill != nil {
		for y := range out.Height {
			fill(out.row(y), b.Min.Y+y)
		}
		return out
	}
	out.flatten(alphaRows(src), b.Min.Y)
	return out
}

// rowFunc writes row y of a picture, in its own coordinates, into dst.
type rowFunc func(dst []uint8, y int)

// opaqueRows returns a reader of RGB rows, or nil for pictures that may be transparent.
func opaqueRows(src image.Image) rowFunc {
	switch im := src.(type) {
	case *image.YCbCr:
		if im.Rect.Min.X < 0 || im.Rect.Min.Y < 0 {
			return nil // its chroma offsets round towards zero: left to the general path
		}
		return ycbcrRows(im)
	case *image.Gray:
		return func(dst []uint8, y int) { grayRow(dst, im.Pix[im.PixOffset(im.Rect.Min.X, y):], 1) }
	case *image.Gray16:
		return func(dst []uint8, y int) { grayRow(dst, im.Pix[im.PixOffset(im.Rect.Min.X, y):], 2) }
	case *image.CMYK:
		return func(dst []uint8, y int) { cmykRow(dst, im.Pix[im.PixOffset(im.Rect.Min.X, y):]) }
	case *image.Paletted:
		if im.Opaque() {
			palette := straightPalette(im.Palette)
			return func(dst []uint8, y int) { palettedRow(dst, im.Pix[im.PixOffset(im.Rect.Min.X, y):], palette) }
		}
	case *image.RGBA:
		if im.Opaque() {
			return func(dst []uint8, y int) { rgbxRow(dst, im.Pix[im.PixOffset(im.Rect.Min.X, y):]) }
		}
	case *image.NRGBA:
		if im.Opaque() {
			return func(dst []uint8, y int) { rgbxRow(dst, im.Pix[im.PixOffset(im.Rect.Min.X, y):]) }
		}
	case *image.RGBA64:
		if im.Opaque() {
			return func(dst []uint8, y int) { rgbx64Row(dst, im.Pix[im.PixOffset(im.Rect.Min.X, y):]) }
		}
	case *image.NRGBA64:
		if im.Opaque() {
			return func(dst []uint8, y int) { rgbx64Row(dst, im.Pix[im.PixOffset(im.Rect.Min.X, y):]) }
		}
	}
	return nil
}

// grayRow spreads grey values that are step bytes apart; of two bytes the first is the upper.
func grayRow(dst, src []uint8, step int) {
	for i, o := 0, 0; o+2 < len(dst); i, o = i+step, o+3 {
		v := src[i]
		d := dst[o : o+3 : o+3]
		d[0], d[1], d[2] = v, v, v
	}
}

func palettedRow(dst, src []uint8, palette *[256][4]uint8) {
	for i, o := 0, 0; o+2 < len(dst); i, o = i+1, o+3 {
		c := &palette[src[i]]
		d := dst[o : o+3 : o+3]
		d[0], d[1], d[2] = c[0], c[1], c[2]
	}
}

func cmykRow(dst, src []uint8) {
	for i, o := 0, 0; o+2 < len(dst); i, o = i+4, o+3 {
		s, d := src[i:i+4:i+4], dst[o:o+3:o+3]
		d[0], d[1], d[2] = color.CMYKToRGB(s[0], s[1], s[2], s[3])
	}
}

func rgbxRow(dst, src []uint8) {
	for i, o := 0, 0; o+2 < len(dst); i, o = i+4, o+3 {
		s, d := src[i:i+3:i+3], dst[o:o+3:o+3]
		d[0], d[1], d[2] = s[0], s[1], s[2]
	}
}

func rgbx64Row(dst, src []uint8) {
	for i, o := 0, 0; o+2 < len(dst); i, o = i+8, o+3 {
		s, d := src[i:i+6:i+6], dst[o:o+3:o+3]
		d[0], d[1], d[2] = s[0], s[2], s[4]
	}
}
