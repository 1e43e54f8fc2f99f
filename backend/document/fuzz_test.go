package document_test

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Each decoder has an entry of its own, so that none is left to chance. Whatever the bytes
// are, the answer is a picture within the limits or an error for people, without a panic,
// and soon.

// fuzzPicture begins with pictures of one format.
func fuzzPicture(f *testing.F, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(wantPictureOrError)
}

func wantPictureOrError(t *testing.T, data []byte) {
	const slow = 5 * time.Second
	lim := document.Limits{MaxPixels: 1 << 20, MaxSidePx: 1 << 14}
	began := time.Now()
	im, err := document.DecodeImage(data, lim)
	if took := time.Since(began); took > slow {
		t.Errorf("took %v, want at most %v", took, slow)
	}
	if err != nil {
		if inkpool.CodeOf(err) == inkpool.CodeInternal {
			t.Errorf("got internal error %v, want one that says what is wrong", err)
		}
		return
	}
	if len(im.Pix) != 3*im.Width*im.Height || im.Width*im.Height > lim.MaxPixels {
		t.Errorf("got %d bytes for %d x %d pixels", len(im.Pix), im.Width, im.Height)
	}
	if w, h, err := document.ImageSize(data); err != nil || w != im.Width || h != im.Height {
		t.Errorf("ImageSize: got %d x %d, %v, want %d x %d", w, h, err, im.Width, im.Height)
	}
}

// testFile reads a file of testdata.
func testFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func FuzzJPEG(f *testing.F) {
	whole := jpegBytes(f, paint(upright()...))
	progressive, restarts := testFile(f, "progressive.jpg"), testFile(f, "restarts.jpg")
	fuzzPicture(
		f, whole, whole[:len(whole)*2/3], progressive, progressive[:len(progressive)/2],
		restarts, restarts[:len(restarts)*3/4],
	)
}

func FuzzPNG(f *testing.F) {
	im := paint(upright()...)
	deep := image.NewNRGBA64(image.Rect(0, 0, 4, 4))
	fuzzPicture(f, pngBytes(f, im), pngBytes(f, paint("..W..")), pngBytes(f, deep),
		pngBytes(f, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.Transparent})))
}

func FuzzGIF(f *testing.F) {
	frame := func(x, y int) *image.Paletted {
		return image.NewPaletted(image.Rect(x, y, x+4, y+4), color.Palette{color.Black, color.White})
	}
	fuzzPicture(f,
		gifBytes(f, &gif.GIF{Image: []*image.Paletted{frame(0, 0)}, Delay: []int{0}}),
		gifBytes(f, &gif.GIF{Image: []*image.Paletted{frame(2, 3), frame(0, 0)}, Delay: []int{0, 0}, Config: image.Config{Width: 9, Height: 9}}))
}

func FuzzBMP(f *testing.F) {
	fuzzPicture(f,
		bmpBytes(infoHeader(2, 2, 24, 0), nil, make([]byte, 16)),
		bmpBytes(infoHeader(2, -2, 16, 3), make([]byte, 12), make([]byte, 8)),
		bmpBytes(infoHeader(4, 2, 8, 1), make([]byte, 1024), []byte{4, 1, 0, 0, 4, 2, 0, 1}),
		bmpBytes(infoHeader(4, 2, 4, 2), make([]byte, 64), []byte{4, 1, 0, 2, 0, 1, 0, 4, 1, 2, 0, 1}))
}

func FuzzTIFF(f *testing.F) {
	im := paint(upright()...)
	little, big := binary.LittleEndian, binary.BigEndian
	fuzzPicture(f,
		tiffBytes(big, im, 8),
		tiffFile(little, [][]byte{jpegBytes(f, im)}, short(256, 48), short(257, 32), short(258, 8, 8, 8), short(259, 7), short(262, 6), short(277, 3)),
		tiffFile(little, [][]byte{{0xfe, 255, 2, 0, 255, 0}}, short(256, 6), short(257, 1), short(258, 8), short(259, 32773), short(262, 1)),
		tiffFile(little, [][]byte{{0x26, 0xa1, 0x00, 0x10}}, short(256, 16), short(257, 4), short(258, 1), short(259, 4), short(262, 0)),
		tiffFile(little, [][]byte{{0x80, 0x00, 0x20, 0x50, 0x10}}, short(256, 4), short(257, 1), short(258, 8), short(259, 5), short(262, 1), short(317, 2)),
		tiffFile(little, [][]byte{make([]byte, 12)}, short(256, 2), short(257, 2), short(258, 8, 8, 8), short(262, 6), short(277, 3), short(530, 2, 2)),
		tiffFile(little, [][]byte{make([]byte, 8), make([]byte, 8), make([]byte, 8), make([]byte, 8)},
			short(256, 2), short(257, 2), short(258, 16, 16, 16, 16), short(262, 5), short(277, 4), short(284, 2)),
		tiffFile(big, [][]byte{make([]byte, 256)}, short(256, 9), short(257, 5), short(258, 8), short(262, 3), short(320, 1, 2, 3), short(322, 16), short(323, 16)))
}

func FuzzWebP(f *testing.F) {
	im := paint(upright()...)
	fuzzPicture(f, testFile(f, "lossy-alpha.webp"), webpBytes(riffChunk("VP8L", vp8l(im))),
		webpBytes(vp8x(1<<1, 64, 48), riffChunk("ANMF", append(make([]byte, 16), riffChunk("VP8L", vp8l(im))...))))
}

func FuzzIcon(f *testing.F) {
	fuzzPicture(f,
		icoFile(icoPicture{2 * cell, cell, 24, dib(0, 0)}),
		icoFile(icoPicture{cell, cell, 32, pngBytes(f, paint("R"))}, icoPicture{48, 32, 32, pngBytes(f, paint(upright()...))}))
}

// What is wrong with the data about a picture must not keep it from being shown.
func FuzzEXIF(f *testing.F) {
	im := paint(upright()...)
	jpeg, png, lossless := jpegBytes(f, im), pngBytes(f, im), riffChunk("VP8L", vp8l(im))
	for orientation := range 10 {
		f.Add(exifBlock(binary.LittleEndian, orientation))
		f.Add(exifBlock(binary.BigEndian, orientation))
	}
	f.Fuzz(func(t *testing.T, block []byte) {
		const mostInSegment = 1<<16 - 9 // bytes
		block = block[:min(len(block), mostInSegment)]
		for _, data := range [][]byte{
			withJPEGSegment(jpeg, 0xe1, append([]byte("Exif\x00\x00"), block...)),
			slices.Insert(slices.Clone(png), afterIHDR, pngChunk("eXIf", block)...),
			webpBytes(vp8x(1<<3, 48, 32), lossless, riffChunk("EXIF", block)),
		} {
			if _, err := document.DecodeImage(data, document.Limits{}); err != nil {
				t.Errorf("got error %v, want the picture", err)
			}
			wantPictureOrError(t, data)
		}
	})
}
