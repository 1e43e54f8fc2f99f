package raster

// Oriented returns the picture upright, given the orientation that its EXIF block or TIFF tag
// 274 names: 1 upright, 2 mirrored, 3 upside down, 4 mirrored upside down, 5 to 8 the same
// with rows and columns exchanged (6: turn right to see it upright, 8: turn left). It returns
// im itself for 1 and for numbers that do not exist.
func (im *Image) Oriented(exif int) *Image { return (*Pixels)(nil).Oriented(im, exif) }

// Oriented is the method of that name with memory from p, which gets im's when it is not
// what is returned.
func (p *Pixels) Oriented(im *Image, exif int) *Image {
	out := p.transformed(im, exif)
	if out != im {
		p.Recycle(im)
	}
	return out
}

// Turned returns the picture turned clockwise by so many quarters of a circle; negative
// numbers turn the other way. It returns im itself for whole turns.
func (im *Image) Turned(quarters int) *Image { return (*Pixels)(nil).Turned(im, quarters) }

// Turned is the method of that name with memory from p. Unlike Oriented it leaves im as it
// is: who asked whether a page stands upright may want both.
func (p *Pixels) Turned(im *Image, quarters int) *Image {
	exif := [4]int{1, 6, 3, 8}
	return p.transformed(im, exif[quarters&3])
}

// transformed returns a copy that is turned and mirrored as an EXIF orientation asks for, or
// im itself.
func (p *Pixels) transformed(im *Image, exif int) *Image {
	w, h := im.Width, im.Height
	// Pixel (x, y) of the result comes from byte base + x*dx + y*dy of the source.
	const px = 3
	row := px * w
	last := px*w*h - px
	var base, dx, dy int
	switch exif {
	case 2:
		base, dx, dy = row-px, -px, row
	case 3:
		base, dx, dy = last, -px, -row
	case 4:
		base, dx, dy = last-row+px, px, -row
	case 5:
		base, dx, dy = 0, row, px
	case 6:
		base, dx, dy = last-row+px, -row, px
	case 7:
		base, dx, dy = last, -row, -px
	case 8:
		base, dx, dy = row-px, row, -px
	default:
		return im
	}
	if exif >= 5 {
		w, h = h, w
	}
	out := p.image(w, h)
	out.gather(im.Pix, base, dx, dy)
	return out
}

// Blocks of this many pixels are moved at a time where rows become columns. Walking down the
// columns of a picture touches a cache line and a page of memory for each of its rows; a
// block's worth of them stays in the first-level cache, also where rows are 4096 pixels long
// and their lines compete for the same places.
const (
	blockWidth  = 16
	blockHeight = 256
)

// gather fills im from src as transformed describes.
func (im *Image) gather(src []uint8, base, dx, dy int) {
	width := blockWidth
	if dx == 3 || dx == -3 {
		width = im.Width // rows stay rows
	}
	for top := 0; top < im.Height; top += blockHeight {
		bottom := min(top+blockHeight, im.Height)
		for left := 0; left < im.Width; left += width {
			right := min(left+width, im.Width)
			for y := top; y < bottom; y++ {
				gatherRow(im.row(y)[3*left:3*right], src, base+left*dx+y*dy, dx)
			}
		}
	}
}

// gatherRow fills dst with the pixels at byte from, from+dx and so on of src.
func gatherRow(dst, src []uint8, from, dx int) {
	for x := 0; x < len(dst); x += 3 {
		copy(dst[x:x+3], src[from:from+3])
		from += dx
	}
}
