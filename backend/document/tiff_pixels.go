package document

import (
	"fmt"
	"image"
	"image/color"
)

// tiffCanvas collects the blocks of a page: one byte a pixel for grey and palette pictures,
// otherwise four (red, green, blue, alpha; or cyan, magenta, yellow, black).
type tiffCanvas struct {
	page     *tiffPage
	channels int
	pix      []uint8 // nil until the first block has been decoded
	scale    []uint8 // byte for each value of a sample; values over 8 bits lose the lower ones
}

func newTIFFCanvas(p *tiffPage) *tiffCanvas {
	c := &tiffCanvas{page: p, channels: 4}
	if p.compression != tiffJPEG && (p.photometric < rgbColour || p.photometric == paletteColour) {
		c.channels = 1
	}
	most := 1<<min(p.bits, 8) - 1
	c.scale = make([]uint8, most+1)
	for v := range c.scale {
		switch p.photometric {
		case paletteColour:
			c.scale[v] = uint8(v)
		case whiteIsZero:
			c.scale[v] = 255 - uint8(v*255/most)
		default:
			c.scale[v] = uint8(v * 255 / most)
		}
	}
	return c
}

// start takes the memory, once there is a block to put into it.
func (c *tiffCanvas) start() {
	if c.pix != nil {
		return
	}
	c.pix = make([]uint8, c.page.w*c.page.h*c.channels)
	if c.channels == 4 {
		for i := 3; i < len(c.pix); i += 4 {
			c.pix[i] = 255
		}
	}
}

// row returns the pixels of a row from column x on.
func (c *tiffCanvas) row(x, y int) []uint8 {
	return c.pix[(y*c.page.w+x)*c.channels : (y+1)*c.page.w*c.channels]
}

// addSamples decodes a block of plain samples.
func (c *tiffCanvas) addSamples(b block) error {
	p := c.page
	if p.photometric == ycbcrColour {
		return c.addYCbCr(b)
	}
	samples := p.samples / p.planes
	stride := (b.w*samples*p.bits + 7) / 8
	raw, err := p.unpack(b, stride*b.h)
	if err != nil {
		return err
	}
	if err := p.undoPredictor(raw, stride, samples); err != nil {
		return err
	}
	c.start()
	values := make([]uint8, b.w*samples)
	for y := range min(b.h, p.h-b.y) {
		c.readSamples(values, raw[y*stride:(y+1)*stride])
		c.place(c.row(b.x, b.y+y), values, samples, b.plane)
	}
	return nil
}

// readSamples turns the samples of a row into bytes.
func (c *tiffCanvas) readSamples(dst []uint8, row []byte) {
	switch bits := c.page.bits; bits {
	case 8:
		for i := range dst {
			dst[i] = c.scale[row[i]]
		}
	case 16:
		upper := 1 // of two bytes
		if c.page.fields.order.Uint16([]byte{1, 0}) == 1<<8 {
			upper = 0
		}
		for i := range dst {
			dst[i] = c.scale[row[2*i+upper]]
		}
	default:
		at := bitReader{row: row}
		for i := range dst {
			v := at.next(bits)
			if bits > 8 {
				v >>= bits - 8
			}
			dst[i] = c.scale[v]
		}
	}
}

// bitReader reads numbers of up to 15 bits, the highest bit first.
type bitReader struct {
	row  []byte
	held uint32
	n    int
}

func (r *bitReader) next(bits int) uint32 {
	for r.n < bits {
		r.held = r.held<<8 | uint32(r.row[0])
		r.row = r.row[1:]
		r.n += 8
	}
	r.n -= bits
	return r.held >> r.n & (1<<bits - 1)
}

// place puts the bytes of a row onto the canvas, leaving out samples that it has no place for.
func (c *tiffCanvas) place(dst, values []uint8, samples, plane int) {
	keep := min(samples, c.colours())
	if plane >= c.colours() {
		return
	}
	pixels := min(len(dst)/c.channels, len(values)/samples)
	for i := range pixels {
		copy(dst[i*c.channels+plane:][:keep], values[i*samples:])
	}
}

// colours is how many samples of a pixel are shown: all but extra ones, except transparency.
func (c *tiffCanvas) colours() int {
	switch {
	case c.channels == 1:
		return 1
	case c.page.photometric == cmykColour || c.transparency() != opaque && c.page.samples >= 4:
		return 4
	default:
		return 3
	}
}

// What the fourth sample of RGB means.
const (
	opaque        = 0 // nothing that we know
	multiplied    = 1 // transparency; colours are multiplied by it
	notMultiplied = 2
)

func (c *tiffCanvas) transparency() int {
	if c.page.photometric != rgbColour {
		return opaque
	}
	return c.page.fields.one(tagExtraSamples, opaque)
}

// addYCbCr decodes a block of units: the luma of a few pixels, then the chroma they share.
func (c *tiffCanvas) addYCbCr(b block) error {
	p := c.page
	sx, sy := 2, 2 // the default of the specification
	if v := p.fields.all(tagSubsampling); len(v) >= 2 {
		sx, sy = v[0], v[1]
	}
	if sx < 1 || sx > 4 || sy < 1 || sy > 4 || p.samples != 3 {
		return fmt.Errorf("subsampling %d x %d, %d samples: %w", sx, sy, p.samples, errVariant)
	}
	across, down, unit := (b.w+sx-1)/sx, (b.h+sy-1)/sy, sx*sy+2
	raw, err := p.unpack(b, across*down*unit)
	if err != nil {
		return err
	}
	if err := p.undoPredictor(raw, across*unit, 3); err != nil {
		return err
	}
	c.start()
	for y := range min(b.h, p.h-b.y) {
		dst := c.row(b.x, b.y+y)
		for x := range min(b.w, len(dst)/4) {
			u := raw[(y/sy*across+x/sx)*unit:][:unit]
			d := dst[4*x : 4*x+4]
			d[0], d[1], d[2] = color.YCbCrToRGB(u[y%sy*sx+x%sx], u[unit-2], u[unit-1])
		}
	}
	return nil
}

// undoPredictor adds up differences between neighbours, in place.
func (p *tiffPage) undoPredictor(raw []byte, stride, samples int) error {
	const none, horizontal = 1, 2
	switch v := p.fields.one(tagPredictor, none); {
	case v == none || p.compression != tiffLZW && p.compression != tiffDeflate && p.compression != tiffDeflateOld:
		return nil
	case v != horizontal || p.bits != 8 && p.bits != 16:
		return fmt.Errorf("predictor %d with %d bits: %w", v, p.bits, errVariant)
	}
	for ; len(raw) >= stride && stride > 0; raw = raw[stride:] {
		row := raw[:stride]
		if p.bits == 8 {
			for i := samples; i < len(row); i++ {
				row[i] += row[i-samples]
			}
			continue
		}
		for i := 2 * samples; i+1 < len(row); i += 2 {
			sum := p.fields.order.Uint16(row[i:]) + p.fields.order.Uint16(row[i-2*samples:])
			p.fields.order.PutUint16(row[i:], sum)
		}
	}
	return nil
}

// picture returns the canvas as the picture it is.
func (c *tiffCanvas) picture() image.Image {
	r := image.Rect(0, 0, c.page.w, c.page.h)
	switch {
	case c.page.photometric == paletteColour && c.channels == 1:
		return &image.Paletted{Pix: c.pix, Stride: r.Dx(), Rect: r, Palette: c.page.palette()}
	case c.channels == 1:
		return &image.Gray{Pix: c.pix, Stride: r.Dx(), Rect: r}
	case c.page.photometric == cmykColour && c.page.compression != tiffJPEG:
		return &image.CMYK{Pix: c.pix, Stride: 4 * r.Dx(), Rect: r}
	case c.transparency() == multiplied:
		return &image.RGBA{Pix: c.pix, Stride: 4 * r.Dx(), Rect: r}
	default:
		return &image.NRGBA{Pix: c.pix, Stride: 4 * r.Dx(), Rect: r}
	}
}

// palette reads the colour map: all reds, all greens, all blues, 16 bits each; some programs
// write 8. Missing colours are black.
func (p *tiffPage) palette() color.Palette {
	v := p.fields.all(tagColourMap)
	n := len(v) / 3
	shift := 0
	for _, x := range v {
		if x > 255 {
			shift = 8
		}
	}
	out := make(color.Palette, 256)
	for i := range out {
		c := color.NRGBA{A: 255}
		if i < n {
			c.R, c.G, c.B = uint8(v[i]>>shift), uint8(v[n+i]>>shift), uint8(v[2*n+i]>>shift)
		}
		out[i] = c
	}
	return out
}
