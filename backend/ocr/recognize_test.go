package ocr_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/raster"
)

func recognizerConfig() ocr.RecognizerConfig {
	cfg := ocr.PPOCRv4Recognizer()
	cfg.Height, cfg.MinWidth, cfg.MaxWidth, cfg.Overlap, cfg.Stride, cfg.MinScore = 48, 96, 480, 96, 8, 0.5
	return cfg
}

// The model gets each line at its own width, as many columns as 48 rows ask for, rounded up
// to whole steps.
func TestRecognizerFeedsTheLineAtItsOwnWidth(t *testing.T) {
	colour := raster.RGB{10, 130, 240}
	for _, c := range []struct {
		w, h           float64
		content, width int
	}{
		{200, 48, 200, 200},
		{201, 48, 201, 208},  // rounded up
		{100, 24, 200, 200},  // enlarged
		{150, 36, 200, 200},  // by a fraction
		{400, 96, 200, 200},  // reduced
		{40, 48, 40, 96},     // padded to the least width
		{1, 48, 1, 96},       // one column
		{96, 48, 96, 96},     // exactly the least
		{600, 48, 480, 480},  // in parts of the most
		{600, 1.5, 480, 480}, // a stroke
	} {
		t.Run(fmt.Sprintf("%g x %g", c.w, c.h), func(t *testing.T) {
			cfg, d := recognizerConfig(), abc(t)
			model, input := recording(0)
			_, _, err := ocr.NewRecognizer(model, d, cfg).Recognize(t.Context(), filled(700, 120, colour), upright(20, 10, c.w, c.h), false)
			if err != nil {
				t.Fatal(err)
			}
			if want := []int64{1, 3, 48, int64(c.width)}; !slices.Equal(input.Shape, want) {
				t.Fatalf("got shape %v, want %v", input.Shape, want)
			}
			checkPlanes(t, *input, colour, cfg.Norm, c.content)
		})
	}
}

func TestRecognizerAsksForOneStepPerStride(t *testing.T) {
	var got []int64
	model := &infertest.Session{Func: func(_ context.Context, _, out []infer.Tensor) error {
		got = out[0].Shape
		return nil
	}}
	d := abc(t)
	if _, _, err := ocr.NewRecognizer(model, d, recognizerConfig()).Recognize(t.Context(), raster.New(200, 48), upright(0, 0, 200, 48), false); err != nil {
		t.Fatal(err)
	}
	if want := []int64{1, 200 / 8, int64(d.Size())}; !slices.Equal(got, want) {
		t.Errorf("got shape %v, want %v", got, want)
	}
}

// halves returns a picture whose left half is red and whose right half is blue.
func halves(w, h int) *raster.Image {
	im := raster.New(w, h)
	for y := range h {
		for x := range w {
			c := raster.RGB{255, 0, 0}
			if x >= w/2 {
				c = raster.RGB{0, 0, 255}
			}
			im.Set(x, y, c)
		}
	}
	return im
}

func TestRecognizerReadsUpsideDownWhenAsked(t *testing.T) {
	for _, flip := range []bool{false, true} {
		model, input := recording(0)
		_, _, err := ocr.NewRecognizer(model, abc(t), recognizerConfig()).Recognize(t.Context(), halves(200, 48), upright(0, 0, 200, 48), flip)
		if err != nil {
			t.Fatal(err)
		}
		red := input.Data[2*48*200] > 0 // of the first pixel; the planes are blue, green, red
		if red == flip {
			t.Errorf("flip %v: the line begins red: %v, want %v", flip, red, !flip)
		}
	}
}

// spelling is a recogniser model that answers with the same path for every line.
func spelling(path []int, p float32) *infertest.Session {
	return &infertest.Session{Func: func(_ context.Context, _, out []infer.Tensor) error {
		spell(out[0], path, p)
		return nil
	}}
}

// spell writes a path of classes with probability p, and sure blanks behind it.
func spell(out infer.Tensor, path []int, p float32) {
	clear(out.Data)
	classes := int(out.Shape[2])
	for step := range int(out.Shape[1]) {
		if step < len(path) {
			out.Data[step*classes+path[step]] = p
		} else {
			out.Data[step*classes] = 1
		}
	}
}

func TestRecognizerReturnsTextWithoutSpacesAround(t *testing.T) {
	const a, b, space = 1, 2, 4
	for name, c := range map[string]struct {
		path []int
		want string
	}{
		"text":          {[]int{a, space, b}, "a b"},
		"spaces around": {[]int{space, a, b, space}, "ab"},
		"spaces only":   {[]int{space}, ""},
		"nothing":       {nil, ""},
	} {
		r := ocr.NewRecognizer(spelling(c.path, 0.75), abc(t), recognizerConfig())
		got, score, err := r.Recognize(t.Context(), raster.New(200, 48), upright(0, 0, 200, 48), false)
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, c.want)
		}
		if c.want != "" && score != 0.75 {
			t.Errorf("%s: got score %g, want 0.75", name, score)
		}
	}
}

// Buffers are lent again: a line must not see what the one before left behind.
func TestRecognizerForgetsTheLineBefore(t *testing.T) {
	cfg := recognizerConfig()
	model, input := recording(0)
	r := ocr.NewRecognizer(model, abc(t), cfg)
	first, second := raster.RGB{255, 255, 255}, raster.RGB{60, 70, 80}
	for _, c := range []struct {
		colour raster.RGB
		w      float64
	}{{first, 400}, {second, 30}, {second, 100}, {first, 5}} {
		if _, _, err := r.Recognize(t.Context(), filled(500, 48, c.colour), upright(0, 0, c.w, 48), false); err != nil {
			t.Fatal(err)
		}
		checkPlanes(t, *input, c.colour, cfg.Norm, int(c.w))
	}
}

func TestRecognizerPassesErrorsOn(t *testing.T) {
	fail := errors.New("no memory")
	_, _, err := ocr.NewRecognizer(failing(fail), abc(t), recognizerConfig()).Recognize(t.Context(), raster.New(9, 9), inkpool.Quad{}, false)
	if !errors.Is(err, fail) {
		t.Errorf("got %v, want %v", err, fail)
	}
}
