package document_test

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

func TestDecodeImageTurnsUpright(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for orientation, stored := range storedAs() {
			im, exif := paint(stored...), exifBlock(order, orientation)
			png, jpeg := pngBytes(t, im), jpegBytes(t, im)
			for name, data := range map[string][]byte{
				"JPEG":                             withJPEGSegment(jpeg, 0xe1, append([]byte("Exif\x00\x00"), exif...)),
				"PNG, EXIF in front of the pixels": slices.Insert(slices.Clone(png), afterIHDR, pngChunk("eXIf", exif)...),
				"PNG, EXIF behind the pixels":      slices.Insert(slices.Clone(png), len(png)-12, pngChunk("eXIf", exif)...),
				"WebP":                             webpBytes(vp8x(1<<3, im.Rect.Dx(), im.Rect.Dy()), riffChunk("VP8L", vp8l(im)), riffChunk("EXIF", exif)),
				"TIFF":                             tiffBytes(order, im, orientation),
			} {
				t.Run(fmt.Sprintf("%s %d %v", name, orientation, order), func(t *testing.T) {
					wantRows(t, data, upright())
				})
			}
		}
	}
}

// Whatever is wrong with the EXIF block, the pixels are good.
func TestDecodeImageIgnoresBrokenEXIF(t *testing.T) {
	im := jpegBytes(t, paint(upright()...))
	good := exifBlock(binary.LittleEndian, 6)
	with := func(at int, v ...byte) []byte {
		b := slices.Clone(good)
		copy(b[at:], v)
		return b
	}
	for name, exif := range map[string][]byte{
		"empty":                    {},
		"cut in the header":        good[:6],
		"cut in the directory":     good[:15],
		"no byte order":            with(0, 'X', 'X'),
		"directory far outside":    with(4, 0xff, 0xff, 0xff, 0xff),
		"directory at the end":     with(4, byte(len(good)-1)),
		"orientation 0":            with(18, 0),
		"orientation 9":            with(18, 9),
		"orientation as a text":    with(12, 2),
		"more entries than stored": with(8, 0xff, 0xff, 0, 0),
	} {
		t.Run(name, func(t *testing.T) {
			wantRows(t, withJPEGSegment(im, 0xe1, append([]byte("Exif\x00\x00"), exif...)), upright())
		})
	}
	t.Run("segment longer than the file", func(t *testing.T) {
		wantCode(t, decodeError(slices.Concat(im[:2], []byte("\xff\xe1\xff\xff"), im[2:])), inkpool.CodeInvalid)
	})
}

func TestDecodeImageReadsColourModels(t *testing.T) {
	src := paint(upright()...)
	gray, paletted := image.NewGray(src.Rect), image.NewPaletted(src.Rect, nil)
	for _, letter := range []byte("RGBYWK") {
		paletted.Palette = append(paletted.Palette, colourOf(letter))
	}
	deep := image.NewNRGBA64(src.Rect)
	for y := range src.Rect.Dy() {
		for x := range src.Rect.Dx() {
			gray.Set(x, y, color.Gray{uint8(255 * (x / cell % 2))})
			paletted.Set(x, y, src.At(x, y))
			deep.Set(x, y, src.At(x, y))
		}
	}
	wantRows(t, pngBytes(t, paletted), upright())
	wantRows(t, pngBytes(t, deep), upright())
	wantRows(t, pngBytes(t, gray), []string{"KWK", "KWK"})
	wantRows(t, jpegBytes(t, gray), []string{"KWK", "KWK"})
}

// The first frame may be smaller than the canvas and lie anywhere on it; later frames do not show.
func TestDecodeImageShowsFirstFrameOnCanvas(t *testing.T) {
	palette := color.Palette{color.NRGBA{}, colourOf('R'), colourOf('G')}
	frame := func(r image.Rectangle, index uint8) *image.Paletted {
		im := image.NewPaletted(r, palette)
		for i := range im.Pix {
			im.Pix[i] = index
		}
		return im
	}
	canvas := image.Config{ColorModel: palette, Width: 3 * cell, Height: 2 * cell}
	wantRows(t, gifBytes(t, &gif.GIF{
		Image:  []*image.Paletted{frame(image.Rect(cell, 0, 2*cell, cell), 1), frame(image.Rect(0, 0, cell, cell), 2)},
		Delay:  []int{1, 1},
		Config: canvas,
	}), []string{"WRW", "WWW"})

	animated := func(w, h int, at image.Point, im *image.NRGBA) []byte {
		head := []byte{byte(at.X / 2), 0, 0, byte(at.Y / 2), 0, 0, byte(im.Rect.Dx() - 1), 0, 0, byte(im.Rect.Dy() - 1), 0, 0, 1, 0, 0, 0}
		later := append(slices.Clone(head), riffChunk("VP8L", vp8l(paint("K")))...)
		first := append(head, riffChunk("VP8L", vp8l(im))...)
		return webpBytes(vp8x(1<<1|1<<4, w, h), riffChunk("ANIM", make([]byte, 6)), riffChunk("ANMF", first), riffChunk("ANMF", later))
	}
	wantRows(t, animated(3*cell, 2*cell, image.Point{}, paint(upright()...)), upright())
	wantRows(t, animated(3*cell, 2*cell, image.Pt(cell, cell), paint("RG")), []string{"WWW", "WRG"})
}

func TestDecodeImageKeepsTextOnTransparencyReadable(t *testing.T) {
	wantRows(t, pngBytes(t, paint("..W..")), []string{"KKWKK"})
	wantRows(t, pngBytes(t, paint("..K..")), []string{"WWKWW"})
	wantRows(t, webpBytes(riffChunk("VP8L", vp8l(paint("..W..")))), []string{"KKWKK"})
}

func decodeError(data []byte) error {
	_, err := document.DecodeImage(data, document.Limits{})
	return err
}

func TestDecodeImageRefuses(t *testing.T) {
	png, jpeg := pngBytes(t, paint(upright()...)), jpegBytes(t, paint(upright()...))
	webp := webpBytes(riffChunk("VP8L", vp8l(paint(upright()...))))
	for name, tt := range map[string]struct {
		data []byte
		want inkpool.Code
	}{
		"nothing":                  {nil, inkpool.CodeInvalid},
		"PNG cut":                  {png[:len(png)-30], inkpool.CodeInvalid},
		"PNG header only":          {png[:20], inkpool.CodeInvalid},
		"PNG with a damaged mark":  {append([]byte{0x88}, png[1:]...), inkpool.CodeInvalid},
		"JPEG cut":                 {jpeg[:len(jpeg)/2], inkpool.CodeInvalid},
		"JPEG mark only":           {[]byte("\xff\xd8\xff"), inkpool.CodeInvalid},
		"WebP cut":                 {webp[:40], inkpool.CodeInvalid},
		"WebP without picture":     {webpBytes(), inkpool.CodeInvalid},
		"TIFF without directory":   {[]byte("II*\x00\xff\xff\x00\x00"), inkpool.CodeInvalid},
		"JPEG of a rare kind":      {withJPEGSegment(jpeg, 0xc9, make([]byte, 15)), inkpool.CodeUnsupportedFormat},
		"text":                     {[]byte("hello"), inkpool.CodeUnsupportedFormat},
		"PDF":                      {[]byte("%PDF-1.7\n"), inkpool.CodeUnsupportedFormat},
		"binary":                   {[]byte{1, 2, 3, 4, 5, 6}, inkpool.CodeUnsupportedFormat},
		"PNG of 60,000 x 60,000":   {append(pngHeader(60_000, 60_000, 1, 0), png[afterIHDR:]...), inkpool.CodeTooLarge},
		"PNG of 2^31 x 2^31":       {pngHeader(1<<31-1, 1<<31-1, 1, 0), inkpool.CodeUnsupportedFormat},
		"PNG of one endless row":   {append(pngHeader(100_000, 1, 8, 2), png[afterIHDR:]...), inkpool.CodeTooLarge},
		"PNG claiming 99 Mpx":      {append(pngHeader(9_900, 10_000, 8, 2), png[afterIHDR:]...), inkpool.CodeInvalid},
		"GIF of 65,535 x 65,535":   {[]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), inkpool.CodeTooLarge},
		"GIF without pixels":       {[]byte("GIF89a\x00\x00\x00\x00\x00\x00\x00"), inkpool.CodeInvalid},
		"WebP canvas of 2^24":      {webpBytes(vp8x(0, 1<<24, 1<<24), riffChunk("VP8L", vp8l(paint("R")))), inkpool.CodeTooLarge},
		"WebP picture of 2^14":     {webpBytes(riffChunk("VP8L", []byte{0x2f, 0xff, 0xff, 0xff, 0x0f})), inkpool.CodeTooLarge},
		"TIFF of 60,000 x 60,000":  {tiffBomb(60_000, 60_000), inkpool.CodeTooLarge},
		"BMP of 3 million x 2 mio": {bmpBytes(infoHeader(3_000_000, 2_000_000, 24, 0), nil, nil), inkpool.CodeTooLarge},
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, decodeError(tt.data), tt.want) })
	}
}

// tiffBomb is a small TIFF whose header claims another size.
func tiffBomb(w, h int) []byte {
	return tiffFile(binary.LittleEndian, [][]byte{{1, 2, 3, 4}}, short(256, w), short(257, h), short(258, 8), short(262, 1))
}

// Refusing must cost next to nothing: a folder of bombs is no worse than a folder of texts.
func TestDecodeImageRefusesBombsWithoutMemory(t *testing.T) {
	for name, data := range map[string][]byte{
		"PNG beyond the limit": append(pngHeader(60_000, 60_000, 1, 0), make([]byte, 1000)...),
		"PNG within it":        append(pngHeader(9_900, 10_000, 16, 6), make([]byte, 1000)...),
		"GIF":                  []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"),
		"TIFF":                 tiffBomb(60_000, 60_000),
		"TIFF within it":       tiffBomb(9_900, 10_000),
		"BMP":                  bmpBytes(infoHeader(9_900, 10_000, 24, 0), nil, nil),
	} {
		t.Run(name, func(t *testing.T) {
			if err := decodeError(data); err == nil {
				t.Fatal("got no error, want one")
			}
			const most = 1 << 20
			if got := bytesAllocated(func() { _ = decodeError(data) }); got > most {
				t.Errorf("got %d bytes allocated, want at most %d", got, most)
			}
		})
	}
}

func bytesAllocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestDecodeImageObeysLimits(t *testing.T) {
	data := pngBytes(t, paint(upright()...)) // 48 x 32 pixels
	for _, tt := range []struct {
		lim document.Limits
		ok  bool
	}{
		{document.Limits{MaxPixels: 48 * 32}, true},
		{document.Limits{MaxPixels: 48*32 - 1}, false},
		{document.Limits{MaxSidePx: 48}, true},
		{document.Limits{MaxSidePx: 47}, false},
	} {
		_, err := document.DecodeImage(data, tt.lim)
		if (err == nil) != tt.ok {
			t.Errorf("%+v: got error %v, want success %v", tt.lim, err, tt.ok)
		}
	}
}

// The sentence must name the format, or a person does not know which program can help.
func TestUnsupportedFormatsAreNamed(t *testing.T) {
	for name, data := range map[string]string{
		"PDF":       "%PDF-1.4",
		"HEIC":      "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
		"AVIF":      "\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf",
		"SVG":       "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
		"JPEG 2000": "\x00\x00\x00\x0cjP  \r\n\x87\n",
		"JPEG XL":   "\xff\x0a\x00\x00",
		"archive":   "PK\x03\x04\x14\x00",
		"Office":    "PK\x03\x04\x14\x00\x06\x00............................[Content_Types].xml",
	} {
		err := decodeError([]byte(data))
		wantCode(t, err, inkpool.CodeUnsupportedFormat)
		if err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("got %q, want it to name %s", err, name)
		}
	}
}

func BenchmarkDecodeImage(b *testing.B) {
	im := raster.New(4000, 3000)
	for i := range im.Pix {
		im.Pix[i] = uint8(i * i >> 7)
	}
	data := jpegBytes(b, im.Std())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := document.DecodeImage(data, document.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
