package ocr_test

import (
	"context"
	"math"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// scene is a page of 640 x 480 pixels with one line of text in each of its bands, and the
// three models that know it: line i (from 0) reads as the i-th letter of the alphabet.
type scene struct {
	page                             *raster.Image
	detector, classifier, recognizer *infertest.Session
}

const letters = "abcdefghijklmnopqrstuvwxyz"

// newScene makes a page of up to 26 lines. The letter of a line is written in the red of its
// band: 8 for the first, 16 for the second. The recogniser reads it there, with score 0.9.
func newScene(lines int) *scene {
	s := &scene{page: raster.New(640, 480)}
	var patches []patch
	pitch := 480 / max(1, lines)
	for i := range lines {
		for y := i * pitch; y < (i+1)*pitch; y++ {
			for x := range s.page.Width {
				s.page.Set(x, y, raster.RGB{uint8(8 * (i + 1)), 0, 0})
			}
		}
		patches = append(patches, patch{x: 200, y: float64(i*pitch + pitch/2), w: 200, h: 8})
	}
	s.detector = painter(patches...)
	s.classifier = sureOf(0)
	s.recognizer = &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		spell(out[0], []int{letterIn(in[0])}, 0.9)
		return nil
	}}
	return s
}

// letterIn is the number, from 1, of the letter in a line of a scene.
func letterIn(in infer.Tensor) int {
	red := in.Data[2*in.Shape[2]*in.Shape[3]]
	return int(math.Round(float64((red*0.5+0.5)*255) / 8))
}

// sureOf is a classifier model that gives every line that probability to be upside down.
func sureOf(flipped float32) *infertest.Session {
	return &infertest.Session{Func: func(_ context.Context, _, out []infer.Tensor) error {
		copy(out[0].Data, []float32{1 - flipped, flipped})
		return nil
	}}
}

// pipeline joins the models; at most detections run at once.
func (s *scene) pipeline(t testing.TB, detections int) *ocr.Pipeline {
	t.Helper()
	return s.pipelineIn(t, room(detections))
}

func (s *scene) pipelineIn(t testing.TB, room ocr.Room) *ocr.Pipeline {
	t.Helper()
	dict, err := ocr.ParseDictionary([]byte(strings.Join(strings.Split(letters, ""), "\n")))
	if err != nil {
		t.Fatal(err)
	}
	lines := recognizerConfig()
	lines.MaxWidth = 3200 // one run a line
	return ocr.NewPipeline(
		ocr.NewDetector(s.detector, detectorConfig()),
		ocr.NewClassifier(s.classifier, classifierConfig()),
		ocr.NewRecognizer(s.recognizer, dict, lines),
		room)
}

// room is for so many detections, and for any lines.
func room(detections int) ocr.Room {
	return ocr.Room{Detections: pool.NewBudget(int64(detections)), Columns: pool.NewBudget(1 << 20)}
}

// texts joins the texts of lines without anything between them.
func texts(lines []inkpool.Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Text)
	}
	return b.String()
}

func TestReadReadsAllLinesInOrder(t *testing.T) {
	s := newScene(20)
	page, _, err := s.pipeline(t, 1).Read(t.Context(), pool.New(2).Page(pool.Request{}), s.page, inkpool.Reading{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := texts(page.Lines), letters[:20]; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i, l := range page.Lines {
		if band := int(l.Quad[0].Y+l.Quad[2].Y) / 2 / 24; band != i {
			t.Errorf("line %q lies in band %d, want %d", l.Text, band, i)
		}
		if math.Abs(l.Score-0.9) > 1e-6 || l.Vertical {
			t.Errorf("line %q: got score %g, vertical %v; want 0.9, false", l.Text, l.Score, l.Vertical)
		}
	}
}

// recordedCores is one core that notes what it was asked for.
type recordedCores struct {
	stages []pool.Stage // written by one goroutine at a time: there is one core
	*pool.Page
}

func (c *recordedCores) Do(ctx context.Context, stage pool.Stage, work func() error) error {
	return c.Page.Do(ctx, stage, func() error {
		c.stages = append(c.stages, stage)
		return work()
	})
}

func TestReadDetectsFirstThenReadsEachLine(t *testing.T) {
	s := newScene(3)
	cores := &recordedCores{Page: pool.New(1).Page(pool.Request{})}
	if _, _, err := s.pipeline(t, 1).Read(t.Context(), cores, s.page, inkpool.Reading{}); err != nil {
		t.Fatal(err)
	}
	want := []pool.Stage{pool.Detect, pool.Line, pool.Line, pool.Line}
	if !reflect.DeepEqual(cores.stages, want) {
		t.Errorf("got stages %v, want %v", cores.stages, want)
	}
	if d, c, r := s.detector.Runs(), s.classifier.Runs(), s.recognizer.Runs(); d != 1 || c != 3 || r != 3 {
		t.Errorf("detector, classifier, recogniser ran %d, %d, %d times; want 1, 3, 3", d, c, r)
	}
}

// gauge counts how many are at work, and how many were at most.
type gauge struct{ now, most atomic.Int64 }

// during wraps a model so that every run takes a second (of a synctest bubble's clock).
func (g *gauge) during(s *infertest.Session) *infertest.Session {
	run := s.Func
	return &infertest.Session{Func: func(ctx context.Context, in, out []infer.Tensor) error {
		at := g.now.Add(1)
		defer g.now.Add(-1)
		for was := g.most.Load(); at > was && !g.most.CompareAndSwap(was, at); was = g.most.Load() {
		}
		time.Sleep(time.Second)
		return run(ctx, in, out)
	}}
}

// A page fans its lines out over all cores, and what it yields does not depend on them.
func TestReadUsesAllCoresAndNoMore(t *testing.T) {
	var first []inkpool.Line
	for _, n := range []int{1, 3, 8} {
		synctest.Test(t, func(t *testing.T) {
			s := newScene(20)
			var g gauge
			s.recognizer = g.during(s.recognizer)
			page, effort, err := s.pipeline(t, 1).Read(t.Context(), pool.New(n).Page(pool.Request{}), s.page, inkpool.Reading{})
			if err != nil {
				t.Fatal(err)
			}
			if got := g.most.Load(); got != int64(n) {
				t.Errorf("%d cores: got %d lines at once at most", n, got)
			}
			if effort.Lines != 20*time.Second {
				t.Errorf("%d cores: got %v of lines, want 20 of a second", n, effort.Lines)
			}
			if first == nil {
				first = page.Lines
			}
			if !reflect.DeepEqual(page.Lines, first) {
				t.Errorf("%d cores: got %v, want as with one core %v", n, page.Lines, first)
			}
		})
	}
}

// Lines that are too wide together take turns, however many cores are free.
func TestReadKeepsToTheRoomForLines(t *testing.T) {
	for columns, most := range map[int64]int64{1: 1, 1 << 20: 8} {
		synctest.Test(t, func(t *testing.T) {
			s := newScene(20)
			var g gauge
			s.recognizer = g.during(s.recognizer)
			p := s.pipelineIn(t, ocr.Room{Detections: pool.NewBudget(1), Columns: pool.NewBudget(columns)})
			page, _, err := p.Read(t.Context(), pool.New(8).Page(pool.Request{}), s.page, inkpool.Reading{})
			if err != nil || len(page.Lines) != 20 {
				t.Errorf("got %d lines, %v; want 20", len(page.Lines), err)
			}
			if got := g.most.Load(); got != most {
				t.Errorf("room for %d columns: got %d lines at once at most, want %d", columns, got, most)
			}
		})
	}
}

// With two pages at work, the detection of one fills the cores that the lines of the other
// leave idle. Times are those of the bundled models.
func TestASecondCoreNearlyDoublesTheRate(t *testing.T) {
	one, two := timeToReadPages(t, 1), timeToReadPages(t, 2)
	if rate := float64(one) / float64(two); rate < 1.8 {
		t.Errorf("two cores are %.2f times as fast as one (%v, %v), want 1.8", rate, two, one)
	}
}

// timeToReadPages reads 6 pages on n cores, n at a time.
func timeToReadPages(t *testing.T, n int) (took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, slots := newScene(12), pool.New(n)
		s.detector, s.recognizer = taking(200*time.Millisecond, s.detector), taking(24*time.Millisecond, s.recognizer)
		p := s.pipeline(t, 1)
		var left atomic.Int64
		left.Store(6)
		began := time.Now()
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				for left.Add(-1) >= 0 {
					if _, _, err := p.Read(t.Context(), slots.Page(pool.Request{}), s.page, inkpool.Reading{}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		took = time.Since(began)
	})
	return took
}

// taking wraps a model so that a run takes that long (by a synctest bubble's clock).
func taking(d time.Duration, s *infertest.Session) *infertest.Session {
	return &infertest.Session{Func: func(ctx context.Context, in, out []infer.Tensor) error {
		time.Sleep(d)
		return s.Func(ctx, in, out)
	}}
}

func TestReadSumsUpTheWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(2)
		slots := pool.New(1)
		hold := make(chan struct{})
		go func() { // another page has the only core for 5 seconds
			_ = slots.Page(pool.Request{}).Do(t.Context(), pool.Line, func() error {
				close(hold)
				time.Sleep(5 * time.Second)
				return nil
			})
		}()
		<-hold
		_, effort, err := s.pipeline(t, 1).Read(t.Context(), slots.Page(pool.Request{}), s.page, inkpool.Reading{})
		if err != nil || effort.Wait != 5*time.Second {
			t.Errorf("got %v of waiting, %v; want 5 s", effort.Wait, err)
		}
	})
}

// Where the detector sees nothing, the picture as a whole is read as one line: the crop of
// a word is kept, what the recogniser makes of a blank page is not.
func TestReadWithoutBoxes(t *testing.T) {
	for _, c := range []struct {
		score float32
		want  string
	}{{0.9, "q"}, {0.7, ""}} {
		s := newScene(0)
		s.recognizer.Func = func(_ context.Context, _, out []infer.Tensor) error {
			spell(out[0], []int{17}, c.score)
			return nil
		}
		page, _, err := s.pipeline(t, 1).Read(t.Context(), pool.New(2).Page(pool.Request{}), s.page, inkpool.Reading{})
		if err != nil || texts(page.Lines) != c.want {
			t.Errorf("score %g: got %q, %v; want %q", c.score, texts(page.Lines), err, c.want)
		}
		if len(page.Lines) == 1 && page.Lines[0].Quad[2] != (inkpool.Point{X: 640, Y: 480}) {
			t.Errorf("got %v, want the whole picture", page.Lines[0].Quad)
		}
	}
}

func TestReadLeavesOutNoise(t *testing.T) {
	s := newScene(5)
	s.recognizer.Func = func(_ context.Context, in, out []infer.Tensor) error {
		switch letter := letterIn(in[0]); letter {
		case 1:
			spell(out[0], []int{letter}, 0.49) // below MinScore
		case 2:
			spell(out[0], nil, 0)
		case 4:
			spell(out[0], []int{len(letters) + 1}, 1) // a space
		case 3:
			spell(out[0], []int{letter}, 0.5)
		default:
			spell(out[0], []int{letter}, 1)
		}
		return nil
	}
	page, _, err := s.pipeline(t, 1).Read(t.Context(), pool.New(1).Page(pool.Request{}), s.page, inkpool.Reading{})
	if got := texts(page.Lines); err != nil || got != "ce" {
		t.Errorf("got %q, %v; want \"ce\": \"a\" is doubtful, the second and fourth line hold nothing", got, err)
	}
}

func TestDetectionsAtOnceAreLimited(t *testing.T) {
	for _, limit := range []int{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			s, slots := newScene(3), pool.New(8)
			var detecting, reading gauge
			s.detector, s.recognizer = detecting.during(s.detector), reading.during(s.recognizer)
			p := s.pipeline(t, limit)
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() {
					if page, _, err := p.Read(t.Context(), slots.Page(pool.Request{}), s.page, inkpool.Reading{}); err != nil || texts(page.Lines) != "abc" {
						t.Errorf("got %v, %v; want abc", page.Lines, err)
					}
				})
			}
			wg.Wait()
			if got := detecting.most.Load(); got != int64(limit) {
				t.Errorf("limit %d: got %d detections at once", limit, got)
			}
			if got := reading.most.Load(); got < 3 {
				t.Errorf("limit %d: got %d lines at once, want them not held up", limit, got)
			}
		})
	}
}
