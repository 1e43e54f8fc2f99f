package ocr_test

import (
	"context"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/raster"
)

// twoWays is a pipeline for pictures that are red at one end: lines that begin there read as
// "a" with one score, lines that end there as "b" with the other. Classifiers give each
// line that probability to be upside down.
func twoWays(t *testing.T, flipped, scoreA, scoreB float32) (*ocr.Pipeline, *infertest.Session) {
	t.Helper()
	recognizer := &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		if red := in[0].Data[2*in[0].Shape[2]*in[0].Shape[3]]; red > 0 {
			spell(out[0], []int{1}, scoreA)
		} else {
			spell(out[0], []int{2}, scoreB)
		}
		return nil
	}}
	return ocr.NewPipeline(
		ocr.NewDetector(painter(), detectorConfig()),
		ocr.NewClassifier(sureOf(flipped), classifierConfig()),
		ocr.NewRecognizer(recognizer, abc(t), recognizerConfig()),
		room(1)), recognizer
}

func TestReadLineUpsideDown(t *testing.T) {
	q := upright(0, 0, 200, 48)
	for name, c := range map[string]struct {
		flipped, upright, upsideDown float32 // what the models say
		want                         string
		wantQuad                     inkpool.Quad
		wantRuns                     int
	}{
		"upright":                             {0, 0.9, 0.1, "a", q, 1},
		"the classifier is not sure":          {0.8, 0.85, 0.9, "a", q, 1},
		"it is not, and the text is doubtful": {0.8, 0.6, 0.9, "b", turnedTwice(q), 2},
		"doubtful both ways":                  {0, 0.6, 0.6, "a", q, 2},
		"upside down":                         {0.95, 0.1, 0.9, "b", turnedTwice(q), 2},
		"both ways alike":                     {0.95, 0.75, 0.75, "b", turnedTwice(q), 2},
		"sure and wrong, says the recogniser": {0.95, 0.9, 0.3, "a", q, 2},
	} {
		t.Run(name, func(t *testing.T) {
			p, recognizer := twoWays(t, c.flipped, c.upright, c.upsideDown)
			got, err := p.ReadLine(t.Context(), halves(200, 48), q)
			if err != nil {
				t.Fatal(err)
			}
			want := inkpool.Line{Text: c.want, Score: float64(c.upright), Quad: c.wantQuad}
			if c.want == "b" {
				want.Score = float64(c.upsideDown)
			}
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if n := recognizer.Runs(); n != c.wantRuns {
				t.Errorf("got %d runs of the recogniser, want %d", n, c.wantRuns)
			}
		})
	}
}

func turnedTwice(q inkpool.Quad) inkpool.Quad { return inkpool.Quad{q[2], q[3], q[0], q[1]} }

// A box much higher than wide is read from its top, and its quad starts where the text does:
// at the top right. Text that runs upwards starts at the bottom left.
func TestReadLineInTallBoxes(t *testing.T) {
	redOnTop := raster.New(48, 200)
	for i := range 3 * 48 * 100 {
		if i%3 == 0 {
			redOnTop.Pix[i] = 255
		}
	}
	q := upright(0, 0, 48, 200)
	for name, c := range map[string]struct {
		flipped float32
		want    inkpool.Line
	}{
		"downwards": {0, inkpool.Line{Text: "a", Score: float64(float32(0.85)), Quad: inkpool.Quad{q[1], q[2], q[3], q[0]}, Vertical: true}},
		"upwards":   {1, inkpool.Line{Text: "b", Score: float64(float32(0.9)), Quad: inkpool.Quad{q[3], q[0], q[1], q[2]}}},
	} {
		p, _ := twoWays(t, c.flipped, 0.85, 0.9)
		if got, err := p.ReadLine(t.Context(), redOnTop, q); err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

func TestReadLineTurnsOnlyWhatIsMuchHigherThanWide(t *testing.T) {
	for _, c := range []struct {
		w, h float64
		want bool
	}{{100, 100, false}, {100, 149, false}, {100, 151, true}, {10, 300, true}, {300, 10, false}} {
		p, _ := twoWays(t, 0, 1, 1)
		got, err := p.ReadLine(t.Context(), raster.New(300, 300), upright(0, 0, c.w, c.h))
		if err != nil || got.Vertical != c.want {
			t.Errorf("%g x %g: got vertical %v, %v; want %v", c.w, c.h, got.Vertical, err, c.want)
		}
	}
}
