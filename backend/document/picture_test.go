package document_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// The test pictures are made of square cells in six colours, named by letters, so that they
// survive lossy coding and show every way of turning and mirroring.

// cell is the side of a square in pixels: two blocks of JPEG, so that colours do not bleed.
const cell = 16

func colourOf(letter byte) color.NRGBA {
	switch letter {
	case 'R':
		return color.NRGBA{R: 255, A: 255}
	case 'G':
		return color.NRGBA{G: 255, A: 255}
	case 'B':
		return color.NRGBA{B: 255, A: 255}
	case 'Y':
		return color.NRGBA{R: 255, G: 255, A: 255}
	case 'W':
		return color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	case '.':
		return color.NRGBA{}
	default: // K
		return color.NRGBA{A: 255}
	}
}

// paint returns the picture with the given rows of cells.
func paint(rows ...string) *image.NRGBA {
	im := image.NewNRGBA(image.Rect(0, 0, cell*len(rows[0]), cell*len(rows)))
	for y := range im.Rect.Dy() {
		for x := range im.Rect.Dx() {
			im.SetNRGBA(x, y, colourOf(rows[y/cell][x/cell]))
		}
	}
	return im
}

// read names the colour in the middle of each cell: the opposite of paint.
func read(im *raster.Image) (rows []string) {
	for y := cell / 2; y < im.Height; y += cell {
		var row []byte
		for x := cell / 2; x < im.Width; x += cell {
			row = append(row, letterOf(im.At(x, y)))
		}
		rows = append(rows, string(row))
	}
	return rows
}

// letterOf allows for a quarter of the range, which JPEG and CMYK need.
func letterOf(c raster.RGB) byte {
	for _, letter := range []byte("RGBYWK") {
		want := colourOf(letter)
		near := func(a, b uint8) bool { return max(a, b)-min(a, b) < 64 }
		if near(c[0], want.R) && near(c[1], want.G) && near(c[2], want.B) {
			return letter
		}
	}
	return '?'
}

// upright is the picture that all orientations must decode to.
func upright() []string { return []string{"RGB", "YWK"} }

// storedAs says how the pixels of upright are stored with each EXIF orientation.
func storedAs() map[int][]string {
	return map[int][]string{
		1: {"RGB", "YWK"}, 2: {"BGR", "KWY"}, 3: {"KWY", "BGR"}, 4: {"YWK", "RGB"},
		5: {"RY", "GW", "BK"}, 6: {"BK", "GW", "RY"}, 7: {"KB", "WG", "YR"}, 8: {"YR", "WG", "KB"},
	}
}

// exifBlock is the smallest EXIF block with an orientation.
func exifBlock(order binary.AppendByteOrder, orientation int) []byte {
	head := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		head = "MM\x00*"
	}
	b := order.AppendUint32([]byte(head), 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, 274)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, uint16(orientation))
	return append(b, 0, 0, 0, 0, 0, 0)
}

func jpegBytes(t testing.TB, im image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withJPEGSegment inserts a segment behind the start of the picture.
func withJPEGSegment(data []byte, marker byte, content []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2))
	return slices.Concat(data[:2], segment, content, data[2:])
}

func pngBytes(t testing.TB, im image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngChunk(name string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngHeader is all of a PNG in front of its pixels.
func pngHeader(w, h int, depth, colour byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(w))
	head = binary.BigEndian.AppendUint32(head, uint32(h))
	return append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", append(head, depth, colour, 0, 0, 0))...)
}

// afterIHDR is where further chunks may be inserted.
const afterIHDR = 8 + 12 + 13

func gifBytes(t testing.TB, g *gif.GIF) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tiffTag is a directory entry; kind is 1 for bytes, 3 for 16-bit and 4 for 32-bit numbers.
type tiffTag struct {
	id, kind int
	values   []int
}

func short(id int, values ...int) tiffTag { return tiffTag{id, 3, values} }

// tiffFile writes blocks, a directory with the tags (and where the blocks are: strips, unless
// a tag says that they are tiles), then the values that do not fit into the directory.
func tiffFile(order binary.AppendByteOrder, blocks [][]byte, tags ...tiffTag) []byte {
	b := exifBlock(order, 0)[:8]
	offsets, counts := tiffTag{273, 4, nil}, tiffTag{279, 4, nil}
	for _, tag := range tags {
		if tag.id == 322 {
			offsets.id, counts.id = 324, 325
		}
	}
	for _, block := range blocks {
		offsets.values, counts.values = append(offsets.values, len(b)), append(counts.values, len(block))
		b = append(b, block...)
	}
	tags = append(slices.Clone(tags), offsets, counts)
	slices.SortFunc(tags, func(a, b tiffTag) int { return a.id - b.id })
	start := len(b)
	copy(b[4:], order.AppendUint32(nil, uint32(start)))
	var rest []byte
	b = order.AppendUint16(b, uint16(len(tags)))
	for _, tag := range tags {
		var value []byte
		for _, v := range tag.values {
			switch tag.kind {
			case 1:
				value = append(value, byte(v))
			case 3:
				value = order.AppendUint16(value, uint16(v))
			default:
				value = order.AppendUint32(value, uint32(v))
			}
		}
		b = order.AppendUint16(b, uint16(tag.id))
		b = order.AppendUint16(b, uint16(tag.kind))
		b = order.AppendUint32(b, uint32(len(tag.values)))
		if len(value) > 4 {
			at := start + 2 + 12*len(tags) + 4 + len(rest)
			rest = append(rest, value...)
			value = order.AppendUint32(nil, uint32(at))
		}
		b = append(b, append(value, 0, 0, 0, 0)[:4]...)
	}
	return append(order.AppendUint32(b, 0), rest...)
}

// tiffBytes writes an uncompressed RGB picture with an orientation, which x/image's encoder
// cannot.
func tiffBytes(order binary.AppendByteOrder, im *image.NRGBA, orientation int) []byte {
	var pixels []byte
	for i := 0; i < len(im.Pix); i += 4 {
		pixels = append(pixels, im.Pix[i:i+3]...)
	}
	return tiffFile(order, [][]byte{pixels},
		short(256, im.Rect.Dx()), short(257, im.Rect.Dy()), short(258, 8, 8, 8), short(259, 1), short(262, 2),
		short(274, orientation), short(277, 3))
}

// vp8l writes a lossless WebP bitstream in which every channel is 0 or 255 and each pixel
// takes a bit for green, red, blue and alpha.
func vp8l(im *image.NRGBA) []byte {
	w, h := im.Rect.Dx(), im.Rect.Dy()
	out := []byte{0x2f}
	var acc, n uint
	put := func(v, bits uint) {
		acc |= v << n
		for n += bits; n >= 8; n -= 8 {
			out = append(out, byte(acc))
			acc >>= 8
		}
	}
	put(uint(w-1), 14)
	put(uint(h-1), 14)
	put(1, 1) // alpha is used
	put(0, 3) // version
	put(0, 3) // no transform, no colour cache, one group of codes
	for range 4 {
		put(0b111, 3) // simple code, two symbols, the first of 8 bits
		put(0, 8)
		put(255, 8)
	}
	put(0b001, 4) // distances: simple code, one symbol of one bit: 0
	for i := 0; i < len(im.Pix); i += 4 {
		for _, c := range []int{1, 0, 2, 3} {
			put(uint(im.Pix[i+c]>>7), 1)
		}
	}
	put(0, 7)
	return out
}

func riffChunk(name string, content []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	return append(append(b, content...), make([]byte, len(content)%2)...)
}

func webpBytes(chunks ...[]byte) []byte {
	all := slices.Concat(chunks...)
	b := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(all)+4))
	return append(append(b, "WEBP"...), all...)
}

// vp8x is the header of an extended WebP file.
func vp8x(flags byte, w, h int) []byte {
	w, h = w-1, h-1
	return riffChunk("VP8X", []byte{flags, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)})
}

// wantRows fails the test unless data decodes to a picture with these cells.
func wantRows(t *testing.T, data []byte, want []string) {
	t.Helper()
	im, err := document.DecodeImage(data, document.Limits{})
	if err != nil {
		t.Errorf("got error %v, want %q", err, want)
		return
	}
	if got := read(im); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	w, h, err := document.ImageSize(data)
	if err != nil || w != im.Width || h != im.Height {
		t.Errorf("ImageSize: got %d x %d, %v, want %d x %d", w, h, err, im.Width, im.Height)
	}
}

// wantCode fails the test unless err is meant for people and has this code.
func wantCode(t *testing.T, err error, want inkpool.Code) {
	t.Helper()
	var e *inkpool.Error
	if !errors.As(err, &e) {
		t.Errorf("got %v, want an error with code %s", err, want)
		return
	}
	if e.Code != want || e.Message == "" || e.Hint == "" {
		t.Errorf("got code %s, message %q, hint %q, want code %s with both", e.Code, e.Message, e.Hint, want)
	}
}
