package document

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"

	"golang.org/x/image/webp"
)

var errWebP = errors.New("no picture in the WebP container")

// webpFile is what we need of a WebP container: the canvas, and the first picture on it.
type webpFile struct {
	w, h  int         // of the canvas; 0 for a file that holds one plain picture only
	at    image.Point // of the picture on the canvas
	alpha []byte      // content of the ALPH chunk, if any
	codec string      // "VP8 " or "VP8L"
	bits  []byte      // content of that chunk
	exif  []byte
}

// parseWebP takes a container apart. x/image/webp knows plain files only: no animation, and
// no file whose flags disagree with its content, of which there are many.
func parseWebP(data []byte) (webpFile, error) {
	var f webpFile
	f.scan(data[min(12, len(data)):])
	if f.bits == nil {
		return f, errWebP
	}
	return f, nil
}

// scan walks through chunks (name, 32-bit length, content padded to an even length) and
// keeps the first of each kind. A last chunk that is cut short is kept as far as it goes.
func (f *webpFile) scan(chunks []byte) {
	for len(chunks) >= 8 {
		name := string(chunks[:4])
		size := uint64(binary.LittleEndian.Uint32(chunks[4:]))
		rest := chunks[8:]
		f.add(name, rest[:min(size, uint64(len(rest)))])
		chunks = rest[min(size+size%2, uint64(len(rest))):]
	}
}

// add takes note of one chunk.
func (f *webpFile) add(name string, body []byte) {
	switch {
	case name == "VP8X" && len(body) >= 10 && f.w == 0:
		f.w, f.h = 1+uint24(body[4:]), 1+uint24(body[7:])
	case name == "ANMF" && len(body) >= 16 && f.bits == nil:
		f.at = image.Pt(2*uint24(body), 2*uint24(body[3:]))
		f.scan(body[16:])
	case name == "ALPH" && f.bits == nil:
		f.alpha = body
	case (name == "VP8 " || name == "VP8L") && f.bits == nil:
		f.codec, f.bits = name, body
	case name == "EXIF" && f.exif == nil:
		f.exif = body
	}
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// picture returns a plain container with the first picture alone.
func (f *webpFile) picture() io.Reader {
	return riff(chunk(f.codec, f.bits))
}

// pictureWithAlpha is picture for a lossy picture of w x h pixels with its ALPH chunk.
func (f *webpFile) pictureWithAlpha(w, h int) io.Reader {
	const hasAlpha = 1 << 4
	head := []byte{hasAlpha, 0, 0, 0}
	for _, v := range []int{w - 1, h - 1} {
		head = append(head, byte(v), byte(v>>8), byte(v>>16))
	}
	return riff(chunk("VP8X", head), chunk("ALPH", f.alpha), chunk(f.codec, f.bits))
}

// chunk returns a chunk as parts, so that its content need not be copied.
func chunk(name string, body []byte) [][]byte {
	head := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body)))
	return [][]byte{head, body, make([]byte, len(body)%2)}
}

// riff joins chunks to a WebP container.
func riff(chunks ...[][]byte) io.Reader {
	size := 4
	var parts []io.Reader
	for _, c := range chunks {
		for _, part := range c {
			size += len(part)
			parts = append(parts, bytes.NewReader(part))
		}
	}
	head := append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(size)), "WEBP"...)
	return io.MultiReader(append([]io.Reader{bytes.NewReader(head)}, parts...)...)
}

func webpSize(data []byte) (w, h int, err error) {
	f, err := parseWebP(data)
	if err != nil {
		return 0, 0, err
	}
	// The picture's own size is what memory is taken for: the canvas must hold it.
	c, err := webp.DecodeConfig(f.picture())
	if err != nil {
		return 0, 0, err
	}
	return max(f.w, c.Width), max(f.h, c.Height), nil
}

func decodeWebP(data []byte) (image.Image, error) {
	f, err := parseWebP(data)
	if err != nil {
		return nil, err
	}
	src := f.picture()
	if f.codec == "VP8 " && f.alpha != nil {
		c, err := webp.DecodeConfig(f.picture())
		if err != nil {
			return nil, err
		}
		src = f.pictureWithAlpha(c.Width, c.Height)
	}
	frame, err := webp.Decode(src)
	if err != nil {
		return nil, err
	}
	b := frame.Bounds()
	return onCanvas(frame, f.at, max(f.w, b.Dx()), max(f.h, b.Dy())), nil
}

func webpOrientation(data []byte) int {
	f, err := parseWebP(data)
	if err != nil {
		return upright
	}
	return exifOrientation(f.exif)
}
