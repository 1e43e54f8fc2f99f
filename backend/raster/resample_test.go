package raster_test

import (
	"fmt"
	"hash/crc32"
	"image"
	"math"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/raster"
)

var filters = []raster.Filter{raster.Nearest, raster.Box, raster.Bilinear, raster.Hamming, raster.Bicubic, raster.Lanczos}

// pattern is a picture that other programs can make too.
func pattern(w, h int) *raster.Image {
	im := raster.New(w, h)
	for y := range h {
		for x := range w {
			for c := range 3 {
				im.Pix[3*(y*w+x)+c] = uint8(x*37 + y*101 + c*59 + x*y*7 + x*x*y%251)
			}
		}
	}
	return im
}

// The sums are those of what Pillow 9.4 makes of pattern: zlib.crc32(im.resize((w, h),
// filter).tobytes()).
func TestResampleEqualsPillow(t *testing.T) {
	sizes := [][4]int{{1, 1, 3, 2}, {7, 5, 7, 5}, {64, 48, 32, 32}, {97, 61, 32, 64}, {40, 30, 39, 31}, {300, 7, 32, 32}, {5, 4, 11, 9}, {320, 240, 341, 256}, {13, 500, 224, 3}}
	for f, sums := range map[raster.Filter][]uint32{
		raster.Nearest:  {0x2319a876, 0x6302fb63, 0xae466cb4, 0x6f031987, 0xea86a060, 0xb608ccde, 0xe5d6d1bf, 0x52cac8f9, 0xf5c933ab},
		raster.Box:      {0x2319a876, 0x6302fb63, 0x656f1c11, 0xc75b57da, 0x30d3ec9a, 0x02946089, 0xe5d6d1bf, 0x5091dfa2, 0x087574d0},
		raster.Bilinear: {0x2319a876, 0x6302fb63, 0x472210af, 0xd8e8dbe8, 0x477821cc, 0xdfd60a5f, 0x5768ba41, 0x57ac2ab9, 0x3865b197},
		raster.Hamming:  {0x2319a876, 0x6302fb63, 0x766d37c7, 0xb9ea5d32, 0x2c6acd2a, 0x03682025, 0x8f212d09, 0x8590064e, 0xdc96c3c4},
		raster.Bicubic:  {0x2319a876, 0x6302fb63, 0xdbf94d23, 0x41c88922, 0x49a60867, 0xf145c988, 0x3474684f, 0x1ee4be1e, 0x1d3cfe97},
		raster.Lanczos:  {0x2319a876, 0x6302fb63, 0x6a187395, 0xbb025a12, 0x5266850a, 0xb8f26114, 0xd0444c56, 0x6f4cb8c5, 0x22dcaa76},
	} {
		for i, s := range sizes {
			w, h := s[2], s[3]
			got := crc32.ChecksumIEEE(pattern(s[0], s[1]).Resample(w, h, image.Rect(0, 0, w, h), f).Pix)
			if got != sums[i] {
				t.Errorf("filter %d, %v: got %08x, want %08x", f, s, got, sums[i])
			}
		}
	}
}

func TestResampleEqualsReference(t *testing.T) {
	for _, size := range [][4]int{{1, 1, 1, 1}, {1, 9, 7, 2}, {31, 17, 8, 40}, {64, 3, 9, 5}, {20, 20, 20, 3}} {
		im := noise(size[0], size[1], 1)
		for _, f := range filters {
			w, h := size[2], size[3]
			got := im.Resample(w, h, image.Rect(0, 0, w, h), f)
			if want := slowResample(im, w, h, f); !slices.Equal(got.Pix, want.Pix) {
				t.Errorf("%v, filter %d: got %v, want %v", size, f, got.Pix, want.Pix)
			}
		}
	}
}

// A part is what a crop of the whole would be, and black where there is no picture.
func TestResamplePart(t *testing.T) {
	im := noise(50, 40, 2)
	for _, f := range filters {
		whole := im.Resample(30, 20, image.Rect(0, 0, 30, 20), f)
		for _, part := range []image.Rectangle{
			image.Rect(5, 4, 25, 16), image.Rect(-3, -2, 8, 9), image.Rect(20, 10, 40, 30), image.Rect(-5, -5, 35, 25), image.Rect(40, 0, 50, 3),
		} {
			got := im.Resample(30, 20, part, f)
			want := raster.New(part.Dx(), part.Dy())
			for y := part.Min.Y; y < part.Max.Y; y++ {
				for x := part.Min.X; x < part.Max.X; x++ {
					if image.Pt(x, y).In(image.Rect(0, 0, 30, 20)) {
						want.Set(x-part.Min.X, y-part.Min.Y, whole.At(x, y))
					}
				}
			}
			if !slices.Equal(got.Pix, want.Pix) {
				t.Errorf("filter %d, part %v differs from the crop", f, part)
			}
		}
	}
}

// A line of one pixel's height that is made 256 high would be a thousand times as large: only
// the part that is asked for may cost anything.
func TestResamplePartOfSomethingHuge(t *testing.T) {
	im := noise(50_000, 1, 3)
	const w, h = 50_000 * 256, 256
	got := im.Resample(w, h, image.Rect(w/2, 16, w/2+224, 240), raster.Bicubic)
	if got.Width != 224 || got.Height != 224 {
		t.Errorf("got %d x %d pixels", got.Width, got.Height)
	}
}

func FuzzResample(f *testing.F) {
	f.Add(uint8(3), uint8(4), uint8(5), uint8(6), uint8(2), uint64(1))
	f.Add(uint8(1), uint8(255), uint8(1), uint8(9), uint8(5), uint64(2))
	f.Fuzz(func(t *testing.T, sw, sh, w, h, filter uint8, seed uint64) {
		if sw == 0 || sh == 0 || w == 0 || h == 0 {
			return
		}
		im, kernel := noise(int(sw), int(sh), seed), filters[int(filter)%len(filters)]
		got := im.Resample(int(w), int(h), image.Rect(0, 0, int(w), int(h)), kernel)
		if want := slowResample(im, int(w), int(h), kernel); !slices.Equal(got.Pix, want.Pix) {
			t.Errorf("got %v, want %v", got.Pix, want.Pix)
		}
	})
}

// slowResample is Resample one pixel at a time: all source columns, whatever their weight,
// rounded, then all source rows.
func slowResample(im *raster.Image, w, h int, f raster.Filter) *raster.Image {
	out := raster.New(w, h)
	for x := range w {
		columns := slowStencil(f, x, im.Width, w)
		for c := range 3 {
			narrow := make([]uint8, im.Height)
			for y := range narrow {
				var sum int64
				for i, share := range columns {
					sum += share * int64(im.At(i, y)[c])
				}
				narrow[y] = slowLevel(sum)
			}
			for y := range h {
				var sum int64
				for i, share := range slowStencil(f, y, im.Height, h) {
					sum += share * int64(narrow[i])
				}
				out.Pix[3*(y*w+x)+c] = slowLevel(sum)
			}
		}
	}
	return out
}

func slowLevel(sum int64) uint8 {
	return uint8(max(0, min(255, math.Floor(float64(sum)/(1<<22)+0.5))))
}

// slowStencil are the shares of all n source pixels in output pixel i of m.
func slowStencil(f raster.Filter, i, n, m int) []int64 {
	scale := float64(n) / float64(m)
	centre, stretch := (float64(i)+0.5)*scale, max(scale, 1)
	weights, sum := make([]float64, n), 0.0
	for k := range weights {
		if f == raster.Nearest {
			if place := slowPlace(i, scale); k == int(math.Min(place, float64(n-1))) {
				weights[k], sum = 1, 1
			}
			continue
		}
		weight, reach := slowWeight(f)
		if k < int(math.Max(0, centre-reach*stretch+0.5)) || k >= int(centre+reach*stretch+0.5) {
			continue
		}
		weights[k] = weight((float64(k) - centre + 0.5) * (1 / stretch))
		sum += weights[k]
	}
	out := make([]int64, n)
	for k, w := range weights {
		out[k] = int64(math.Round(w / sum * (1 << 22)))
	}
	return out
}

// slowPlace is the middle of output pixel i, with the rounding of a running sum.
func slowPlace(i int, scale float64) float64 {
	if i == 0 {
		return scale / 2
	}
	return slowPlace(i-1, scale) + scale
}

// slowWeight is a filter's function, and how far it reaches.
func slowWeight(f raster.Filter) (weight func(x float64) float64, reach float64) {
	sinc := func(x float64) float64 {
		if x == 0 {
			return 1
		}
		return math.Sin(math.Pi*x) / (math.Pi * x)
	}
	switch f {
	case raster.Box:
		return func(x float64) float64 {
			if -0.5 < x && x <= 0.5 {
				return 1
			}
			return 0
		}, 0.5
	case raster.Bilinear:
		return func(x float64) float64 { return math.Max(0, 1-math.Abs(x)) }, 1
	case raster.Hamming:
		return func(x float64) float64 {
			if math.Abs(x) >= 1 {
				return 0
			}
			return sinc(x) * (0.54 + 0.46*math.Cos(math.Pi*x))
		}, 1
	case raster.Bicubic:
		return func(x float64) float64 {
			switch x = math.Abs(x); {
			case x < 1:
				return 1.5*x*x*x - 2.5*x*x + 1
			case x < 2:
				return -0.5*x*x*x + 2.5*x*x - 4*x + 2
			}
			return 0
		}, 2
	default:
		return func(x float64) float64 {
			if x < -3 || x >= 3 {
				return 0
			}
			return sinc(x) * sinc(x/3)
		}, 3
	}
}

// BenchmarkResample makes the input of a network that labels pictures: the shorter side to 256
// pixels, of which 224 x 224 count.
func BenchmarkResample(b *testing.B) {
	for _, size := range [][2]int{{640, 480}, {4000, 3000}} {
		for name, f := range map[string]raster.Filter{"bilinear": raster.Bilinear, "bicubic": raster.Bicubic} {
			b.Run(fmt.Sprintf("%s/%dx%d", name, size[0], size[1]), func(b *testing.B) {
				im := noise(size[0], size[1], 1)
				b.ReportAllocs()
				for b.Loop() {
					im.Resample(341, 256, image.Rect(58, 16, 282, 240), f)
				}
			})
		}
	}
}
