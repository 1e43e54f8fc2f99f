package raster_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// box is the upright rectangle from (x, y) to (x+w, y+h).
func box(x, y, w, h float64) inkpool.Quad {
	return inkpool.Quad{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}}
}

func warp(im *raster.Image, q inkpool.Quad, w, h, stride int, flip bool, n raster.Norm) []float32 {
	dst := make([]float32, 3*h*stride)
	for i := range dst {
		dst[i] = 99 // must not survive
	}
	raster.WarpInto(dst, im, q, w, h, stride, flip, raster.NewNormalizer(n))
	return dst
}

func TestWarpIntoEqualsReference(t *testing.T) {
	im := noise(60, 40, 7)
	for name, q := range map[string]inkpool.Quad{
		"whole":          box(0, 0, 60, 40),
		"one to one":     box(10, 10, 24, 8),
		"enlarged":       box(20.25, 11.5, 6, 3),
		"beyond edges":   box(-10, -7, 90, 60),
		"turned":         {{X: 20, Y: 5}, {X: 45, Y: 20}, {X: 40, Y: 28}, {X: 15, Y: 13}},
		"upside down":    {{X: 50, Y: 30}, {X: 10, Y: 30}, {X: 10, Y: 20}, {X: 50, Y: 20}},
		"vertical":       {{X: 30, Y: 2}, {X: 30, Y: 38}, {X: 20, Y: 38}, {X: 20, Y: 2}},
		"perspective":    {{X: 5, Y: 5}, {X: 55, Y: 12}, {X: 50, Y: 25}, {X: 8, Y: 35}},
		"high, averaged": box(2, 1, 8, 38),
	} {
		for _, flip := range []bool{false, true} {
			got := warp(im, q, 24, 8, 32, flip, unevenNorm())
			want := slowWarp(im, q, 24, 8, 32, flip, unevenNorm())
			if far := differing(got, want); far > 0 {
				t.Errorf("%s, flip %v: %d of %d values differ, want none", name, flip, far, len(want))
			}
		}
	}
}

// Of quads as they come: of any size against the output, at any angle, partly or wholly
// outside of the picture, in perspective or not.
func TestWarpIntoEqualsReferenceAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	within := func(low, high float64) float64 { return low + r.Float64()*(high-low) }
	for i := range 150 {
		im := noise(1+r.IntN(90), 1+r.IntN(60), uint64(i))
		w, h := 1+r.IntN(20), 1+r.IntN(10)
		stride := w + r.IntN(3)
		q := turnedBox(
			within(-20, float64(im.Width)+20), within(-20, float64(im.Height)+20),
			float64(w)*math.Exp2(within(-2, 4)), float64(h)*math.Exp2(within(-2, 4)), within(-4, 4))
		if r.IntN(3) == 0 { // each corner somewhere else, but the quad still convex
			for k := range q {
				q[k] = q[k].Add(q[(k+2)%4].Sub(q[k]).Mul(within(0, 0.3)))
			}
		}
		flip := r.IntN(2) == 0
		got, want := warp(im, q, w, h, stride, flip, unevenNorm()), slowWarp(im, q, w, h, stride, flip, unevenNorm())
		if far := differing(got, want); far > 0 {
			t.Errorf("%d: %d x %d pixels to %d x %d, %v: %d of %d values differ, want none", i, im.Width, im.Height, w, h, q, far, len(want))
		}
	}
}

// turnedBox is a rectangle of w x h around (x, y), turned by an angle.
func turnedBox(x, y, w, h, angle float64) (q inkpool.Quad) {
	sin, cos := math.Sincos(angle)
	for k, corner := range [4][2]float64{{-w, -h}, {w, -h}, {w, h}, {-w, h}} {
		dx, dy := corner[0]/2, corner[1]/2
		q[k] = inkpool.Point{X: x + dx*cos - dy*sin, Y: y + dx*sin + dy*cos}
	}
	return q
}

// A quad so far away that its places are no fixed-point numbers sees the nearest corner.
func TestWarpIntoFarOutside(t *testing.T) {
	im := noise(9, 7, 1)
	for _, far := range []float64{1e6, 1e8, 1e15} {
		for name, tt := range map[string]struct {
			x, y float64
			want raster.RGB
		}{
			"left":  {-far, -far, im.At(0, 0)},
			"right": {far, far, im.At(8, 6)},
		} {
			got := warp(im, box(tt.x, tt.y, 100, 50), 10, 5, 10, false, plainNorm())
			if want := float32(tt.want[2]) / 255; got[0] != want || got[49] != want {
				t.Errorf("%s by %g: got %v to %v, want %v", name, far, got[0], got[49], want)
			}
		}
	}
}

// differing counts values that are not equal. Kernel and reference find positions in two
// ways whose last bits differ, which moves a weight by 1/2048 and a value by one level at
// the most: that much is allowed to one value in 500.
func differing(got, want []float32) int {
	const level = 1.0/255/0.224 + 1e-6
	n, far := 0, 0
	for i := range want {
		if got[i] == want[i] {
			continue
		}
		n++
		if math.Abs(float64(got[i]-want[i])) > level {
			far++
		}
	}
	if far == 0 && n <= 1+len(want)/500 {
		return 0
	}
	return n
}

// An upright box at its own size must come out as it is: any shift by half a pixel blurs all
// text a little, and no other test would tell.
func TestWarpIntoCopiesUprightBoxExactly(t *testing.T) {
	im := noise(30, 20, 2)
	got := warp(im, box(4, 6, 16, 8), 16, 8, 16, false, plainNorm())
	for y := range 8 {
		for x := range 16 {
			if want := float32(im.At(4+x, 6+y)[2]) / 255; got[y*16+x] != want {
				t.Fatalf("blue at (%d, %d): got %v, want %v", x, y, got[y*16+x], want)
			}
		}
	}
}

func TestWarpIntoFlipTurnsByHalf(t *testing.T) {
	im, q := noise(30, 20, 3), box(4, 6, 16, 8)
	straight := warp(im, q, 16, 8, 16, false, plainNorm())
	flipped := warp(im, q, 16, 8, 16, true, plainNorm())
	for c := range 3 {
		for i := range 16 * 8 {
			if got, want := flipped[c*128+i], straight[c*128+127-i]; got != want {
				t.Fatalf("plane %d, value %d: got %v, want %v", c, i, got, want)
			}
		}
	}
}

func TestWarpIntoPadsWithZero(t *testing.T) {
	got := warp(noise(30, 20, 4), box(4, 6, 16, 8), 10, 8, 16, false, unevenNorm())
	for i, v := range got {
		if pad := i%16 >= 10; pad && v != 0 {
			t.Fatalf("column %d: got %v, want 0", i%16, v)
		}
	}
}

// Strokes one pixel wide, five pixels apart, on a line ten times as high as the output: with
// one sample per output pixel they would appear or vanish by chance, here every output pixel
// must see its share of ink.
func TestWarpIntoKeepsThinStrokes(t *testing.T) {
	im := raster.New(400, 480)
	for i := range im.Pix {
		if i/3%5 != 0 {
			im.Pix[i] = 255
		}
	}
	got := warp(im, box(0, 0, 400, 480), 40, 48, 40, false, plainNorm())
	for x, v := range got[:40] {
		if math.Abs(float64(v)-0.8) > 0.08 {
			t.Errorf("column %d: got %.3f, want about 0.8", x, v)
		}
	}
}

func TestWarpIntoDoesNotAllocate(t *testing.T) {
	im, n := noise(200, 100, 3), raster.NewNormalizer(plainNorm())
	dst := make([]float32, 3*48*64)
	for name, q := range map[string]inkpool.Quad{
		"single":      box(3, 3, 60, 48),
		"mean":        box(3, 3, 190, 90),
		"perspective": {{X: 3, Y: 3}, {X: 190, Y: 20}, {X: 180, Y: 70}, {X: 8, Y: 90}},
	} {
		if got := fewestAllocations(func() { raster.WarpInto(dst, im, q, 60, 48, 64, false, n) }); got > 0 {
			t.Errorf("%s: got %v allocations a call, want 0", name, got)
		}
	}
}

// FuzzWarpInto looks for quads that make the kernel read outside of the picture or leave
// values that are no numbers.
func FuzzWarpInto(f *testing.F) {
	f.Add(0.0, 0.0, 9.0, 0.0, 9.0, 9.0, 0.0, 9.0)
	f.Add(math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e300, 5e-324, 1e18, -1e18)
	f.Add(3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0)
	f.Add(0.0, 0.0, 9.0, 9.0, 9.0, 0.0, 0.0, 9.0) // crossed
	im, n := noise(10, 10, 1), raster.NewNormalizer(plainNorm())
	f.Fuzz(func(t *testing.T, x0, y0, x1, y1, x2, y2, x3, y3 float64) {
		q := inkpool.Quad{{X: x0, Y: y0}, {X: x1, Y: y1}, {X: x2, Y: y2}, {X: x3, Y: y3}}
		dst := make([]float32, 3*8*16)
		raster.WarpInto(dst, im, q, 12, 8, 16, false, n)
		for i, v := range dst {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("value %d: got %v, want 0..1", i, v)
			}
		}
	})
}

// BenchmarkWarpInto cuts out one line for the recogniser.
func BenchmarkWarpInto(b *testing.B) {
	im, n := noise(2000, 2000, 1), raster.NewNormalizer(unevenNorm())
	dst := make([]float32, 3*48*480)
	for name, q := range map[string]inkpool.Quad{
		"upright":     box(100, 100, 400, 40),
		"turned":      turnedBox(500, 500, 400, 40, 0.1),
		"perspective": {{X: 100, Y: 100}, {X: 500, Y: 140}, {X: 500, Y: 170}, {X: 96, Y: 150}},
		"2 times":     turnedBox(1000, 1000, 960, 96, 0.1),
		"4 times":     box(50, 50, 1900, 190),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				raster.WarpInto(dst, im, q, 480, 48, 480, false, n)
			}
			perPixel(b, 480*48)
		})
	}
}
