package document

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/inkpool/inkpool/backend/raster"
)

// addJPEG decodes a block that is a JPEG file without the tables that all blocks share.
func (c *tiffCanvas) addJPEG(b block) error {
	p := c.page
	if p.planes != 1 {
		return fmt.Errorf("JPEG in planes: %w", errVariant)
	}
	data := p.wholeJPEG(b.bytes)
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return err
	}
	if config.Width < min(b.w, p.w-b.x) || config.Height < min(b.h, p.h-b.y) || config.Width > p.blockW || config.Height > p.blockH {
		return errTIFF
	}
	src, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return err
	}
	if ink, ok := src.(*image.CMYK); ok {
		for i := range ink.Pix {
			ink.Pix[i] = ^ink.Pix[i] // Adobe's mark means inverted, TIFF's ink is not
		}
	}
	c.start()
	c.draw(b, raster.FromImage(src))
	return nil
}

// wholeJPEG puts the shared tables in front of a block. Where TIFF says that channels are not
// YCbCr it adds Adobe's mark, which tells the same to JPEG decoders.
func (p *tiffPage) wholeJPEG(data []byte) []byte {
	const startMark, endMark = 2, 2 // bytes; tables and data have both
	if len(data) < startMark {
		return data
	}
	out := append([]byte{}, data[:startMark]...)
	if p.photometric == rgbColour || p.photometric == cmykColour {
		out = append(out, "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"...)
	}
	if tables := p.fields.raw[tagJPEGTables].bytes; len(tables) > startMark+endMark {
		out = append(out, tables[startMark:len(tables)-endMark]...)
	}
	return append(out, data[startMark:]...)
}

// draw copies a decoded block onto the canvas, cut off at its edge.
func (c *tiffCanvas) draw(b block, im *raster.Image) {
	for y := range min(im.Height, c.page.h-b.y) {
		dst := c.row(b.x, b.y+y)
		for x := range min(im.Width, len(dst)/4) {
			v := im.At(x, y)
			copy(dst[4*x:], v[:])
		}
	}
}
