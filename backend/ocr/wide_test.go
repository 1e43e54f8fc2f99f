package ocr_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/raster"
)

// ribbon is a line 48 pixels high of characters 24 pixels wide with 8 of black between them: how
// red a character is says which letter it is.
func ribbon(text string) *raster.Image {
	im := raster.New(32*len(text), 48)
	for i := range len(text) {
		for y := range 48 {
			for x := range 24 {
				im.Set(32*i+4+x, y, raster.RGB{uint8(9 * (text[i] - 'a' + 1)), 0, 0})
			}
		}
	}
	return im
}

// ribbonReader reads every step of 8 columns in which it sees a character as that character with
// score 0.9, and those between as blank. What it sees of a character at the edges of its input,
// where a part of it may be missing, is "z" with score 0.6.
func ribbonReader() *infertest.Session {
	return &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		w, classes := int(in[0].Shape[3]), int(out[0].Shape[2])
		red := in[0].Data[2*48*w+24*w:][:w]
		clear(out[0].Data)
		for step := range w / 8 {
			v := red[8*step+4]
			letter := int(math.Round(float64((v*0.5+0.5)*255) / 9))
			p := float32(0.9)
			if letter > 0 && (step < 3 || step >= w/8-4) {
				letter, p = 26, 0.6
			}
			out[0].Data[step*classes+letter] = p
		}
		return nil
	}}
}

func TestWideLinesAreReadInPartsAndJoined(t *testing.T) {
	dict, err := ocr.ParseDictionary([]byte(strings.Join(strings.Split(letters, ""), "\n")))
	if err != nil {
		t.Fatal(err)
	}
	cfg := recognizerConfig()
	cfg.MaxWidth, cfg.Overlap = 480, 192
	for _, n := range []int{15, 16, 20, 24, 25, 60, 211} {
		text := strings.Repeat("abcdefghijklmnopqrstuvwxy", 10)[:n]
		widest := 0
		model := ribbonReader()
		run := model.Func
		model.Func = func(ctx context.Context, in, out []infer.Tensor) error {
			widest = max(widest, int(in[0].Shape[3]))
			return run(ctx, in, out)
		}
		im := ribbon(text)
		for name, q := range map[string]inkpool.Quad{
			"as it lies":  upright(0, 0, float64(im.Width), 48),
			"upside down": turnedTwice(upright(0, 0, float64(im.Width), 48)),
		} {
			got, score, err := ocr.NewRecognizer(model, dict, cfg).Recognize(t.Context(), im, q, name == "upside down")
			want := "z" + text[1:n-1] + "z" // the ends of the line are edges, too
			if err != nil || got != want {
				t.Errorf("%d characters, %s: got %q, %v; want %q", n, name, got, err, want)
			}
			if wantScore := (0.9*float64(n-2) + 1.2) / float64(n); math.Abs(score-wantScore) > 1e-5 {
				t.Errorf("%d characters, %s: got score %g, want %g", n, name, score, wantScore)
			}
		}
		if widest > cfg.MaxWidth {
			t.Errorf("%d characters: got a run %d columns wide, want at most %d", n, widest, cfg.MaxWidth)
		}
	}
}
