package ocr_test

import (
	"context"
	"math"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/raster"
)

// stack is a column 48 pixels wide of characters, each so high as its number says, with black
// above and below: a character is red, and how red is its letter; its upper half is also blue.
func stack(heights ...int) *raster.Image {
	const gap = 4
	total := gap
	for _, h := range heights {
		total += h + gap
	}
	im := raster.New(48, total)
	y := gap
	for i, h := range heights {
		for row := range h {
			for x := 6; x < 42; x++ {
				c := raster.RGB{uint8(60 * (i + 1)), 0, 0}
				if row < h/2 {
					c[2] = 255
				}
				im.Set(x, y+row, c)
			}
		}
		y += h + gap
	}
	return im
}

// stackReader reads the characters of a stack that stand upright in squares side by side, with
// one score, and anything else as "中中中" with another.
func stackReader(upright, other float32) *infertest.Session {
	return &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		w := int(in[0].Shape[3])
		value := func(channel, x, y int) float32 { return in[0].Data[channel*48*w+y*w+x] }
		var path []int
		for x := 24; x < w; x += 48 {
			if value(0, x, 18) < 0.5 || value(0, x, 30) > -0.5 {
				spell(out[0], []int{3, 0, 3, 0, 3}, other)
				return nil
			}
			path = append(path, int(math.Round(float64((value(2, x, 18)*0.5+0.5)*255)/60)), 0)
		}
		spell(out[0], path, upright)
		return nil
	}}
}

func TestColumnsThatCannotBeReadOnTheirSideAreCutIntoCharacters(t *testing.T) {
	im := stack(44, 40, 30) // the last one is lower than a square
	for name, c := range map[string]struct {
		upright, other float32
		want           string
	}{
		"stacked letters":                      {0.9, 0.4, "ab中"},
		"readable as it lies":                  {0.95, 0.85, "中中中"},
		"hardly read, but better than stacked": {0.6, 0.7, "中中中"},
	} {
		p := ocr.NewPipeline(
			ocr.NewDetector(painter(), detectorConfig()),
			ocr.NewClassifier(sureOf(0), classifierConfig()),
			ocr.NewRecognizer(stackReader(c.upright, c.other), abc(t), recognizerConfig()), room(1))
		box := upright(0, 0, 48, float64(im.Height))
		got, err := p.ReadLine(t.Context(), im, box)
		if err != nil || got.Text != c.want || !got.Vertical {
			t.Errorf("%s: got %+v, %v; want %q in a column", name, got, err, c.want)
		}
		if want := (inkpool.Quad{box[1], box[2], box[3], box[0]}); got.Quad != want {
			t.Errorf("%s: got %v, want %v: from the top right corner downwards", name, got.Quad, want)
		}
	}
}
