package raster

import (
	"fmt"
	"image"
)

// RGB is a colour, 0..255 a channel.
type RGB [3]uint8

// Image is a picture of at least one pixel: packed RGB, three bytes a pixel, rows from top to
// bottom without padding, so that len(Pix) is 3*Width*Height.
type Image struct {
	Width, Height int // pixels
	Pix           []uint8
}

// New returns a black image. Width and height must be positive.
func New(width, height int) *Image {
	if width <= 0 || height <= 0 {
		panic(fmt.Sprintf("raster: internal error: image of %d x %d pixels", width, height))
	}
	return &Image{Width: width, Height: height, Pix: make([]uint8, 3*width*height)}
}

// At returns the colour of the pixel in column x, row y.
func (im *Image) At(x, y int) RGB {
	return RGB(im.Pix[3*(y*im.Width+x):])
}

// Set changes the colour of one pixel.
func (im *Image) Set(x, y int, c RGB) {
	copy(im.Pix[3*(y*im.Width+x):], c[:])
}

// row returns the bytes of row y.
func (im *Image) row(y int) []uint8 {
	n := 3 * im.Width
	return im.Pix[y*n : (y+1)*n : (y+1)*n]
}

// Std returns an opaque copy for the encoders of the standard library, which are fast on
// *image.RGBA only.
func (im *Image) Std() *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, im.Width, im.Height))
	src, dst := im.Pix, out.Pix
	for i, o := 0, 0; i+2 < len(src); i, o = i+3, o+4 {
		d := dst[o : o+4 : o+4]
		d[0], d[1], d[2], d[3] = src[i], src[i+1], src[i+2], 255
	}
	return out
}

// Margins are widths in pixels, none negative.
type Margins struct{ Left, Top, Right, Bottom int }

// Pad returns a copy with margins of one colour. Text detectors miss text that touches the
// edge of the picture, as in the crop of a single line.
func (im *Image) Pad(m Margins, fill RGB) *Image {
	out := New(im.Width+m.Left+m.Right, im.Height+m.Top+m.Bottom)
	out.Fill(fill)
	out.Paste(im, m.Left, m.Top)
	return out
}

// Paste copies all of part into im with its top left corner at (x, y). It must fit.
func (im *Image) Paste(part *Image, x, y int) {
	for row := range part.Height {
		copy(im.row(y + row)[3*x:], part.row(row))
	}
}

// Fill paints the whole image.
func (im *Image) Fill(c RGB) {
	copy(im.Pix, c[:])
	for done := 3; done < len(im.Pix); done *= 2 {
		copy(im.Pix[done:], im.Pix[:done])
	}
}

// BorderColour is the median colour of the outermost pixels, channel by channel: what a
// margin is filled with so that it looks like more of the same background.
func (im *Image) BorderColour() RGB {
	var counts [3][256]int
	n := 0
	count := func(x, y int) {
		for k, v := range im.At(x, y) {
			counts[k][v]++
		}
		n++
	}
	for x := range im.Width {
		count(x, 0)
		count(x, im.Height-1)
	}
	for y := range im.Height {
		count(0, y)
		count(im.Width-1, y)
	}
	var colour RGB
	for k := range counts {
		below := 0
		for v, c := range counts[k] {
			if below += c; 2*below >= n {
				colour[k] = uint8(v)
				break
			}
		}
	}
	return colour
}
