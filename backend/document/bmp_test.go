package document_test

import (
	"encoding/binary"
	"image/color"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// infoHeader is the second header in its common form of 40 bytes; masks follow where given.
func infoHeader(w, h, depth, compression int, masks ...uint32) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 40)
	b = le.AppendUint32(b, uint32(int32(w)))
	b = le.AppendUint32(b, uint32(int32(h)))
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, uint16(depth))
	b = le.AppendUint32(b, uint32(compression))
	b = append(b, make([]byte, 20)...)
	for _, m := range masks {
		b = le.AppendUint32(b, m)
	}
	return b
}

// coreHeader is the second header of OS/2, with palette entries of three bytes.
func coreHeader(w, h, depth int) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 12)
	for _, v := range []int{w, h, 1, depth} {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

func bmpBytes(header, palette, pixels []byte) []byte {
	offset := 14 + len(header) + len(palette)
	b := binary.LittleEndian.AppendUint32([]byte("BM"), uint32(offset+len(pixels)))
	b = append(b, 0, 0, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, uint32(offset))
	return slices.Concat(b, header, palette, pixels)
}

// entries writes a palette with size bytes an entry.
func entries(size int, letters string) (b []byte) {
	for i := range letters {
		c := colourOf(letters[i])
		b = append(b, []byte{c.B, c.G, c.R, 0}[:size]...)
	}
	return b
}

// dots names the colour of every pixel.
func dots(im *raster.Image) (rows []string) {
	for y := range im.Height {
		row := make([]byte, im.Width)
		for x := range row {
			row[x] = letterOf(im.At(x, y))
		}
		rows = append(rows, string(row))
	}
	return rows
}

func bgr(letter byte) []byte { return entries(3, string(letter)) }

// packed returns the bits of a colour under masks of n, m, n bits.
func packed(c color.NRGBA, r, g, b uint32) uint32 {
	return uint32(c.R)/255*r | uint32(c.G)/255*g | uint32(c.B)/255*b
}

func pixels16(letters string, r, g, b uint32) (out []byte) {
	for i := range letters {
		out = binary.LittleEndian.AppendUint16(out, uint16(packed(colourOf(letters[i]), r, g, b)))
	}
	return out
}

func TestDecodeBMP(t *testing.T) {
	palette := entries(4, "KRGB")
	for name, tt := range map[string]struct {
		data []byte
		want []string
	}{
		"24 bits, padded rows": {
			bmpBytes(infoHeader(1, 2, 24, 0), nil, slices.Concat(bgr('R'), []byte{0}, bgr('G'), []byte{0})),
			[]string{"G", "R"},
		},
		"24 bits, last padding missing": {
			bmpBytes(infoHeader(1, 2, 24, 0), nil, slices.Concat(bgr('R'), []byte{0}, bgr('G'))),
			[]string{"G", "R"},
		},
		"24 bits, top down": {
			bmpBytes(infoHeader(1, -2, 24, 0), nil, slices.Concat(bgr('R'), []byte{0}, bgr('G'), []byte{0})),
			[]string{"R", "G"},
		},
		"32 bits, fourth byte empty": {bmpBytes(infoHeader(3, 1, 32, 0), nil, entries(4, "RGB")), []string{"RGB"}},
		"8 bits":                     {bmpBytes(infoHeader(4, 1, 8, 0), palette, []byte{3, 2, 1, 0}), []string{"BGRK"}},
		"4 bits":                     {bmpBytes(infoHeader(3, 1, 4, 0), palette, []byte{0x12, 0x30, 0, 0}), []string{"RGB"}},
		"2 bits":                     {bmpBytes(infoHeader(4, 1, 2, 0), palette, []byte{0b00_01_10_11, 0, 0, 0}), []string{"KRGB"}},
		"1 bit":                      {bmpBytes(infoHeader(8, 1, 1, 0), entries(4, "WK"), []byte{0b01100101, 0, 0, 0}), []string{"WKKWWKWK"}},
		"palette index too high":     {bmpBytes(infoHeader(2, 1, 8, 0), palette, []byte{1, 200, 0, 0}), []string{"RK"}},
		"OS/2":                       {bmpBytes(coreHeader(2, 1, 4), entries(3, "KRGB"), []byte{0x23, 0, 0, 0}), []string{"GB"}},
		"16 bits, 5-5-5":             {bmpBytes(infoHeader(4, 1, 16, 0), nil, pixels16("RGBW", 0x7c00, 0x3e0, 0x1f)), []string{"RGBW"}},
		"16 bits, 5-6-5": {
			bmpBytes(infoHeader(4, 1, 16, 3, 0xf800, 0x7e0, 0x1f), nil, pixels16("RGBY", 0xf800, 0x7e0, 0x1f)),
			[]string{"RGBY"},
		},
		"8 bits, runs": {
			bmpBytes(infoHeader(5, 3, 8, 1), palette, []byte{
				5, 1, 0, 0, // five of colour 1, end of row
				0, 3, 1, 2, 3, 0, 2, 1, 0, 0, // three single pixels, padding, two of colour 1, end of row
				0, 2, 2, 0, 3, 2, // jump by two, three of colour 2
				0, 1,
			}),
			[]string{"KKGGG", "RGBRR", "RRRRR"},
		},
		"4 bits, runs": {
			bmpBytes(infoHeader(5, 2, 4, 2), palette, []byte{
				5, 0x12, 0, 0, // five, alternating
				0, 5, 0x32, 0x13, 0x20, 0, 0, 1, // five single pixels, padding
			}),
			[]string{"BGRBG", "RGRGR"},
		},
		"runs beyond the edge":     {bmpBytes(infoHeader(2, 1, 8, 1), palette, []byte{9, 1, 0, 1}), []string{"RR"}},
		"runs without an end mark": {bmpBytes(infoHeader(2, 1, 8, 1), palette, []byte{2, 3}), []string{"BB"}},
		"jump out of the picture":  {bmpBytes(infoHeader(2, 1, 8, 1), palette, []byte{2, 3, 0, 2, 255, 255, 9, 9}), []string{"BB"}},
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

// With an alpha mask of its own, a picture may be transparent.
func TestDecodeBMPWithAlpha(t *testing.T) {
	header := infoHeader(2, 1, 32, 6, 0xff, 0xff00, 0xff0000, 0xff000000)
	im, err := document.DecodeImage(bmpBytes(header, nil, []byte{0, 0, 0, 255, 0, 0, 0, 0}), document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := dots(im), []string{"KW"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDecodeBMPRefuses(t *testing.T) {
	palette := entries(4, "KRGB")
	for name, tt := range map[string]struct {
		data []byte
		want inkpool.Code
	}{
		"pixels cut":             {bmpBytes(infoHeader(3, 3, 24, 0), nil, make([]byte, 30)), inkpool.CodeInvalid},
		"runs cut":               {bmpBytes(infoHeader(3, 3, 8, 1), palette, []byte{3, 1, 0, 0}), inkpool.CodeInvalid},
		"single pixels cut":      {bmpBytes(infoHeader(9, 3, 8, 1), palette, []byte{0, 8, 1, 1}), inkpool.CodeInvalid},
		"jump cut":               {bmpBytes(infoHeader(9, 3, 8, 1), palette, []byte{0, 2, 1}), inkpool.CodeInvalid},
		"no width":               {bmpBytes(infoHeader(0, 3, 24, 0), nil, make([]byte, 30)), inkpool.CodeInvalid},
		"lowest height there is": {bmpBytes(infoHeader(1, -1<<31, 24, 0), nil, make([]byte, 30)), inkpool.CodeTooLarge},
		"pixels outside":         {bmpBytes(infoHeader(1, 1, 24, 0), nil, nil), inkpool.CodeInvalid},
		"header cut":             {bmpBytes(infoHeader(1, 1, 24, 0)[:20], nil, nil), inkpool.CodeInvalid},
		"7 bits":                 {bmpBytes(infoHeader(1, 1, 7, 0), nil, make([]byte, 8)), inkpool.CodeUnsupportedFormat},
		"JPEG inside":            {bmpBytes(infoHeader(1, 1, 0, 4), nil, make([]byte, 8)), inkpool.CodeUnsupportedFormat},
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, decodeError(tt.data), tt.want) })
	}
}
