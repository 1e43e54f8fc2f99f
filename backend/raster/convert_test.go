package raster_test

import (
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/raster"
)

// opaquePictures returns one picture of every kind that has a fast path, full of noise, with
// bounds that do not start at the origin.
func opaquePictures(bounds image.Rectangle) map[string]image.Image {
	r := rand.New(rand.NewPCG(1, 2))
	fill := func(pix []uint8) {
		for i := range pix {
			pix[i] = uint8(r.Uint32())
		}
	}
	out := map[string]image.Image{}
	for name, ratio := range map[string]image.YCbCrSubsampleRatio{
		"4:4:4": image.YCbCrSubsampleRatio444, "4:2:2": image.YCbCrSubsampleRatio422,
		"4:2:0": image.YCbCrSubsampleRatio420, "4:4:0": image.YCbCrSubsampleRatio440,
		"4:1:1": image.YCbCrSubsampleRatio411, "4:1:0": image.YCbCrSubsampleRatio410,
	} {
		im := image.NewYCbCr(bounds, ratio)
		fill(im.Y)
		fill(im.Cb)
		fill(im.Cr)
		out["YCbCr "+name] = im
	}
	gray, gray16, cmyk := image.NewGray(bounds), image.NewGray16(bounds), image.NewCMYK(bounds)
	rgba, nrgba := image.NewRGBA(bounds), image.NewNRGBA(bounds)
	rgba64, nrgba64 := image.NewRGBA64(bounds), image.NewNRGBA64(bounds)
	for _, pix := range [][]uint8{gray.Pix, gray16.Pix, cmyk.Pix, rgba.Pix, nrgba.Pix, rgba64.Pix, nrgba64.Pix} {
		fill(pix)
	}
	opaque(rgba.Pix, 4, 1)
	opaque(nrgba.Pix, 4, 1)
	opaque(rgba64.Pix, 8, 2)
	opaque(nrgba64.Pix, 8, 2)
	out["Gray"], out["Gray16"], out["CMYK"] = gray, gray16, cmyk
	out["RGBA"], out["NRGBA"], out["RGBA64"], out["NRGBA64"] = rgba, nrgba, rgba64, nrgba64
	paletted := image.NewPaletted(bounds, color.Palette{color.NRGBA{1, 2, 3, 255}, color.Gray{200}, color.RGBA{255, 0, 9, 255}})
	for i := range paletted.Pix {
		paletted.Pix[i] = uint8(r.IntN(3))
	}
	out["Paletted"] = paletted
	return out
}

// opaque sets the alpha of every pixel: the last n of size bytes.
func opaque(pix []uint8, size, n int) {
	for i := range pix {
		if i%size >= size-n {
			pix[i] = 255
		}
	}
}

func TestFromImageEqualsReference(t *testing.T) {
	for _, bounds := range []image.Rectangle{
		image.Rect(0, 0, 16, 8), image.Rect(0, 0, 1, 1), image.Rect(3, 5, 20, 12), image.Rect(-3, -2, 6, 7),
	} {
		for name, src := range opaquePictures(bounds) {
			got, want := raster.FromImage(src), slowFlatten(src)
			if got.Width != want.Width || got.Height != want.Height || !slices.Equal(got.Pix, want.Pix) {
				t.Errorf("%s %v: got other pixels than the standard library's", name, bounds)
			}
		}
	}
}

// Chroma and luma at the ends of their ranges need clamping most, and grey has a way of its own.
func TestFromImageEqualsReferenceForAllColours(t *testing.T) {
	const levels = 256
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420} {
		for _, luma := range []uint8{0, 1, 127, 128, 254, 255} {
			im := image.NewYCbCr(image.Rect(0, 0, 2*levels, 2*levels), ratio)
			for i := range im.Y {
				im.Y[i] = luma
			}
			for i := range im.Cb {
				im.Cb[i], im.Cr[i] = uint8(i%im.CStride), uint8(i/im.CStride)
			}
			if !slices.Equal(raster.FromImage(im).Pix, slowFlatten(im).Pix) {
				t.Errorf("%v, luma %d: got other pixels than the standard library's", ratio, luma)
			}
		}
	}
}

// A view into a larger picture has a stride of its own.
func TestFromImageReadsSubImages(t *testing.T) {
	type sub interface {
		image.Image
		SubImage(image.Rectangle) image.Image
	}
	for name, src := range opaquePictures(image.Rect(0, 0, 20, 14)) {
		part := src.(sub).SubImage(image.Rect(5, 3, 12, 9))
		if got, want := raster.FromImage(part), slowFlatten(part); !slices.Equal(got.Pix, want.Pix) {
			t.Errorf("%s: got other pixels than the standard library's", name)
		}
	}
}

// onTransparent draws a bar of ink over nothing; every fourth column is half transparent, as
// the edges of letters are.
func onTransparent(ink color.NRGBA) *image.NRGBA {
	im := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for y := 15; y < 25; y++ {
		for x := 5; x < 35; x++ {
			c := ink
			if x%4 == 0 {
				c.A = 128
			}
			im.SetNRGBA(x, y, c)
		}
	}
	return im
}

func TestFromImageChoosesReadableBackground(t *testing.T) {
	for _, tt := range []struct {
		name string
		ink  color.NRGBA
		want raster.RGB
	}{
		{"black text", color.NRGBA{0, 0, 0, 255}, raster.RGB{255, 255, 255}},
		{"white text", color.NRGBA{255, 255, 255, 255}, raster.RGB{0, 0, 0}},
		{"yellow text", color.NRGBA{255, 255, 0, 255}, raster.RGB{0, 0, 0}},
		{"red text", color.NRGBA{255, 0, 0, 255}, raster.RGB{255, 255, 255}},
		{"grey text", color.NRGBA{128, 128, 128, 255}, raster.RGB{255, 255, 255}},
		{"nothing", color.NRGBA{}, raster.RGB{255, 255, 255}},
	} {
		src := onTransparent(tt.ink)
		if got := raster.FromImage(src).At(0, 0); got != tt.want {
			t.Errorf("%s: got background %v, want %v", tt.name, got, tt.want)
		}
		for name, other := range sameInOtherModels(src) {
			if got := raster.FromImage(other).At(0, 0); got != tt.want {
				t.Errorf("%s as %s: got background %v, want %v", tt.name, name, got, tt.want)
			}
		}
	}
}

// sameInOtherModels returns the picture in every other model that knows transparency.
func sameInOtherModels(src *image.NRGBA) map[string]image.Image {
	b := src.Bounds()
	rgba, rgba64, nrgba64 := image.NewRGBA(b), image.NewRGBA64(b), image.NewNRGBA64(b)
	palette := color.Palette{color.NRGBA{}}
	index := map[color.NRGBA]uint8{{}: 0}
	paletted := image.NewPaletted(b, nil)
	for y := range b.Dy() {
		for x := range b.Dx() {
			c := src.NRGBAAt(x, y)
			rgba.Set(x, y, c)
			rgba64.Set(x, y, c)
			nrgba64.Set(x, y, c)
			if _, ok := index[c]; !ok {
				index[c] = uint8(len(palette))
				palette = append(palette, c)
			}
			paletted.Pix[paletted.PixOffset(x, y)] = index[c]
		}
	}
	paletted.Palette = palette
	return map[string]image.Image{"RGBA": rgba, "RGBA64": rgba64, "NRGBA64": nrgba64, "Paletted": paletted}
}

// Light pictures that are hardly transparent are photographs with round corners, not text.
func TestFromImageKeepsWhiteUnderMostlyOpaquePictures(t *testing.T) {
	src := image.NewNRGBA(image.Rect(0, 0, 10, 10))
	for i := range src.Pix {
		src.Pix[i] = 255
	}
	src.SetNRGBA(0, 0, color.NRGBA{})
	if got, want := raster.FromImage(src).At(0, 0), (raster.RGB{255, 255, 255}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// slowly hides a picture's type, so that FromImage takes its general path.
type slowly struct{ image.Image }

func TestFromImageReadsTransparencyLikeTheGeneralPath(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, b := range []image.Rectangle{image.Rect(0, 0, 33, 17), image.Rect(5, 3, 20, 12)} {
		webp := image.NewNYCbCrA(b, image.YCbCrSubsampleRatio420)
		nrgba, nrgba64, rgba := image.NewNRGBA(b), image.NewNRGBA64(b), image.NewRGBA(b)
		for _, pix := range [][]uint8{webp.Y, webp.Cb, webp.Cr, webp.A, nrgba.Pix, nrgba64.Pix, rgba.Pix} {
			for i := range pix {
				pix[i] = uint8(r.Uint32())
			}
		}
		for name, src := range map[string]image.Image{"NYCbCrA": webp, "NRGBA": nrgba, "NRGBA64": nrgba64, "RGBA": rgba} {
			got, want := raster.FromImage(src), raster.FromImage(slowly{src})
			for i := range want.Pix {
				// The general path multiplies by alpha and divides again, which loses up to a level.
				if d := int(got.Pix[i]) - int(want.Pix[i]); d < -1 || d > 1 {
					t.Fatalf("%s %v, byte %d: got %d, want %d", name, b, i, got.Pix[i], want.Pix[i])
				}
			}
		}
	}
}

// One pixel that is not opaque decides, wherever it is.
func TestFromImageFindsTransparencyAnywhere(t *testing.T) {
	const w, h = 7, 5
	for _, at := range []int{0, w - 1, w, 3*w + 4, w*h - 1} {
		src := image.NewNRGBA(image.Rect(0, 0, w, h))
		for i := range src.Pix {
			src.Pix[i] = 200
		}
		opaque(src.Pix, 4, 1)
		src.SetNRGBA(at%w, at/w, color.NRGBA{R: 200, G: 100, B: 50, A: 50})
		models := sameInOtherModels(src)
		models["NRGBA"] = src
		for name, im := range models {
			got := raster.FromImage(im).At(at%w, at/w)
			for k, want := range [3]int{244, 225, 215} { // on white; one level is lost by multiplication
				if d := int(got[k]) - want; d < -1 || d > 1 {
					t.Errorf("%s, pixel %d: got %v, want about 244 225 215", name, at, got)
				}
			}
		}
	}
}

func TestFromImageBlendsHalfTransparentPixels(t *testing.T) {
	src := onTransparent(color.NRGBA{R: 255, A: 255})
	if got, want := raster.FromImage(src).At(8, 20), (raster.RGB{255, 127, 127}); got != want {
		t.Errorf("half transparent red on white: got %v, want %v", got, want)
	}
}

func TestStdIsTheSamePicture(t *testing.T) {
	im := noise(9, 7, 4)
	if got := raster.FromImage(im.Std()); !slices.Equal(got.Pix, im.Pix) {
		t.Error("got another picture back, want the same")
	}
}

func TestPad(t *testing.T) {
	got := letters("AB").Pad(raster.Margins{Left: 1, Top: 1, Right: 2}, raster.RGB{'.', '.' + 1, '.' + 2})
	if want := []string{".....", ".AB.."}; !slices.Equal(spell(got), want) {
		t.Errorf("got %q, want %q", spell(got), want)
	}
}

// BenchmarkFromImage converts noise, which is unkind to branches but hides nothing, and a page
// without colour, with the memory of the picture before.
func BenchmarkFromImage(b *testing.B) {
	bounds := image.Rect(0, 0, 4000, 3000)
	pictures := opaquePictures(bounds)
	page := image.NewYCbCr(bounds, image.YCbCrSubsampleRatio420)
	copy(page.Y, pictures["Gray"].(*image.Gray).Pix)
	for i := range page.Cb {
		page.Cb[i], page.Cr[i] = 128, 128
	}
	faint := image.NewRGBA(bounds)
	for i := range faint.Pix {
		faint.Pix[i] = uint8(i/4%255 + 1)
	}
	pictures["YCbCr page"], pictures["RGBA with alpha"] = page, faint
	for _, name := range []string{"YCbCr 4:2:0", "YCbCr 4:4:4", "YCbCr page", "Gray", "NRGBA", "Paletted", "CMYK", "RGBA with alpha"} {
		b.Run(name, func(b *testing.B) {
			p := raster.NewPixels()
			b.ReportAllocs()
			for b.Loop() {
				p.Recycle(p.FromImage(pictures[name]))
			}
			perPixel(b, bounds.Dx()*bounds.Dy())
		})
	}
}
