package document

import (
	"errors"
	"fmt"
	"image"
)

// x/image/tiff reads neither JPEG compression, which colour scanners use, nor 2 and 4 bits a
// pixel, CMYK, YCbCr or separate planes, and it refuses tags out of order. So TIFF is read
// here, with its packages for LZW and fax coding. Specification: TIFF 6.0 (Adobe, 1992) and
// TIFF Technical Note 2 (JPEG). Old-style JPEG, BigTIFF and floating point are not read.

var errTIFF = errors.New("malformed TIFF directory")

// Photometric interpretations.
const (
	whiteIsZero   = 0
	blackIsZero   = 1
	rgbColour     = 2
	paletteColour = 3
	cmykColour    = 5
	ycbcrColour   = 6
)

// Compressions.
const (
	tiffNone       = 1
	tiffGroup3     = 3
	tiffGroup4     = 4
	tiffLZW        = 5
	tiffJPEG       = 7
	tiffDeflate    = 8
	tiffDeflateOld = 32946
	tiffPackBits   = 32773
)

// tiffPage describes how the pixels of a page are stored: as blocks (strips or tiles)
// of blockW x blockH pixels, from left to right, top to bottom, and once for each sample if
// the planes are separate.
type tiffPage struct {
	data           []byte // the whole file
	fields         tiffFields
	w, h           int
	bits           int // per sample
	samples        int // per pixel
	photometric    int
	compression    int
	planes         int // 1, or samples where they are stored one after the other
	blockW, blockH int
	padded         bool // blocks at the edges are as large as others: tiles
	across, down   int  // blocks
	offsets        []int
	counts         []int // bytes of each block; may be missing
}

// tiffSize reads the size of the page whose directory is at an offset.
func tiffSize(data []byte, at uint32) (w, h int, err error) {
	f, err := readFields(data, at)
	if err != nil {
		return 0, 0, err
	}
	return f.one(tagWidth, 0), f.one(tagHeight, 0), nil
}

// parseTIFF reads and checks the directory at an offset.
func parseTIFF(data []byte, at uint32) (*tiffPage, error) {
	f, err := readFields(data, at)
	if err != nil {
		return nil, err
	}
	p := &tiffPage{
		data: data, fields: f,
		w: f.one(tagWidth, 0), h: f.one(tagHeight, 0),
		bits: f.one(tagBits, 1), samples: f.one(tagSamples, 1), planes: 1,
		compression: f.one(tagCompression, tiffNone),
	}
	p.photometric = f.one(tagPhotometric, p.likelyPhotometric())
	if f.one(tagPlanar, 1) == 2 {
		p.planes = p.samples
	}
	if err := p.checkVariant(); err != nil {
		return nil, err
	}
	return p, p.findBlocks()
}

// likelyPhotometric is for files that do not say, as libtiff guesses.
func (p *tiffPage) likelyPhotometric() int {
	switch {
	case p.samples >= 3:
		return rgbColour
	case p.compression == tiffGroup3 || p.compression == tiffGroup4:
		return whiteIsZero
	default:
		return blackIsZero
	}
}

// checkVariant refuses what the functions after it could not read.
func (p *tiffPage) checkVariant() error {
	if p.w <= 0 || p.h <= 0 || p.samples <= 0 || p.samples > 64 {
		return errTIFF
	}
	for _, b := range p.fields.all(tagBits) {
		if b != p.bits {
			return fmt.Errorf("samples of different depth: %w", errVariant)
		}
	}
	need := map[int]int{whiteIsZero: 1, blackIsZero: 1, paletteColour: 1, rgbColour: 3, ycbcrColour: 3, cmykColour: 4}[p.photometric]
	format := p.fields.one(tagSampleFormat, 1)
	fax := p.compression == tiffGroup3 || p.compression == tiffGroup4
	switch {
	case need == 0:
		return fmt.Errorf("colour model %d: %w", p.photometric, errVariant)
	case p.samples < need:
		return errTIFF
	case p.bits < 1 || p.bits > 16 || p.photometric == paletteColour && p.bits > 8:
		return fmt.Errorf("%d bits a sample: %w", p.bits, errVariant)
	case format != 1 && format != 4: // unsigned, undefined
		return fmt.Errorf("sample format %d: %w", format, errVariant)
	case fax && (p.bits != 1 || p.samples != 1), p.compression == tiffJPEG && p.bits != 8:
		return errTIFF
	case p.photometric == ycbcrColour && (p.bits != 8 || p.planes != 1):
		return fmt.Errorf("YCbCr in planes: %w", errVariant)
	}
	return nil
}

// findBlocks works out where the pixels are.
func (p *tiffPage) findBlocks() error {
	f := p.fields
	p.blockW, p.blockH = p.w, min(max(f.one(tagRowsPerStrip, p.h), 1), p.h)
	offsets, counts := uint16(tagStripOffsets), uint16(tagStripByteCounts)
	if tw := f.one(tagTileWidth, 0); tw != 0 {
		p.blockW, p.blockH, p.padded = tw, f.one(tagTileHeight, 0), true
		offsets, counts = tagTileOffsets, tagTileByteCounts
		// Tiles are multiples of 16 pixels; tiny ones multiply the work, huge ones the memory.
		const least, most = 16, 1024
		if min(p.blockW, p.blockH) < least || p.blockW > max(p.w+least, most) || p.blockH > max(p.h+least, most) {
			return errTIFF
		}
	}
	p.across, p.down = (p.w+p.blockW-1)/p.blockW, (p.h+p.blockH-1)/p.blockH
	p.offsets, p.counts = f.all(offsets), f.all(counts)
	if len(p.offsets) < p.across*p.down*p.planes {
		return errTIFF
	}
	return nil
}

// block is one decoded strip or tile.
type block struct {
	x, y, w, h int // of the pixels in it, before the picture's edge cuts tiles off
	plane      int // which sample; 0 if all are together
	bytes      []byte
}

// eachBlock calls do with the stored bytes of every block.
func (p *tiffPage) eachBlock(do func(b block) error) error {
	for i := range p.across * p.down * p.planes {
		inPlane := i % (p.across * p.down)
		b := block{
			x: inPlane % p.across * p.blockW, y: inPlane / p.across * p.blockH,
			w: p.blockW, h: p.blockH, plane: i / (p.across * p.down),
		}
		if !p.padded {
			b.h = min(p.blockH, p.h-b.y)
		}
		from := p.offsets[i]
		if from >= len(p.data) {
			return errTIFF
		}
		b.bytes = p.data[from:]
		if i < len(p.counts) && p.counts[i] > 0 {
			b.bytes = b.bytes[:min(p.counts[i], len(b.bytes))]
		}
		if err := do(b); err != nil {
			return fmt.Errorf("block %d: %w", i, err)
		}
	}
	return nil
}

// decodeTIFF decodes the page whose directory is at an offset.
func decodeTIFF(data []byte, at uint32) (image.Image, error) {
	p, err := parseTIFF(data, at)
	if err != nil {
		return nil, err
	}
	c := newTIFFCanvas(p)
	if p.compression == tiffJPEG {
		err = p.eachBlock(c.addJPEG)
	} else {
		err = p.eachBlock(c.addSamples)
	}
	if err != nil {
		return nil, err
	}
	return c.picture(), nil
}
