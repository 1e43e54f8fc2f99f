package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
)

func TestProcessReadsTexts(t *testing.T) {
	e := openWith(t, nil, 1)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"UTF-8":      {[]byte("Tea 茶\nat four"), "Tea 茶\nat four"},
		"byte order": {[]byte("\xef\xbb\xbfTea"), "Tea"},
		"UTF-16":     {[]byte("\xff\xfeT\x00e\x00a\x00"), "Tea"},
		"GB 18030":   {[]byte("\xc4\xe3\xba\xc3\xa3\xac\xca\xc0\xbd\xe7"), "你好，世界"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := e.Process(t.Context(), file(t, "note", c.data), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got.Timing.Total <= 0 {
				t.Errorf("got a total of %v, want the time it took", got.Timing.Total)
			}
			got.Timing = inkpool.Timing{}
			if want := (inkpool.Result{Kind: inkpool.KindText, Text: c.want}); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestProcessSaysWhyNot(t *testing.T) {
	e := open(t, 2)
	picture, _ := typed(t, 400, 100, "Harbour")
	text := file(t, "text", []byte("one page only"))
	text.Page = 2
	for name, c := range map[string]struct {
		task inkpool.Task
		want inkpool.Code
	}{
		"missing":                  {task(filepath.Join(t.TempDir(), "gone.png")), inkpool.CodeNotFound},
		"no such page":             {text, inkpool.CodeInvalid},
		"folder":                   {task(t.TempDir()), inkpool.CodeInvalid},
		"empty":                    {file(t, "empty.png", nil), inkpool.CodeInvalid},
		"picture cut off":          {file(t, "cut.png", picture[:len(picture)/2]), inkpool.CodeInvalid},
		"program":                  {file(t, "program", []byte("\x7fELF\x02\x01\x01\x00\x00\x00")), inkpool.CodeUnsupportedFormat},
		"PDF without pages":        {file(t, "paper.pdf", []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")), inkpool.CodeInvalid},
		"text in another encoding": {file(t, "latin1", []byte("na\xefve caf\xe9s, d\xe9j\xe0 vu in every street of the old town")), inkpool.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := e.Process(t.Context(), c.task, nil)
			if got := inkpool.CodeOf(err); got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
			var shown *inkpool.Error
			if !errors.As(err, &shown) || shown.Message == "" {
				t.Errorf("got %v, want a message for people", err)
			}
			if r.Text != "" || r.Lines != nil {
				t.Errorf("got a result %+v with the error", r)
			}
		})
	}
}

// The first kilobytes decide what a file is; that the rest is something else is no reason to
// call it a picture.
func TestProcessOfWhatOnlyBeginsAsText(t *testing.T) {
	data := append(bytes.Repeat([]byte("text "), 2000), 0, 1, 2)
	_, want := document.DecodeText(data, document.Limits{})
	_, err := openWith(t, nil, 1).Process(t.Context(), file(t, "log", data), nil)
	if err == nil || err.Error() != want.Error() {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestProcessHonoursTheLimits(t *testing.T) {
	e := engine.New(engine.Options{Settings: engine.Settings{Workers: 1, Limits: document.Limits{MaxPixels: 1000, MaxTextBytes: 10}}})
	for name, data := range map[string][]byte{
		"picture": encoded(t, image.NewGray(image.Rect(0, 0, 40, 40))),
		"text":    []byte("eleven bytes"),
	} {
		_, err := e.Process(t.Context(), file(t, name, data), nil)
		if got := inkpool.CodeOf(err); got != inkpool.CodeTooLarge {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, inkpool.CodeTooLarge)
		}
	}
}

func TestProcessReadsAPicture(t *testing.T) {
	const text = "Harbour office, Pier 3"
	picture, end := typed(t, 420, 100, text)
	got, err := open(t, 2).Process(t.Context(), file(t, "note.png", picture), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Kind != inkpool.KindImage || got.WidthPx != 420 || got.HeightPx != 100 {
		t.Errorf("got %s of %d x %d, want an image of 420 x 100", got.Kind, got.WidthPx, got.HeightPx)
	}
	if len(got.Lines) != 1 || withoutSpaces(got.Text) != withoutSpaces(text) || got.Text != got.Lines[0].Text {
		t.Fatalf("got %q in %d lines, want %q in one", got.Text, len(got.Lines), text)
	}
	q := got.Lines[0].Quad
	for i, want := range []inkpool.Point{{X: 30, Y: 36}, {X: end, Y: 36}, {X: end, Y: 67}, {X: 30, Y: 67}} {
		if dx, dy := q[i].X-want.X, q[i].Y-want.Y; max(dx, -dx, dy, -dy) > 10 {
			t.Errorf("corner %d: got %v, want about %v", i, q[i], want)
		}
	}
	if s := got.Lines[0].Score; s < 0.8 || s > 1 {
		t.Errorf("got score %g, want nearly 1", s)
	}
	if tm := got.Timing; min(tm.Decode, tm.Detect, tm.Lines) <= 0 || tm.Infer != tm.Decode+tm.Detect+tm.Lines || tm.Total <= 0 {
		t.Errorf("got timing %+v, want each stage, and Infer their sum", tm)
	}
}

// The recogniser is not sure about spaces between Latin words.
func withoutSpaces(s string) string { return strings.ReplaceAll(s, " ", "") }

func TestProcessReadsASampleUpsideDown(t *testing.T) {
	got, err := open(t, 2).Process(t.Context(), sample("upside-down.jpg"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := "图书馆搬迁通知"; !strings.HasPrefix(got.Text, want) {
		t.Fatalf("got %q, want it to begin with %q", got.Text, want)
	}
	if got.Rotation != 180 {
		t.Errorf("got a page turned by %d, want 180", got.Rotation)
	}
	for _, l := range got.Lines {
		if first, third := l.Quad[0], l.Quad[2]; first.X > third.X || first.Y > third.Y {
			t.Errorf("the quad of %q begins at %v, want the upper left on the upright page", l.Text, first)
		}
	}
}

// A page that lies on a side or upside down yields the text, and the places, of the same page
// upright.
func TestProcessTurnsPages(t *testing.T) {
	e := open(t, 2)
	for _, name := range []string{"english-page.png", "chinese-receipt.png"} {
		upright, err := e.Process(t.Context(), sample(name), nil)
		if err != nil || upright.Rotation != 0 {
			t.Fatalf("%s: got a page turned by %d, %v; want it as it is", name, upright.Rotation, err)
		}
		data, err := os.ReadFile(sample(name).Path)
		if err != nil {
			t.Fatal(err)
		}
		im, err := document.DecodeImage(data, document.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, degrees := range []int{90, 180, 270} {
			got, err := e.Process(t.Context(), file(t, "turned.png", encoded(t, im.Turned(degrees/90).Std())), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got.Rotation != 360-degrees || got.WidthPx != im.Width || got.HeightPx != im.Height {
				t.Errorf("%s by %d: got %d x %d turned by %d, want %d x %d by %d",
					name, degrees, got.WidthPx, got.HeightPx, got.Rotation, im.Width, im.Height, 360-degrees)
			}
			if got.Text != upright.Text {
				t.Errorf("%s by %d: got %q, want %q", name, degrees, got.Text, upright.Text)
			}
		}
	}
}

func TestProcessOfABlankPicture(t *testing.T) {
	got, err := open(t, 1).Process(t.Context(), file(t, "blank.png", encoded(t, image.NewGray(image.Rect(0, 0, 300, 200)))), nil)
	if err != nil || got.Text != "" || len(got.Lines) != 0 || got.Kind != inkpool.KindImage {
		t.Errorf("got %+v, %v; want an image without text", got, err)
	}
}

// What a page yields depends neither on the workers nor on what else they read.
func TestWorkersDoNotChangeResults(t *testing.T) {
	names := []string{"white-on-transparent.png", "slide.gif", "chinese-receipt.png", "poster.jpg"}
	results := map[string]inkpool.Result{}
	serial := open(t, 1)
	for _, name := range names {
		r, err := serial.Process(t.Context(), sample(name), nil)
		if err != nil {
			t.Fatal(err)
		}
		checkResult(t, name, r)
		r.Timing = inkpool.Timing{}
		results[name] = r
	}
	parallel := open(t, 8)
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			r, err := parallel.Process(t.Context(), sample(name), nil)
			r.Timing = inkpool.Timing{}
			if err != nil || !reflect.DeepEqual(r, results[name]) {
				t.Errorf("%s: with 8 workers got %+v, %v; want as with one %+v", name, r, err, results[name])
			}
		})
	}
	wg.Wait()
}

// checkResult wants what every result of a picture promises.
func checkResult(t *testing.T, name string, r inkpool.Result) {
	t.Helper()
	if len(r.Lines) == 0 || r.Text != layout.Text(r.Lines, inkpool.LayoutLines) {
		t.Errorf("%s: got text %q of %d lines, want the lines joined", name, r.Text, len(r.Lines))
	}
	for i, l := range r.Lines {
		if l.Text == "" || l.Score < 0.5 || l.Score > 1 {
			t.Errorf("%s: line %d is %q with score %g", name, i, l.Text, l.Score)
		}
		for _, p := range l.Quad {
			if p.X < 0 || p.Y < 0 || p.X > float64(r.WidthPx) || p.Y > float64(r.HeightPx) {
				t.Errorf("%s: line %d has a corner %v outside of the page", name, i, p)
			}
		}
	}
}

func TestProcessStopsWhenItsContextEnds(t *testing.T) {
	e := open(t, 2)
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Process(ctx, sample("slide.gif"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if _, err := e.Process(t.Context(), sample("white-on-transparent.png"), nil); err != nil {
		t.Errorf("the next page: got %v", err)
	}
}

func TestModelsAreLoadedOnce(t *testing.T) {
	e := open(t, 2)
	loads := engine.CountLoads(e)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := e.Warm(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := e.Process(t.Context(), sample("white-on-transparent.png"), nil); err != nil {
		t.Error(err)
	}
	if n := loads.Load(); n != 1 {
		t.Errorf("got %d loads, want 1", n)
	}
}

func TestWithoutModelsTextsStillWork(t *testing.T) {
	e := openWith(t, nil, 1)
	if got := inkpool.CodeOf(e.Warm(t.Context())); got != inkpool.CodeModelMissing {
		t.Errorf("warm: got %q, want %q", got, inkpool.CodeModelMissing)
	}
	picture, _ := typed(t, 400, 100, "Harbour")
	_, err := e.Process(t.Context(), file(t, "a.png", picture), nil)
	if got := inkpool.CodeOf(err); got != inkpool.CodeModelMissing {
		t.Errorf("picture: got %q (%v), want %q", got, err, inkpool.CodeModelMissing)
	}
	if r, err := e.Process(t.Context(), file(t, "a.txt", []byte("Harbour")), nil); err != nil || r.Text != "Harbour" {
		t.Errorf("text: got %q, %v; want it read", r.Text, err)
	}
}

// damagedFS is a file system one of whose files has other bytes.
type damagedFS struct {
	fs.FS
	name string
}

func (d damagedFS) ReadFile(name string) ([]byte, error) {
	if name == d.name {
		return nil, nil
	}
	return fs.ReadFile(d.FS, name)
}

func TestDamagedModelsAreTriedAgain(t *testing.T) {
	open(t, 1) // skips without models
	for _, name := range []string{"ocr/det.onnx", "ocr/cls.onnx", "ocr/rec.onnx", "ocr/keys.txt"} {
		files, err := bundle.Open(damagedFS{os.DirFS(filepath.Join("..", "bundle", "files")), name})
		if err != nil {
			t.Fatal(err)
		}
		e := openWith(t, files, 1)
		loads := engine.CountLoads(e)
		for range 2 {
			if got := inkpool.CodeOf(e.Warm(t.Context())); got != inkpool.CodeModelCorrupt {
				t.Errorf("%s: got %q, want %q", name, got, inkpool.CodeModelCorrupt)
			}
		}
		if n := loads.Load(); n != 2 {
			t.Errorf("%s: got %d loads, want one for each caller", name, n)
		}
	}
}

func TestCloseEndsTheEngine(t *testing.T) {
	before := runtime.NumGoroutine()
	e := open(t, 2)
	if _, err := e.Process(t.Context(), sample("white-on-transparent.png"), nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("got %d goroutines after Close, %d before", after, before)
	}
	_, err := e.Process(t.Context(), sample("white-on-transparent.png"), nil)
	if got := inkpool.CodeOf(err); got != inkpool.CodeUnavailable {
		t.Errorf("picture after Close: got %q (%v), want %q", got, err, inkpool.CodeUnavailable)
	}
}

// Each set of models takes some 60 MB: none may stay behind.
func TestCloseFreesTheModels(t *testing.T) {
	cycle := func() {
		e := open(t, 1)
		if err := errors.Join(e.Warm(t.Context()), e.Close()); err != nil {
			t.Fatal(err)
		}
	}
	cycle()
	before := residentKB(t)
	const cycles = 5
	for range cycles {
		cycle()
	}
	if grown := residentKB(t) - before; grown > cycles*30<<10 {
		t.Errorf("%d engines opened and closed left %d MB behind", cycles, grown>>10)
	}
}

// statusKB is a field of this process's status, such as VmRSS or VmHWM, in kB.
func statusKB(field string) (int, error) {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("this system does not tell how much memory a process has: %w", err)
	}
	_, rest, _ := strings.Cut(string(data), field+":")
	var kb int
	_, err = fmt.Sscanf(rest, "%d kB", &kb)
	return kb, err
}

func residentKB(t *testing.T) int {
	t.Helper()
	kb, err := statusKB("VmRSS")
	if err != nil {
		t.Skip(err)
	}
	return kb
}
