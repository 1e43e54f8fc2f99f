package ocr_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/raster"
)

func classifierConfig() ocr.ClassifierConfig {
	cfg := ocr.PPOCRv2Classifier()
	cfg.Width, cfg.Height, cfg.Threshold = 192, 48, 0.9
	return cfg
}

// upright returns the quad of an upright line.
func upright(x, y, w, h float64) inkpool.Quad {
	return inkpool.Quad{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}}
}

func TestFlippedNeedsTheThreshold(t *testing.T) {
	for _, c := range []struct {
		upright, flipped float32
		want             bool
	}{
		{1, 0, false},
		{0.5, 0.5, false},
		{0.11, 0.89, false}, // likelier, but not sure
		{0.1, 0.9, true},
		{0, 1, true},
	} {
		model := &infertest.Session{Func: func(_ context.Context, _, out []infer.Tensor) error {
			copy(out[0].Data, []float32{c.upright, c.flipped})
			return nil
		}}
		got, _, err := ocr.NewClassifier(model, classifierConfig()).Flipped(t.Context(), raster.New(100, 50), upright(0, 0, 100, 50))
		if err != nil || got != c.want {
			t.Errorf("probabilities %g and %g: got %v, %v; want %v", c.upright, c.flipped, got, err, c.want)
		}
	}
}

func TestClassifierSeesTheLineFromTheLeft(t *testing.T) {
	colour := raster.RGB{250, 120, 10}
	for name, c := range map[string]struct {
		w, h    float64
		columns int
	}{
		"short":  {96, 48, 96},
		"lower":  {50, 25, 96},
		"wide":   {600, 48, 192}, // squeezed
		"narrow": {1, 48, 1},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := classifierConfig()
			model, input := recording(0)
			_, _, err := ocr.NewClassifier(model, cfg).Flipped(t.Context(), filled(700, 60, colour), upright(5, 5, c.w, c.h))
			if err != nil {
				t.Fatal(err)
			}
			if want := []int64{1, 3, 48, 192}; !slices.Equal(input.Shape, want) {
				t.Fatalf("got shape %v, want %v", input.Shape, want)
			}
			checkPlanes(t, *input, colour, cfg.Norm, c.columns)
		})
	}
}

// recording is a model that keeps its input and answers with the same number everywhere.
func recording(answer float32) (model *infertest.Session, input *infer.Tensor) {
	input = new(infer.Tensor)
	return &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		*input = infer.Tensor{Shape: in[0].Shape, Data: slices.Clone(in[0].Data)}
		for i := range out[0].Data {
			out[0].Data[i] = answer
		}
		return nil
	}}, input
}

// failing is a model that always fails.
func failing(err error) *infertest.Session {
	return &infertest.Session{Func: func(context.Context, []infer.Tensor, []infer.Tensor) error { return err }}
}

func TestClassifierPassesErrorsOn(t *testing.T) {
	fail := errors.New("no memory")
	_, _, err := ocr.NewClassifier(failing(fail), classifierConfig()).Flipped(t.Context(), raster.New(9, 9), upright(0, 0, 9, 9))
	if !errors.Is(err, fail) {
		t.Errorf("got %v, want %v", err, fail)
	}
}

func TestClassifierStretchesTheLine(t *testing.T) {
	colour := raster.RGB{250, 120, 10}
	cfg := ocr.PPLCNetClassifier()
	for _, line := range []inkpool.Quad{upright(5, 5, 1, 48), upright(5, 5, 600, 48)} {
		model, input := recording(0)
		_, _, err := ocr.NewClassifier(model, cfg).Flipped(t.Context(), filled(700, 60, colour), line)
		if err != nil {
			t.Fatal(err)
		}
		if want := []int64{1, 3, 80, 160}; !slices.Equal(input.Shape, want) {
			t.Fatalf("got shape %v, want %v", input.Shape, want)
		}
		red, blue := input.Data[:80*160], input.Data[2*80*160:] // red comes first in this one
		for i := range red {
			red[i], blue[i] = blue[i], red[i]
		}
		checkPlanes(t, *input, colour, cfg.Norm, 160)
	}
}

func TestWithoutAClassifierLinesAreUpright(t *testing.T) {
	var none *ocr.Classifier
	flipped, _, err := none.Flipped(t.Context(), raster.New(9, 9), upright(0, 0, 9, 9))
	if err != nil || flipped {
		t.Errorf("got %v, %v; want upright", flipped, err)
	}
}
