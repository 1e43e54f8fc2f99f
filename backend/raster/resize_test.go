package raster_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/inkpool/inkpool/backend/raster"
)

// firstDifference describes where two tensors differ, or returns "".
func firstDifference(got, want []float32) string {
	if len(got) != len(want) {
		return fmt.Sprintf("got %d values, want %d", len(got), len(want))
	}
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			return fmt.Sprintf("value %d: got %v, want %v", i, got[i], want[i])
		}
	}
	return ""
}

func TestResizeIntoEqualsReference(t *testing.T) {
	for _, size := range [][4]int{
		{1, 1, 1, 1}, {1, 1, 7, 5}, {7, 5, 1, 1}, {2, 3, 2, 3}, {5, 4, 11, 9},
		{64, 48, 32, 32}, {97, 61, 32, 64}, {40, 30, 39, 31}, {300, 7, 32, 32},
	} {
		im := noise(size[0], size[1], 1)
		w, h := size[2], size[3]
		got := make([]float32, 3*w*h)
		raster.ResizeInto(got, im, w, h, raster.NewNormalizer(unevenNorm()))
		if d := firstDifference(got, slowResize(im, w, h, unevenNorm())); d != "" {
			t.Errorf("%v: %s", size, d)
		}
	}
}

func FuzzResizeInto(f *testing.F) {
	f.Add(uint8(3), uint8(4), uint8(5), uint8(6), uint64(1))
	f.Add(uint8(1), uint8(255), uint8(1), uint8(9), uint64(2))
	f.Fuzz(func(t *testing.T, sw, sh, w, h uint8, seed uint64) {
		if sw == 0 || sh == 0 || w == 0 || h == 0 {
			return
		}
		im := noise(int(sw), int(sh), seed)
		got := make([]float32, 3*int(w)*int(h))
		raster.ResizeInto(got, im, int(w), int(h), raster.NewNormalizer(plainNorm()))
		if d := firstDifference(got, slowResize(im, int(w), int(h), plainNorm())); d != "" {
			t.Error(d)
		}
	})
}

// The planes must be blue, green, red: PP-OCR's weights depend on it.
func TestResizeIntoWritesPlanesBlueGreenRed(t *testing.T) {
	im := raster.New(1, 1)
	im.Set(0, 0, raster.RGB{255, 102, 0})
	n := raster.NewNormalizer(raster.Norm{Mean: [3]float32{0.1, 0.2, 0.3}, Std: [3]float32{0.5, 0.25, 0.125}})
	got := make([]float32, 3)
	raster.ResizeInto(got, im, 1, 1, n)
	for c, want := range []float32{(0 - 0.1) / 0.5, (0.4 - 0.2) / 0.25, (1 - 0.3) / 0.125} {
		if math.Abs(float64(got[c]-want)) > 1e-6 {
			t.Errorf("plane %d: got %v, want %v", c, got[c], want)
		}
	}
}

// Halving with bilinear interpolation is the mean of four pixels; a known value guards the
// reference itself.
func TestResizeIntoHalves(t *testing.T) {
	im := raster.New(2, 2)
	for i, v := range []uint8{10, 20, 30, 41} {
		im.Set(i%2, i/2, raster.RGB{v, v, v})
	}
	got := make([]float32, 3)
	raster.ResizeInto(got, im, 1, 1, raster.NewNormalizer(plainNorm()))
	if want := float32(25) / 255; got[0] != want {
		t.Errorf("got %v, want %v", got[0], want)
	}
}

func TestResizeIntoDoesNotAllocate(t *testing.T) {
	im, n := noise(120, 80, 3), raster.NewNormalizer(plainNorm())
	dst := make([]float32, 3*64*32)
	if got := fewestAllocations(func() { raster.ResizeInto(dst, im, 64, 32, n) }); got > 0 {
		t.Errorf("got %v allocations a call, want 0", got)
	}
}

func TestResizedIsWithinOneLevelOfExactAverage(t *testing.T) {
	// Weights are rounded to 16 bits and rows to 8 fraction bits: less than one level in all.
	for _, size := range [][4]int{{1, 1, 3, 3}, {9, 7, 3, 7}, {50, 40, 7, 3}, {8, 8, 8, 8}, {5, 60, 20, 11}, {64, 3, 9, 5}} {
		im := noise(size[0], size[1], 5)
		w, h := size[2], size[3]
		got := im.Resized(w, h)
		for y := range h {
			for x := range w {
				for c := range 3 {
					if want := slowArea(im, w, h, x, y, c); math.Abs(float64(got.At(x, y)[c])-want) > 1 {
						t.Fatalf("%v at (%d, %d) channel %d: got %d, want %.2f", size, x, y, c, got.At(x, y)[c], want)
					}
				}
			}
		}
	}
}

// A plain area must keep its colour exactly, or previews would look tinted.
func TestResizedKeepsPlainColours(t *testing.T) {
	for _, v := range []uint8{0, 1, 127, 254, 255} {
		im := raster.New(37, 23)
		for i := range im.Pix {
			im.Pix[i] = v
		}
		for _, size := range [][2]int{{5, 3}, {37, 23}, {100, 60}, {1, 1}} {
			for i, got := range im.Resized(size[0], size[1]).Pix {
				if got != v {
					t.Fatalf("%v: byte %d: got %d, want %d", size, i, got, v)
				}
			}
		}
	}
}

// BenchmarkResizeInto makes the detector's input of pages of 0.1, 1, 3, 12 and 50 megapixels.
func BenchmarkResizeInto(b *testing.B) {
	const w, h = 960, 704
	for _, size := range [][2]int{{320, 240}, {1200, 880}, {2000, 1500}, {4000, 3000}, {8192, 6144}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			im, n := noise(size[0], size[1], 1), raster.NewNormalizer(unevenNorm())
			dst := make([]float32, 3*w*h)
			b.ReportAllocs()
			for b.Loop() {
				raster.ResizeInto(dst, im, w, h, n)
			}
			perPixel(b, w*h)
		})
	}
}

func BenchmarkResized(b *testing.B) {
	im := noise(4000, 3000, 1)
	b.ReportAllocs()
	for b.Loop() {
		im.Resized(400, 300)
	}
}
