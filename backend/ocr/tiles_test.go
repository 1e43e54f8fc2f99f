package ocr_test

import (
	"context"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/raster"
)

// A page that one run of the model cannot see yields the boxes that one run would find, although
// the model is blind at the edges of what it sees: lines across a seam are neither cut nor found
// twice.
func TestTilesFindWhatOneRunWould(t *testing.T) {
	for name, size := range map[string]struct{ w, h int }{"tall": {320, 2720}, "wide": {2720, 320}, "both": {1440, 1440}} {
		t.Run(name, func(t *testing.T) {
			s := newSheet(size.w, size.h)
			lines := 0
			for y := 30; y+60 < size.h; y += 37 {
				s.line(40, y, size.w-80, 16, 1)
				lines++
			}
			cfg := detectorConfig()
			cfg.Norm = raster.Norm{Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5}}
			once := cfg
			once.MaxSide = 4000
			want, err := ocr.NewDetector(greenDetector(0), once).Detect(t.Context(), s.page, ocr.Look{Side: 4000})
			if err != nil || len(want) != lines {
				t.Fatalf("one run: got %d boxes, %v; want %d", len(want), err, lines)
			}
			model := greenDetector(24)
			largest := int64(0)
			run := model.Func
			model.Func = func(ctx context.Context, in, out []infer.Tensor) error {
				largest = max(largest, in[0].Shape[2], in[0].Shape[3])
				return run(ctx, in, out)
			}
			got, err := ocr.NewDetector(model, cfg).Detect(t.Context(), s.page, ocr.Look{Side: 4000})
			if err != nil || len(got) != len(want) {
				t.Fatalf("tiles: got %d boxes, %v; want %d", len(got), err, len(want))
			}
			for i := range want {
				if d := farthest(got[i].Quad, want[i].Quad); d > 1e-6 {
					t.Errorf("box %d: got %v, want %v", i, got[i].Quad, want[i].Quad)
				}
			}
			if model.Runs() < 2 || largest > int64(cfg.MaxSide) {
				t.Errorf("got %d runs of up to %d pixels a side, want several of at most %d", model.Runs(), largest, cfg.MaxSide)
			}
		})
	}
}

// There are as many candidates for boxes on a page as it has tiles times those of one.
func TestTilesHaveAsManyCandidatesEach(t *testing.T) {
	s := newSheet(320, 2720)
	for y := 30; y+60 < 2720; y += 37 {
		s.line(40, y, 240, 16, 1)
	}
	cfg := detectorConfig()
	cfg.Norm = raster.Norm{Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5}}
	cfg.MaxCandidates = 20
	got, err := ocr.NewDetector(greenDetector(0), cfg).Detect(t.Context(), s.page, ocr.Look{Side: 4000})
	if want := 72; err != nil || len(got) != want {
		t.Errorf("got %d boxes, %v; want all %d", len(got), err, want)
	}
}

// nearSighted sees only pieces of what is more than 128 pixels high.
func nearSighted() *infertest.Session {
	model := greenDetector(0)
	whole := model.Func
	model.Func = func(ctx context.Context, in, out []infer.Tensor) error {
		if err := whole(ctx, in, out); err != nil {
			return err
		}
		h, w := int(in[0].Shape[2]), int(in[0].Shape[3])
		for x := range w {
			high := 0
			for y := range h {
				if out[0].Data[y*w+x] > 0 {
					high++
				}
			}
			for y := 0; high > 128 && x%96 < 16 && y < h; y++ {
				out[0].Data[y*w+x] = 0
			}
		}
		return nil
	}
	return model
}

// A banner is shown in tiles, so that small print on it can be read; its large text comes whole
// all the same.
func TestTilesLeaveLargeTextWhole(t *testing.T) {
	s := newSheet(2000, 500)
	s.line(300, 100, 1400, 200, 1)
	s.line(40, 400, 200, 20, 2)
	cfg := detectorConfig()
	cfg.Norm = raster.Norm{Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5}}
	cfg.LongPage, cfg.LeastShort = 3, 480
	got, err := ocr.NewDetector(nearSighted(), cfg).Detect(t.Context(), s.page, ocr.Look{})
	if err != nil || len(got) != 2 {
		t.Fatalf("got boxes %v, %v; want the large line and the small one", got, err)
	}
	for i, want := range []struct{ left, right float64 }{{300, 1700}, {40, 240}} {
		q := got[i].Quad
		if left, right := q[0].X, q[1].X; left > want.left || right < want.right || right-left > want.right-want.left+400 {
			t.Errorf("box %d: got %v to %v, want it around %v to %v", i, left, right, want.left, want.right)
		}
	}
}
