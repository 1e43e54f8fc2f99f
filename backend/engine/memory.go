package engine

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/pool"
)

// What a page takes, in bytes for each of its pixels or columns.
const (
	rgbBytes = 3 // raster.Image

	// What decoders need beside the result, for each pixel. A plain JPEG takes 1.5 to 3, a PNG
	// 4, a picture that is turned 3 for its second copy, a progressive JPEG 6 to 12 for its
	// coefficients.
	decoderBytes = 8

	// The same of AVIF, in its decoder and behind it. HEIC takes as little as JPEG.
	decoderBytesOfAVIF = 24

	// The detector's activations, for each pixel of its input: 125 to 150 MB at 960 x 704.
	detectorBytes = 220

	// What the detector says about a page, for each pixel of the input: a probability, and what is
	// noted while boxes are found.
	mapBytes = 8

	// The recogniser's, for each column of a line: 6 MB for 320. Lines are taken for
	// lineColumns wide, as on an A4 page in two columns, and to fill the slots.
	columnBytes = 6 << 20 / 320
	lineColumns = 640
)

// decodingBytes is what a page is predicted to take while it is decoded.
func (f *held) decodingBytes(w, h int) int64 {
	decoder := decoderBytes
	if f.file.Format() == document.FormatAVIF {
		decoder = decoderBytesOfAVIF
	}
	return int64(f.bytes) + int64(rgbBytes+decoder)*int64(w)*int64(h)
}

// readingBytes is what a decoded page is predicted to take while it is read with that many
// slots: its lines come after its detection, for which its longer side is shrunk to side pixels,
// or to what suits it if that is 0.
func readingBytes(d ocr.DetectorConfig, w, h, side, slots int) int64 {
	inW, inH := d.InputSize(w, h, side)
	tile := int64(min(inW, d.MaxSide)) * int64(min(inH, d.MaxSide))
	detection := detectorBytes*tile + mapBytes*int64(inW)*int64(inH)
	lines := columnBytes * min(columns(slots), lineColumns*int64(slots))
	return rgbBytes*int64(w)*int64(h) + max(detection, lines)
}

// admit waits until there is memory for a page, once for its whole life, so that pages never
// wait for each other's. Pictures beyond the limits are refused at once. It also finds the
// pack that the page is read with, on which depends what it takes.
func (p *pageReading) admit(ctx context.Context) (*pool.Reservation, error) {
	w, h, err := p.engine.size(ctx, p.file, p.at)
	if err != nil {
		return nil, err
	}
	if p.pack, err = p.engine.packs.reader(p.how.Pack); err != nil {
		return nil, err
	}
	amount := max(p.file.decodingBytes(w, h), p.readingBytes(w, h))
	asked := time.Now()
	reserved, err := p.slots.Reserve(ctx, p.engine.budget, amount)
	p.timing.Wait += time.Since(asked)
	return reserved, err
}

// readingBytes is what the page is predicted to take while it is read.
func (p *pageReading) readingBytes(w, h int) int64 {
	return readingBytes(numbersOf(p.pack.OCR).detector, w, h, p.how.DetectSide, p.slots.N())
}

// size is the size of a page in pixels, which must be within the limits.
func (e *Engine) size(ctx context.Context, f *held, at int) (w, h int, err error) {
	w, h, err = f.file.Size(ctx, at)
	if err == nil {
		err = e.settings.Limits.CheckSize(w, h)
	}
	return w, h, err
}

// returnMemoryAfter is how long the engine waits for more work before it gives back what the
// last page needed: long enough for the next file to be dropped, and too short to notice.
const returnMemoryAfter = 3 * time.Second

// returnMemory gives memory that nobody uses back to the system.
func (e *Engine) returnMemory() {
	e.files.closeIdle()
	e.pixels.Drop()
	debug.FreeOSMemory()
}
