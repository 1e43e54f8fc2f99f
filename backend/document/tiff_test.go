package document_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"golang.org/x/image/tiff"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// What x/image's encoder writes, we must read as x/image's decoder does.
func TestDecodeTIFFEqualsXImage(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	bounds := image.Rect(0, 0, 37, 23)
	gray, gray16, rgba64 := image.NewGray(bounds), image.NewGray16(bounds), image.NewRGBA64(bounds)
	paletted := image.NewPaletted(bounds, color.Palette{colourOf('R'), colourOf('G'), colourOf('K')})
	for _, pix := range [][]uint8{gray.Pix, gray16.Pix, rgba64.Pix} {
		for i := range pix {
			pix[i] = uint8(r.Uint32())
		}
	}
	for i := 0; i < len(rgba64.Pix); i += 8 {
		rgba64.Pix[i+6], rgba64.Pix[i+7] = 255, 255
	}
	for i := range paletted.Pix {
		paletted.Pix[i] = uint8(r.IntN(3))
	}
	for _, opt := range []*tiff.Options{{Compression: tiff.Uncompressed}, {Compression: tiff.Deflate}, {Compression: tiff.Deflate, Predictor: true}} {
		for _, src := range []image.Image{gray, gray16, rgba64, paletted, paint("RGB", "YWK")} {
			if _, ok := src.(*image.Paletted); ok && opt.Predictor {
				continue // its predictor for palettes is not what readers expect
			}
			var b bytes.Buffer
			if err := tiff.Encode(&b, src, opt); err != nil {
				t.Fatal(err)
			}
			theirs, err := tiff.Decode(bytes.NewReader(b.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			got, err := document.DecodeImage(b.Bytes(), document.Limits{})
			if err != nil {
				t.Errorf("%T %+v: got error %v", src, *opt, err)
				continue
			}
			if want := raster.FromImage(theirs); !slices.Equal(got.Pix, want.Pix) {
				t.Errorf("%T %+v: got other pixels than x/image's decoder", src, *opt)
			}
		}
	}
}

// channel returns one sample of each pixel of a row of letters.
func channel(letters string, c int) (out []byte) {
	for i := range letters {
		n := colourOf(letters[i])
		out = append(out, []byte{n.R, n.G, n.B}[c])
	}
	return out
}

func deflate(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecodeTIFFVariants(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	size := func(w, h int) []tiffTag { return []tiffTag{short(256, w), short(257, h)} }
	file := func(order binary.AppendByteOrder, dims []tiffTag, blocks [][]byte, tags ...tiffTag) []byte {
		return tiffFile(order, blocks, append(dims, tags...)...)
	}
	palette := short(320, 65535, 0, 0, 0, 0, 65535) // red, then blue
	tile := bytes.Repeat([]byte{255}, 16*16)
	dark := make([]byte, 16*16)
	units := bytes.Repeat([]byte{255, 255, 0, 0, 128, 128}, 2) // upper rows white, lower rows black
	for name, tt := range map[string]struct {
		data []byte
		want []string
	}{
		"defaults: one bit, black is zero": {file(le, size(3, 2), [][]byte{{0b10100000, 0b01000000}}), []string{"WKW", "KWK"}},
		"white is zero":                    {file(le, size(3, 1), [][]byte{{0b10100000}}, short(262, 0)), []string{"KWK"}},
		"2 bits":                           {file(le, size(4, 1), [][]byte{{0b11001100}}, short(258, 2), short(262, 1)), []string{"WKWK"}},
		"4 bits":                           {file(le, size(3, 1), [][]byte{{0xf0, 0xf0}}, short(258, 4), short(262, 1)), []string{"WKW"}},
		"12 bits":                          {file(be, size(3, 1), [][]byte{{0xff, 0xf0, 0x00, 0xff, 0xf0}}, short(258, 12), short(262, 1)), []string{"WKW"}},
		"16 bits, little endian":           {file(le, size(2, 1), [][]byte{{0, 255, 255, 0}}, short(258, 16), short(262, 1)), []string{"WK"}},
		"16 bits, big endian":              {file(be, size(2, 1), [][]byte{{255, 0, 0, 255}}, short(258, 16), short(262, 1)), []string{"WK"}},
		"low bit first":                    {file(le, size(3, 1), [][]byte{{0b00000101}}, short(266, 2)), []string{"WKW"}},
		"strips":                           {file(le, size(8, 3), [][]byte{{0, 255}, {0}}, short(278, 2)), []string{"KKKKKKKK", "WWWWWWWW", "KKKKKKKK"}},
		"palette":                          {file(le, size(3, 1), [][]byte{{0b01000000}}, short(262, 3), palette), []string{"RBR"}},
		"palette of 8-bit colours": {
			file(le, size(3, 1), [][]byte{{0b01000000}}, short(262, 3), short(320, 255, 0, 0, 0, 0, 255)),
			[]string{"RBR"},
		},
		"planes": {
			file(le, size(3, 1), [][]byte{channel("RGB", 0), channel("RGB", 1), channel("RGB", 2)},
				short(258, 8, 8, 8), short(262, 2), short(277, 3), short(284, 2)),
			[]string{"RGB"},
		},
		"extra sample": {
			file(le, size(2, 1), [][]byte{{255, 0, 0, 9, 0, 255, 0, 9}}, short(258, 8, 8, 8, 8), short(262, 2), short(277, 4), short(338, 0)),
			[]string{"RG"},
		},
		"transparency": {
			file(le, size(2, 1), [][]byte{{255, 0, 0, 255, 0, 0, 0, 0}}, short(258, 8, 8, 8, 8), short(262, 2), short(277, 4), short(338, 2)),
			[]string{"RW"},
		},
		"CMYK": {
			file(le, size(3, 1), [][]byte{{0, 255, 255, 0, 255, 0, 255, 0, 0, 0, 0, 255}}, short(258, 8, 8, 8, 8), short(262, 5), short(277, 4)),
			[]string{"RGK"},
		},
		"YCbCr": {
			file(le, size(4, 2), [][]byte{units}, short(258, 8, 8, 8), short(262, 6), short(277, 3)),
			[]string{"WWWW", "KKKK"},
		},
		"tiles": {
			file(le, size(18, 1), [][]byte{tile, dark}, short(258, 8), short(262, 1), short(322, 16), short(323, 16)),
			[]string{"WWWWWWWWWWWWWWWWKK"},
		},
		"PackBits": {
			file(le, size(6, 1), [][]byte{{0xfe, 255, 0x80, 2, 0, 255, 0}}, short(258, 8), short(259, 32773), short(262, 1)),
			[]string{"WWWKWK"},
		},
		"old number for Deflate": {
			file(le, size(2, 1), [][]byte{deflate(t, []byte{255, 0})}, short(258, 8), short(259, 32946), short(262, 1)),
			[]string{"WK"},
		},
		"differences of 16 bits": {
			file(be, size(3, 1), [][]byte{deflate(t, []byte{255, 255, 0, 1, 255, 255})},
				short(258, 16), short(259, 8), short(262, 1), short(317, 2)),
			[]string{"WKW"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			im, err := document.DecodeImage(tt.data, document.Limits{})
			if err != nil {
				t.Fatalf("got error %v, want %q", err, tt.want)
			}
			if got := dots(im); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// splitJPEG returns the tables of a JPEG file and the rest, both as files of their own.
func splitJPEG(data []byte) (tables, rest []byte) {
	tables, rest = slices.Clone(data[:2]), slices.Clone(data[:2])
	const quantisation, huffman, scan = 0xdb, 0xc4, 0xda
	i := 2
	for data[i+1] != scan {
		end := i + 2 + int(binary.BigEndian.Uint16(data[i+2:]))
		if m := data[i+1]; m == quantisation || m == huffman {
			tables = append(tables, data[i:end]...)
		} else {
			rest = append(rest, data[i:end]...)
		}
		i = end
	}
	return append(tables, 0xff, 0xd9), append(rest, data[i:]...)
}

func TestDecodeTIFFWithJPEG(t *testing.T) {
	top, bottom := jpegBytes(t, paint("RGB")), jpegBytes(t, paint("YWK"))
	tags := []tiffTag{short(256, 3*cell), short(257, 2*cell), short(258, 8, 8, 8), short(259, 7), short(262, 6), short(277, 3), short(278, cell)}
	wantRows(t, tiffFile(binary.LittleEndian, [][]byte{top, bottom}, tags...), upright())

	tables, first := splitJPEG(top)
	_, second := splitJPEG(bottom)
	shared := tiffTag{347, 1, nil}
	for _, b := range tables {
		shared.values = append(shared.values, int(b))
	}
	wantRows(t, tiffFile(binary.BigEndian, [][]byte{first, second}, append(tags, shared)...), upright())

	// A grey JPEG shows what is in the channel: a picture of three equal ones.
	gray := image.NewGray(image.Rect(0, 0, cell, cell))
	for i := range gray.Pix {
		gray.Pix[i] = 255
	}
	wantRows(t, tiffFile(binary.LittleEndian, [][]byte{jpegBytes(t, gray)},
		short(256, cell), short(257, cell), short(258, 8), short(259, 7), short(262, 1)), []string{"W"})
}

func TestDecodeTIFFRefuses(t *testing.T) {
	le := binary.LittleEndian
	file := func(block []byte, tags ...tiffTag) []byte {
		return tiffFile(le, [][]byte{block}, append([]tiffTag{short(256, 4), short(257, 4), short(262, 1)}, tags...)...)
	}
	gray8 := short(258, 8)
	for name, tt := range map[string]struct {
		data []byte
		want inkpool.Code
	}{
		"pixels cut":              {file(make([]byte, 15), gray8), inkpool.CodeInvalid},
		"too few pixels, Deflate": {file(deflate(t, make([]byte, 15)), gray8, short(259, 8)), inkpool.CodeInvalid},
		"too few pixels, runs":    {file([]byte{0xfe, 0}, gray8, short(259, 32773)), inkpool.CodeInvalid},
		"too few blocks":          {file(make([]byte, 16), gray8, short(278, 1)), inkpool.CodeInvalid},
		"no samples":              {file(make([]byte, 16), gray8, short(277, 0)), inkpool.CodeInvalid},
		"tiles too small":         {file(make([]byte, 16), gray8, short(322, 1), short(323, 1)), inkpool.CodeInvalid},
		"tiles too large":         {file(make([]byte, 16), gray8, short(322, 65535), short(323, 65535)), inkpool.CodeInvalid},
		"JPEG larger than block":  {file(jpegBytes(t, paint("RG")), gray8, short(259, 7)), inkpool.CodeInvalid},
		"old JPEG":                {file(make([]byte, 16), gray8, short(259, 6)), inkpool.CodeUnsupportedFormat},
		"floating point":          {file(make([]byte, 16), gray8, short(339, 3)), inkpool.CodeUnsupportedFormat},
		"32 bits":                 {file(make([]byte, 64), short(258, 32)), inkpool.CodeUnsupportedFormat},
		"unknown predictor":       {file(deflate(t, make([]byte, 16)), gray8, short(259, 8), short(317, 3)), inkpool.CodeUnsupportedFormat},
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, decodeError(tt.data), tt.want) })
	}
}

// What is coded as white in a fax is zero, and zero is black on a page that says so: the
// sample is such a page, written by libtiff.
func TestFaxPagesAreNotInNegative(t *testing.T) {
	data, err := os.ReadFile("../../samples/bilevel-scan.tif")
	if err != nil {
		t.Fatal(err)
	}
	im, err := document.DecodeImage(data, document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, v := range im.Pix {
		sum += int(v)
	}
	if mean := sum / len(im.Pix); mean < 200 {
		t.Errorf("got a mean of %d, want a white page with black letters", mean)
	}
}

// Lines of faxes may begin at whole bytes, with zeros in between.
func TestFaxLinesWithFill(t *testing.T) {
	white := []byte{0x00, 0x01, 0x4d, 0x9a, 0x80}       // an end of line, 1728 white pixels
	black := []byte{0x00, 0x01, 0x35, 0x03, 0x28, 0x6e} // none, 1728 black ones
	page := slices.Concat(white, black, white)
	im, err := document.DecodeImage(tiffFile(binary.LittleEndian, [][]byte{page},
		short(256, 1728), short(257, 3), short(258, 1), short(259, 3), short(262, 0), short(292, 4)), document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for y, want := range []raster.RGB{{255, 255, 255}, {0, 0, 0}, {255, 255, 255}} {
		for _, x := range []int{0, 1000, 1727} {
			if got := im.At(x, y); got != want {
				t.Errorf("(%d, %d): got %v, want %v", x, y, got, want)
			}
		}
	}
}
