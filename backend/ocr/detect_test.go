package ocr_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/raster"
)

// detectorConfig has the numbers that these tests count on.
func detectorConfig() ocr.DetectorConfig {
	cfg := ocr.PPOCRv4Detector()
	cfg.MaxSide, cfg.LongPage, cfg.LeastShort, cfg.Overlap, cfg.MinSide, cfg.Multiple = 960, 3, 0, 128, 0, 32
	cfg.SmallSide, cfg.Margin = 0, 0
	cfg.Threshold, cfg.BoxThreshold, cfg.Unclip, cfg.MinBoxSide, cfg.MaxCandidates = 0.3, 0.6, 1.5, 3, 1000
	return cfg
}

// patch is a rectangle of text on the map of a detector: w x h map pixels around (x, y),
// turned clockwise.
type patch struct{ x, y, w, h, degrees float64 }

// paintOn sets the pixels of the map [1, 1, h, w] whose centres lie in the patch.
func (p patch) paintOn(out infer.Tensor, value float32) {
	sin, cos := math.Sincos(p.degrees * math.Pi / 180)
	h, w := int(out.Shape[2]), int(out.Shape[3])
	reach := math.Hypot(p.w, p.h) / 2
	for row := max(0, int(p.y-reach)); row < min(h, int(p.y+reach)+1); row++ {
		for column := max(0, int(p.x-reach)); column < min(w, int(p.x+reach)+1); column++ {
			dx, dy := float64(column)+0.5-p.x, float64(row)+0.5-p.y
			if math.Abs(dx*cos+dy*sin) <= p.w/2 && math.Abs(dy*cos-dx*sin) <= p.h/2 {
				out.Data[row*w+column] = value
			}
		}
	}
}

// box is what the detector should make of the patch on a page that is scale times the map:
// the rectangle through the outermost pixel centres, grown.
func (p patch) box(unclip, scale float64) inkpool.Quad {
	w, h := p.w-1, p.h-1
	d := w * h * unclip / (2 * (w + h))
	w, h = w/2+d, h/2+d
	sin, cos := math.Sincos(p.degrees * math.Pi / 180)
	var q inkpool.Quad
	for i, c := range [4][2]float64{{-w, -h}, {w, -h}, {w, h}, {-w, h}} {
		q[i] = inkpool.Point{X: (p.x + c[0]*cos - c[1]*sin) * scale, Y: (p.y + c[0]*sin + c[1]*cos) * scale}
	}
	return q
}

// painter is a detector model that sees the same patches on every page.
func painter(patches ...patch) *infertest.Session {
	return &infertest.Session{Func: func(_ context.Context, _, out []infer.Tensor) error {
		clear(out[0].Data)
		for _, p := range patches {
			p.paintOn(out[0], 0.95)
		}
		return nil
	}}
}

func TestInputSize(t *testing.T) {
	cfg := detectorConfig()
	enlarging := cfg
	enlarging.MinSide = 736
	long := cfg
	long.LeastShort = 384
	for _, c := range []struct {
		cfg                      ocr.DetectorConfig
		w, h, side, wantW, wantH int
	}{
		{cfg, 960, 640, 0, 960, 640},     // fits
		{cfg, 1, 1, 0, 32, 32},           // never nothing
		{cfg, 100, 100, 0, 96, 96},       // to the nearest multiple: down
		{cfg, 120, 120, 0, 128, 128},     // and up
		{cfg, 1920, 1280, 0, 960, 640},   // the longer side decides
		{cfg, 1280, 1920, 0, 640, 960},   // whichever it is
		{cfg, 4000, 2900, 0, 960, 704},   // 696 is nearer to 704 than to 672
		{cfg, 20000, 50, 0, 960, 32},     // a strip
		{cfg, 65535, 65535, 0, 960, 960}, // the largest picture
		{enlarging, 368, 400, 0, 736, 800},
		{enlarging, 500, 300, 0, 960, 576}, // 736 / 300 would be too much: 960 / 500
		{enlarging, 1000, 800, 0, 960, 768},
		{enlarging, 2000, 80, 0, 960, 32}, // too long to be enlarged
		{long, 1080, 12000, 0, 384, 4256}, // keeps its shorter side
		{long, 12000, 1080, 0, 4256, 384},
		{long, 300, 2000, 0, 288, 2016},     // is never enlarged for it
		{long, 400, 1200, 0, 320, 960},      // not long
		{cfg, 1920, 1280, 1600, 1600, 1056}, // as asked for
		{long, 1080, 12000, 960, 96, 960},
		{cfg, 600, 400, 1600, 608, 416}, // nothing is enlarged
	} {
		if w, h := c.cfg.InputSize(c.w, c.h, c.side); w != c.wantW || h != c.wantH {
			t.Errorf("%d x %d with sides %d to %d: got %d x %d, want %d x %d",
				c.w, c.h, c.cfg.MinSide, c.cfg.MaxSide, w, h, c.wantW, c.wantH)
		}
	}
}

func TestDetectFindsWhatTheModelPaints(t *testing.T) {
	cfg := detectorConfig()
	cfg.MaxSide = 480
	for _, scale := range []float64{1, 2} {
		for _, degrees := range []float64{0, 3, 15, 30, 44, 60, 80, 90, 120, 150, 177} {
			t.Run(fmt.Sprintf("scale %g, %g degrees", scale, degrees), func(t *testing.T) {
				p := patch{x: 200, y: 150, w: 160, h: 24, degrees: degrees}
				page := raster.New(int(480*scale), int(320*scale))
				boxes, err := ocr.NewDetector(painter(p), cfg).Detect(t.Context(), page, ocr.Look{})
				if err != nil || len(boxes) != 1 {
					t.Fatalf("got %d boxes, %v; want 1", len(boxes), err)
				}
				tolerance := 2 * scale // turned, a patch covers pixel centres up to its very corners
				if math.Mod(degrees, 90) == 0 {
					tolerance = 1e-6
				}
				want := p.box(cfg.Unclip, scale)
				if d := farthest(boxes[0].Quad, want); d > tolerance {
					t.Errorf("got %v, want %v: a corner is %.1f pixels off", boxes[0].Quad, want, d)
				}
				if s := boxes[0].Score; s < 0.85 || s > 0.951 { // some pixels at the rim are no text
					t.Errorf("got score %g, want about 0.95", s)
				}
			})
		}
	}
}

// farthest is how far the corners of got are from the nearest one of want, at most.
func farthest(got, want inkpool.Quad) float64 {
	worst := 0.0
	for _, g := range got {
		nearest := math.Inf(1)
		for _, w := range want {
			nearest = min(nearest, math.Hypot(g.X-w.X, g.Y-w.Y))
		}
		worst = max(worst, nearest)
	}
	return worst
}

func TestDetectOrdersBoxesFromTopToBottom(t *testing.T) {
	model := painter(patch{x: 300, y: 400, w: 100, h: 20}, patch{x: 500, y: 50, w: 100, h: 20}, patch{x: 100, y: 200, w: 100, h: 20})
	boxes, err := ocr.NewDetector(model, detectorConfig()).Detect(t.Context(), raster.New(640, 480), ocr.Look{})
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, b := range boxes {
		got = append(got, int(math.Round((b.Quad[0].X+b.Quad[2].X)/2)))
	}
	if want := []int{500, 100, 300}; !slices.Equal(got, want) {
		t.Errorf("got boxes around x = %v, want %v", got, want)
	}
}

func TestDetectKeepsBoxesOnThePage(t *testing.T) {
	const w, h = 1000, 700 // the detector sees 960 x 672
	model := painter(patch{x: 10, y: 12, w: 60, h: 40}, patch{x: 955, y: 670, w: 100, h: 60})
	boxes, err := ocr.NewDetector(model, detectorConfig()).Detect(t.Context(), raster.New(w, h), ocr.Look{})
	if err != nil || len(boxes) != 2 {
		t.Fatalf("got %v, %v; want 2 boxes", boxes, err)
	}
	for _, b := range boxes {
		for _, p := range b.Quad {
			if p.X < 0 || p.Y < 0 || p.X > w || p.Y > h {
				t.Errorf("corner %v lies outside of the page", p)
			}
		}
	}
	if p := boxes[0].Quad[0]; p != (inkpool.Point{}) {
		t.Errorf("first corner: got %v, want that of the page", p)
	}
	if p := boxes[1].Quad[2]; p != (inkpool.Point{X: w, Y: h}) {
		t.Errorf("last corner: got %v, want that of the page", p)
	}
}

// What is 4 pixels on the map may be none on the page: a page of one row of pixels is seen
// 32 rows high.
func TestDetectLeavesOutWhatIsTooThinOnThePage(t *testing.T) {
	model := painter(patch{x: 100, y: 16, w: 100, h: 10})
	boxes, err := ocr.NewDetector(model, detectorConfig()).Detect(t.Context(), raster.New(640, 2), ocr.Look{})
	if err != nil || len(boxes) != 0 {
		t.Errorf("got %v, %v; want no boxes", boxes, err)
	}
}

func TestDetectFeedsTheNormalisedPage(t *testing.T) {
	cfg := detectorConfig()
	model, got := recording(0)
	colour := raster.RGB{200, 100, 50}
	if _, err := ocr.NewDetector(model, cfg).Detect(t.Context(), filled(100, 70, colour), ocr.Look{}); err != nil {
		t.Fatal(err)
	}
	if want := []int64{1, 3, 64, 96}; !slices.Equal(got.Shape, want) {
		t.Fatalf("got shape %v, want %v", got.Shape, want)
	}
	checkPlanes(t, *got, colour, cfg.Norm, 96)
}

// The crop of a line gets a margin of the background's colour, and boxes are on the crop.
func TestDetectFramesSmallPictures(t *testing.T) {
	cfg := detectorConfig()
	cfg.SmallSide, cfg.Margin = 100, 0.5
	model, got := recording(0)
	colour := raster.RGB{200, 100, 50}
	if _, err := ocr.NewDetector(model, cfg).Detect(t.Context(), filled(188, 64, colour), ocr.Look{}); err != nil {
		t.Fatal(err)
	}
	if want := []int64{1, 3, 128, 256}; !slices.Equal(got.Shape, want) { // 188+64 rounds to 256
		t.Fatalf("got shape %v, want %v", got.Shape, want)
	}
	checkPlanes(t, *got, colour, cfg.Norm, 256)

	everywhere := painter(patch{x: 128, y: 64, w: 250, h: 120})
	boxes, err := ocr.NewDetector(everywhere, cfg).Detect(t.Context(), filled(188, 64, colour), ocr.Look{})
	if err != nil || len(boxes) != 1 {
		t.Fatalf("got %v, %v; want one box", boxes, err)
	}
	if q, want := boxes[0].Quad, (inkpool.Quad{{X: 0, Y: 0}, {X: 188, Y: 0}, {X: 188, Y: 64}, {X: 0, Y: 64}}); q != want {
		t.Errorf("got %v, want %v: the whole crop", q, want)
	}
}

// checkPlanes wants blue, green and red planes of one normalised colour in the first columns
// of an input [1, 3, h, w], and 0 in the others.
func checkPlanes(t *testing.T, in infer.Tensor, colour raster.RGB, norm raster.Norm, columns int) {
	t.Helper()
	w := int(in.Shape[3])
	plane := int(in.Shape[2]) * w
	for channel, v := range []uint8{colour[2], colour[1], colour[0]} {
		want := (float32(v)/255 - norm.Mean[channel]) / norm.Std[channel]
		for i, got := range in.Data[channel*plane : (channel+1)*plane] {
			if i%w >= columns {
				if got != 0 {
					t.Fatalf("channel %d, padding at column %d: got %g, want 0", channel, i%w, got)
				}
			} else if math.Abs(float64(got-want)) > 1e-6 {
				t.Fatalf("channel %d, column %d: got %g, want %g", channel, i%w, got, want)
			}
		}
	}
}

// filled returns a picture of one colour.
func filled(w, h int, c raster.RGB) *raster.Image {
	im := raster.New(w, h)
	for i := range im.Pix {
		im.Pix[i] = c[i%3]
	}
	return im
}

func TestDetectPassesErrorsOn(t *testing.T) {
	fail := errors.New("no memory")
	if _, err := ocr.NewDetector(failing(fail), detectorConfig()).Detect(t.Context(), raster.New(64, 64), ocr.Look{}); !errors.Is(err, fail) {
		t.Errorf("got %v, want %v", err, fail)
	}
}
