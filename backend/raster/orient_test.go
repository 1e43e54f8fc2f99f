package raster_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/raster"
)

// letters builds a picture whose pixels are the letters of equally long rows.
func letters(rows ...string) *raster.Image {
	im := raster.New(len(rows[0]), len(rows))
	for y, row := range rows {
		for x := range row {
			im.Set(x, y, raster.RGB{row[x], row[x] + 1, row[x] + 2})
		}
	}
	return im
}

// spell is the opposite of letters; a pixel whose channels were torn apart becomes '?'.
func spell(im *raster.Image) (rows []string) {
	for y := range im.Height {
		row := make([]byte, im.Width)
		for x := range row {
			c := im.At(x, y)
			row[x] = c[0]
			if c != (raster.RGB{c[0], c[0] + 1, c[0] + 2}) {
				row[x] = '?'
			}
		}
		rows = append(rows, string(row))
	}
	return rows
}

// What each orientation means is defined in EXIF 2.32, section 4.6.4 A: where row 0 and
// column 0 of the stored picture lie in the upright one.
func TestOriented(t *testing.T) {
	stored := letters("ABC", "DEF")
	for exif, want := range map[int][]string{
		0: {"ABC", "DEF"},
		1: {"ABC", "DEF"},
		2: {"CBA", "FED"},
		3: {"FED", "CBA"},
		4: {"DEF", "ABC"},
		5: {"AD", "BE", "CF"},
		6: {"DA", "EB", "FC"},
		7: {"FC", "EB", "DA"},
		8: {"CF", "BE", "AD"},
		9: {"ABC", "DEF"},
	} {
		if got := spell(stored.Oriented(exif)); !slices.Equal(got, want) {
			t.Errorf("orientation %d: got %q, want %q", exif, got, want)
		}
	}
}

// Each orientation has an inverse.
func TestOrientedTwiceIsTheSame(t *testing.T) {
	im := noise(101, 67, 1)
	for exif, back := range map[int]int{2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6} {
		got := im.Oriented(exif).Oriented(back)
		if got.Width != im.Width || !slices.Equal(got.Pix, im.Pix) {
			t.Errorf("orientation %d and back: got another picture, want the same", exif)
		}
	}
}

func TestTurned(t *testing.T) {
	im := letters("ABC", "DEF")
	for quarters, want := range map[int][]string{
		-5: {"CF", "BE", "AD"},
		-1: {"CF", "BE", "AD"},
		0:  {"ABC", "DEF"},
		1:  {"DA", "EB", "FC"},
		2:  {"FED", "CBA"},
		3:  {"CF", "BE", "AD"},
		4:  {"ABC", "DEF"},
	} {
		if got := spell(im.Turned(quarters)); !slices.Equal(got, want) {
			t.Errorf("%d quarters: got %q, want %q", quarters, got, want)
		}
	}
}

// Pixels are moved in blocks: sizes around and beyond theirs must not tear the picture.
func TestOrientedEqualsReference(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 300}, {300, 1}, {16, 256}, {17, 257}, {15, 255}, {600, 40}} {
		im := noise(size[0], size[1], 1)
		for exif := 2; exif <= 8; exif++ {
			got, want := im.Oriented(exif), slowOriented(im, exif)
			if got.Width != want.Width || got.Height != want.Height || !slices.Equal(got.Pix, want.Pix) {
				t.Errorf("%v, orientation %d: got another picture than pixel by pixel", size, exif)
			}
		}
	}
}

func TestTurningLeavesThePictureAlone(t *testing.T) {
	p := raster.NewPixels()
	im := noise(30, 20, 1)
	before := slices.Clone(im.Pix)
	p.Recycle(p.Turned(im, 1))
	if again := p.Turned(im, 3); again.Width != 20 || !slices.Equal(im.Pix, before) {
		t.Error("the picture has changed")
	}
}

func BenchmarkTurned(b *testing.B) {
	for _, size := range [][2]int{{1000, 1400}, {4000, 3000}, {4096, 3072}, {8000, 6000}} {
		for _, quarters := range []int{1, 2} {
			b.Run(fmt.Sprintf("%dx%d-%d", size[0], size[1], 90*quarters), func(b *testing.B) {
				im, p := noise(size[0], size[1], 1), raster.NewPixels()
				b.SetBytes(int64(len(im.Pix)))
				b.ReportAllocs()
				for b.Loop() {
					p.Recycle(p.Turned(im, quarters))
				}
			})
		}
	}
}
