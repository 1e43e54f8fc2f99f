package raster_test

import (
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Every colour keeps its own mean and deviation; only the planes change places.
func TestRGBPutsTheRedPlaneFirst(t *testing.T) {
	box := func(x, y, w, h float64) inkpool.Quad {
		return inkpool.Quad{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}}
	}
	im, bgr := noise(30, 20, 5), unevenNorm()
	rgb := bgr
	rgb.RGB = true
	const w, h = 16, 8
	for name, fill := range map[string]func(dst []float32, n *raster.Normalizer){
		"resized": func(dst []float32, n *raster.Normalizer) { raster.ResizeInto(dst, im, w, h, n) },
		"cut out": func(dst []float32, n *raster.Normalizer) {
			raster.WarpInto(dst, im, box(2, 2, 20, 10), w-3, h, w, false, n)
		},
		"cut out of a large one": func(dst []float32, n *raster.Normalizer) {
			raster.WarpInto(dst, noise(400, 200, 5), box(0, 0, 400, 200), w, h, w, false, n)
		},
	} {
		got, other := make([]float32, 3*w*h), make([]float32, 3*w*h)
		fill(got, raster.NewNormalizer(rgb))
		fill(other, raster.NewNormalizer(bgr))
		want := slices.Concat(other[2*w*h:], other[w*h:2*w*h], other[:w*h])
		if !slices.Equal(got, want) || slices.Equal(got, other) {
			t.Errorf("%s: the planes are not those of blue, green, red in reverse", name)
		}
	}
}
