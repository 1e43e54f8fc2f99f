package raster

import (
	"image"
	"image/color"
)

// alphaRows returns a reader of rows of four bytes a pixel: red, green, blue not multiplied
// by alpha, and alpha. It reads every kind of picture.
func alphaRows(src image.Image) rowFunc {
	left := src.Bounds().Min.X
	switch im := src.(type) {
	case *image.NRGBA:
		return func(dst []uint8, y int) { copy(dst, im.Pix[im.PixOffset(left, y):]) }
	case *image.RGBA:
		return func(dst []uint8, y int) { straightenRow(dst, im.Pix[im.PixOffset(left, y):]) }
	case *image.NRGBA64:
		return func(dst []uint8, y int) {
			for i, s := 0, im.Pix[im.PixOffset(left, y):]; i < len(dst); i++ {
				dst[i] = s[2*i]
			}
		}
	case *image.Paletted:
		palette := straightPalette(im.Palette)
		return func(dst []uint8, y int) {
			for x, i := 0, im.PixOffset(left, y); 4*x < len(dst); x++ {
				copy(dst[4*x:4*x+4], palette[im.Pix[i+x]][:])
			}
		}
	case *image.NYCbCrA:
		if left >= 0 && im.Rect.Min.Y >= 0 {
			return nycbcraRows(im)
		}
	}
	return func(dst []uint8, y int) {
		for x := 0; 4*x < len(dst); x++ {
			c := straight(src.At(left+x, y))
			copy(dst[4*x:4*x+4], c[:])
		}
	}
}

// nycbcraRows reads what lossy WebP with transparency decodes to.
func nycbcraRows(im *image.NYCbCrA) rowFunc {
	colours := ycbcrRows(&im.YCbCr)
	rgb := make([]uint8, 3*im.Rect.Dx())
	return func(dst []uint8, y int) {
		colours(rgb, y)
		alpha := im.A[im.AOffset(im.Rect.Min.X, y):]
		for x := 0; 4*x < len(dst); x++ {
			copy(dst[4*x:4*x+3], rgb[3*x:3*x+3])
			dst[4*x+3] = alpha[x]
		}
	}
}

// straightenRow takes the multiplication by alpha back, as color.NRGBAModel does.
func straightenRow(dst, src []uint8) {
	for i := 0; i+3 < len(dst); i += 4 {
		s, d := src[i:i+4:i+4], dst[i:i+4:i+4]
		switch a := uint32(s[3]); a {
		case 255:
			copy(d, s)
		case 0:
			clear(d)
		default:
			d[0], d[1], d[2], d[3] = unmultiply(s[0], a), unmultiply(s[1], a), unmultiply(s[2], a), s[3]
		}
	}
}

// unmultiply divides a channel by alpha, which is not 0, at 16 bits. What is larger than alpha,
// as only a damaged picture has it, loses its upper bits, as in the standard library.
func unmultiply(v uint8, alpha uint32) uint8 { return uint8(uint32(v) * 0xffff / alpha >> 8) }

// straight returns a colour as red, green, blue (not multiplied by alpha) and alpha.
func straight(c color.Color) [4]uint8 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return [4]uint8{n.R, n.G, n.B, n.A}
}

// straightPalette is a palette of 256 entries, of which those that the picture lacks are
// transparent.
func straightPalette(p color.Palette) *[256][4]uint8 {
	var out [256][4]uint8
	for i, c := range p[:min(len(p), len(out))] {
		out[i] = straight(c)
	}
	return &out
}

// flatten lays the rows that read returns, from row top on, over their background.
func (im *Image) flatten(read rowFunc, top int) {
	row := make([]uint8, 4*im.Width)
	var seen visible
	for y := range im.Height {
		read(row, top+y)
		seen.add(row)
	}
	ground := seen.background()
	for y := range im.Height {
		read(row, top+y)
		layOver(im.row(y), row, ground)
	}
}

// layOver composites a row of four bytes a pixel onto a grey ground.
func layOver(dst, row []uint8, ground uint8) {
	for i, o := 0, 0; o+2 < len(dst); i, o = i+4, o+3 {
		s, d := row[i:i+4:i+4], dst[o:o+3:o+3]
		a := uint32(s[3])
		switch a {
		case 0:
			d[0], d[1], d[2] = ground, ground, ground
			continue
		case 255:
			d[0], d[1], d[2] = s[0], s[1], s[2]
			continue
		}
		under := uint32(ground)*(255-a) + 127 // 127: round to nearest
		d[0] = uint8((uint32(s[0])*a + under) / 255)
		d[1] = uint8((uint32(s[1])*a + under) / 255)
		d[2] = uint8((uint32(s[2])*a + under) / 255)
	}
}

// visible adds up what can be seen of a picture, in units of alpha (255 for an opaque pixel).
type visible struct {
	total  uint64 // as if every pixel were opaque
	opaque uint64 // what is there
	light  uint64 // of that, what is light
}

// lightFrom is the luma (0..255, BT.601) from which a pixel counts as light: nearer to white
// than a quarter of the whole range, which is too little contrast to read on white.
const lightFrom = 192

// add counts a row of four bytes a pixel.
func (v *visible) add(row []uint8) {
	v.total += 255 * uint64(len(row)/4)
	for i := 0; i+3 < len(row); i += 4 {
		p := row[i : i+4 : i+4]
		a := uint64(p[3])
		if a == 0 {
			continue
		}
		v.opaque += a
		if luma := 299*uint32(p[0]) + 587*uint32(p[1]) + 114*uint32(p[2]); luma >= 1000*lightFrom {
			v.light += a
		}
	}
}

// background returns what belongs under the transparent parts: black (0) when at least a
// quarter of the picture is transparent and more than half of what is visible is light, else
// white (255). Light text on nothing, as logos, subtitles and screenshots of dark windows have
// it, would be lost on white. Where less is transparent the text stands on something else.
func (v *visible) background() uint8 {
	if 4*(v.total-v.opaque) >= v.total && 2*v.light > v.opaque {
		return 0
	}
	return 255
}
