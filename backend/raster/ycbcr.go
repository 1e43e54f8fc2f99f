package raster

import "image"

// ycbcrRows reads pictures of any chroma subsampling, which is what JPEG and WebP decode to.
// The arithmetic is that of color.YCbCrToRGB, bit for bit, but it clamps by a table: 12
// megapixels of noise take 22 ms, with the branches of the standard library 120.
func ycbcrRows(im *image.YCbCr) rowFunc {
	shift := chromaShift(im.SubsampleRatio)
	left := im.Rect.Min.X
	clamp := newClamp()
	return func(dst []uint8, y int) {
		luma := im.Y[im.YOffset(left, y):][:len(dst)/3]
		chroma := im.COffset(left, y)
		cb, cr := im.Cb[chroma:], im.Cr[chroma:]
		done := 0
		if shift == 1 && left%2 == 0 {
			clamp.pairs(dst, luma, cb, cr)
			done = len(luma) &^ 1
		}
		clamp.row(dst, luma, cb, cr, left, done, shift)
	}
}

// chromaShift returns the logarithm of how many pixels of a row share one chroma sample.
func chromaShift(r image.YCbCrSubsampleRatio) int {
	switch r {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		return 1
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		return 2
	default: // 4:4:4 and 4:4:0
		return 0
	}
}

// clamp turns values of 16 fraction bits into bytes, by their whole part, which is -227 to 480
// in this conversion.
type clamp [1024]uint8

const clampZero = 256 // where the entry for 0 is

func newClamp() *clamp {
	t := new(clamp)
	for i := range t {
		t[i] = uint8(min(max(i-clampZero, 0), 255))
	}
	return t
}

// of looks up v + clampZero<<16, both of 16 fraction bits.
func (t *clamp) of(v int32) uint8 { return t[uint32(v)>>16%uint32(len(t))] }

// colour returns what chroma adds to the luma of each channel, made ready for clamp.of.
func colour(cb, cr uint8) (red, green, blue int32) {
	const zero = clampZero << 16
	b, r := int32(cb)-128, int32(cr)-128
	return zero + 91881*r, zero - 22554*b - 46802*r, zero + 116130*b
}

// lumaOne scales luma: 255 becomes just less than 256 << 16, so that rounding is built in.
const lumaOne = 0x10101

// neutral chroma makes grey, which most of a page of text is: to ask for it takes half the
// time off such pages.
const neutral = 128

// row converts a row from pixel from on, in which 1<<shift pixels share a chroma sample; left
// is the first pixel's own column, which need not be the first of its group.
func (t *clamp) row(dst, luma, cb, cr []uint8, left, from, shift int) {
	origin := left >> shift
	for x := from; x < len(luma); x++ {
		c := (left+x)>>shift - origin
		d := dst[3*x : 3*x+3 : 3*x+3]
		if cb[c] == neutral && cr[c] == neutral {
			d[0], d[1], d[2] = luma[x], luma[x], luma[x]
			continue
		}
		red, green, blue := colour(cb[c], cr[c])
		y := int32(luma[x]) * lumaOne
		d[0], d[1], d[2] = t.of(y+red), t.of(y+green), t.of(y+blue)
	}
}

// pairs converts a row in which every two pixels share a chroma sample, but for an odd last.
func (t *clamp) pairs(dst, luma, cb, cr []uint8) {
	for c := range len(luma) / 2 {
		d, l := dst[6*c:6*c+6:6*c+6], luma[2*c:2*c+2:2*c+2]
		if cb[c] == neutral && cr[c] == neutral {
			d[0], d[1], d[2] = l[0], l[0], l[0]
			d[3], d[4], d[5] = l[1], l[1], l[1]
			continue
		}
		red, green, blue := colour(cb[c], cr[c])
		y, z := int32(l[0])*lumaOne, int32(l[1])*lumaOne
		d[0], d[1], d[2] = t.of(y+red), t.of(y+green), t.of(y+blue)
		d[3], d[4], d[5] = t.of(z+red), t.of(z+green), t.of(z+blue)
	}
}
