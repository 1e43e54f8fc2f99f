package raster_test

import (
	"math"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Seen through the quad of the whole picture, or of one that lies on its side, a picture looks as
// it does when it is turned first.
func TestResizeQuadIntoIsResizeIntoOfTheTurnedPicture(t *testing.T) {
	im := noise(61, 43, 1)
	norm := raster.NewNormalizer(raster.Norm{Std: [3]float32{1, 1, 1}})
	w, h := 61.0, 43.0
	whole := inkpool.Quad{{X: 0, Y: 0}, {X: w, Y: 0}, {X: w, Y: h}, {X: 0, Y: h}}
	for exif, quad := range map[int]inkpool.Quad{
		1: whole,
		6: {whole[3], whole[0], whole[1], whole[2]},
		3: {whole[2], whole[3], whole[0], whole[1]},
		8: {whole[1], whole[2], whole[3], whole[0]},
	} {
		const outW, outH = 40, 50
		got, want := make([]float32, 3*outW*outH), make([]float32, 3*outW*outH)
		raster.ResizeQuadInto(got, im, quad, outW, outH, norm)
		raster.ResizeInto(want, im.Oriented(exif), outW, outH, norm)
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > 1.01/255 { // one level: weights are rounded differently
				t.Fatalf("orientation %d, value %d: got %g, want %g", exif, i, 255*got[i], 255*want[i])
			}
		}
	}
}

func TestCutCopiesWhatIsNotTurned(t *testing.T) {
	im := noise(30, 20, 2)
	got := im.Cut(inkpool.Quad{{X: 5, Y: 7}, {X: 15, Y: 7}, {X: 15, Y: 11}, {X: 5, Y: 11}}, 10, 4)
	for y := range 4 {
		for x := range 10 {
			if g, w := got.At(x, y), im.At(x+5, y+7); g != w {
				t.Fatalf("pixel %d, %d: got %v, want %v", x, y, g, w)
			}
		}
	}
}

func TestPasteOverwritesItsPlaceOnly(t *testing.T) {
	im, part := raster.New(6, 5), raster.New(3, 2)
	part.Fill(raster.RGB{1, 2, 3})
	im.Paste(part, 2, 1)
	for y := range 5 {
		for x := range 6 {
			want := raster.RGB{}
			if x >= 2 && x < 5 && y >= 1 && y < 3 {
				want = raster.RGB{1, 2, 3}
			}
			if got := im.At(x, y); got != want {
				t.Errorf("pixel %d, %d: got %v, want %v", x, y, got, want)
			}
		}
	}
}
