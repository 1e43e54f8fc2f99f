// Package enginetest is the suite that every engine passes, in this process or in another:
// the same results, the same codes for what cannot be read, and the same manners.
package enginetest

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg" // what Picture returns
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/engine/child"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
)

// Engine is what the suite tests.
type Engine interface {
	child.Worker
	InFlight() int
}

// Suite says what to test.
type Suite struct {
	Samples string                       // the folder with the project's samples
	Open    func(engine.Settings) Engine // with the bundled models; the suite closes it
}

// cheap is the sample that takes the least time of those with a picture.
const cheap = "white-on-transparent.png"

// Run runs the suite. It needs the bundled models.
func (s Suite) Run(t *testing.T) {
	e := s.open(t, engine.Settings{Workers: 1})
	for _, test := range []struct {
		name string
		run  func(*testing.T, Engine)
	}{
		{"says why not", s.saysWhyNot}, // without models
		{"draws pictures", s.drawsPictures},
		{"counts pages", s.countsPages},
		{"warm", s.warm},
		{"stops with its context", s.stops},
		{"changes its workers", s.changesWorkers},
		{"many at once", s.manyAtOnce},
		{"closed", s.closed},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, e) })
	}
	t.Run("idle and back", s.idleAndBack)
}

// Read reads some of the samples with an engine, two at a time. The times that it took are
// left out: everything else is the same for every engine.
func (s Suite) Read(t *testing.T) map[string]inkpool.Result {
	t.Helper()
	e := s.open(t, engine.Settings{Workers: 2})
	names := []string{"note-gb18030.txt", "note-mixed.txt", "slide.gif", "white-on-transparent.png"}
	results := map[string]inkpool.Result{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			for n := i; n < len(names); n += 2 {
				r, err := e.Process(t.Context(), s.sample(names[n]), nil)
				if err != nil || r.Text == "" || r.Timing.Total <= 0 {
					t.Errorf("%s: got %d letters in %v, %v", names[n], len(r.Text), r.Timing.Total, err)
				}
				r.Timing = inkpool.Timing{}
				mu.Lock()
				results[names[n]] = r
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return results
}

// Same fails the test where two engines have read different things.
func Same(t *testing.T, want, got map[string]inkpool.Result) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("results differ (-want +got):\n%s", diff)
	}
}

func (s Suite) open(t *testing.T, settings engine.Settings) Engine {
	t.Helper()
	e := s.Open(settings)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func (s Suite) sample(name string) inkpool.Task {
	return inkpool.Task{Path: filepath.Join(s.Samples, name), Page: 1}
}

func (s Suite) saysWhyNot(t *testing.T, e Engine) {
	file := func(name, content string) inkpool.Task {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return inkpool.Task{Path: path, Page: 1}
	}
	second := s.sample("form.png")
	second.Page = 2
	for name, c := range map[string]struct {
		task inkpool.Task
		want inkpool.Code
	}{
		"missing":       {inkpool.Task{Path: filepath.Join(t.TempDir(), "gone"), Page: 1}, inkpool.CodeNotFound},
		"no such page":  {second, inkpool.CodeInvalid},
		"empty":         {file("empty.png", ""), inkpool.CodeInvalid},
		"cut off":       {file("cut.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), inkpool.CodeInvalid},
		"program":       {file("program", "\x7fELF\x02\x01\x01\x00\x00\x00"), inkpool.CodeUnsupportedFormat},
		"path of bytes": {inkpool.Task{Path: "/\xff\xfe", Page: 1}, inkpool.CodeNotFound},
	} {
		r, err := e.Process(t.Context(), c.task, nil)
		if got := inkpool.CodeOf(err); got != c.want || r.Text != "" {
			t.Errorf("%s: got %q (%v) and %q, want %q", name, got, err, r.Text, c.want)
		}
		var shown *inkpool.Error
		if !errors.As(err, &shown) || shown.Message == "" {
			t.Errorf("%s: got %v, want a message for people", name, err)
		}
	}
	_, err := e.Picture(t.Context(), s.sample("note-mixed.txt"), 0, 100)
	if got := inkpool.CodeOf(err); got != inkpool.CodeInvalid {
		t.Errorf("picture of a text: got %q (%v), want %q", got, err, inkpool.CodeInvalid)
	}
}

func (s Suite) drawsPictures(t *testing.T, e Engine) {
	data, err := e.Picture(t.Context(), s.sample("slide.gif"), 0, 480)
	if err != nil {
		t.Fatal(err)
	}
	im, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got := im.Bounds().Size(); got != image.Pt(480, 270) || format != "jpeg" {
		t.Errorf("got a %s of %v, want a jpeg of 480 x 270", format, got)
	}
}

// countsPages counts those of a PDF, reads the text that lies in one, and draws it.
func (s Suite) countsPages(t *testing.T, e Engine) {
	book := pdftest.Document{Pages: []pdftest.Page{{}, {Content: pdftest.Text(72, 700, 12, "Harbour office, Pier 3")}}}
	locked := book
	locked.Password = "secret"
	dir := t.TempDir()
	open, closed := filepath.Join(dir, "open"), filepath.Join(dir, "closed")
	if err := errors.Join(os.WriteFile(open, book.Bytes(), 0o600), os.WriteFile(closed, locked.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	counts, err := e.Pages(t.Context(), []string{open, s.sample(cheap).Path, closed, filepath.Join(dir, "gone")}, nil)
	if err != nil || len(counts) != 4 {
		t.Fatalf("got %v, %v; want four answers", counts, err)
	}
	if counts[0].Pages != 2 || counts[1].Pages != 1 || counts[2].Error == nil || counts[2].Error.Code != inkpool.CodeEncrypted || counts[3] != (inkpool.PageCount{}) {
		t.Errorf("got %+v, want 2 pages, 1, one that needs a password, and one that nobody knows", counts)
	}
	counts, err = e.Pages(t.Context(), []string{closed}, []string{"wrong", locked.Password})
	if err != nil || len(counts) != 1 || counts[0] != (inkpool.PageCount{Pages: 2}) {
		t.Errorf("with the password: got %+v, %v; want 2 pages", counts, err)
	}
	opened := inkpool.Task{Path: closed, Page: 2, Secrets: []string{locked.Password}}
	if r, err := e.Process(t.Context(), opened, nil); err != nil || r.Text != "Harbour office, Pier 3" {
		t.Errorf("with the password: got %q, %v; want what is written there", r.Text, err)
	}
	second := inkpool.Task{Path: open, Page: 2}
	if r, err := e.Process(t.Context(), second, nil); err != nil || r.Text != "Harbour office, Pier 3" {
		t.Errorf("got %q, %v; want what is written there", r.Text, err)
	}
	if data, err := e.Picture(t.Context(), second, 0, 100); err != nil || len(data) == 0 {
		t.Errorf("got a picture of %d bytes, %v; want one", len(data), err)
	}
	if counts, err := e.Pages(t.Context(), nil, nil); err != nil || len(counts) != 0 {
		t.Errorf("of no files: got %v, %v; want nothing", counts, err)
	}
}

func (s Suite) warm(t *testing.T, e Engine) {
	before := e.Usage()
	if sessions(before) > 1 { // texts have been read, whose language was told
		t.Errorf("got %+v, want no model for reading before one is needed", before)
	}
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := e.Usage(); got.Process == 0 || got.ResidentBytes <= 0 || got.BudgetBytes <= 0 || sessions(got) <= sessions(before) {
		t.Errorf("got %+v, want what a warm engine takes", got)
	}
}

func (s Suite) stops(t *testing.T, e Engine) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond) // nothing is read so quickly
	defer cancel()
	if r, err := e.Process(ctx, s.sample("form.png"), nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %q, %v; want %v", r.Text, err, context.DeadlineExceeded)
	}
	if err := e.Warm(ctx); !errors.Is(err, context.DeadlineExceeded) && err != nil {
		t.Errorf("warm: got %v, want %v or nothing to do", err, context.DeadlineExceeded)
	}
	if r, err := e.Process(t.Context(), s.sample(cheap), nil); err != nil || r.Text == "" {
		t.Errorf("afterwards: got %q, %v; want the text", r.Text, err)
	}
}

func (s Suite) changesWorkers(t *testing.T, e Engine) {
	for n := 1; n <= 2; n++ {
		e.SetWorkers(n)
		if got := e.Usage().Devices; len(got) != 1 || got[0].Slots != n || e.InFlight() != n {
			t.Errorf("got %+v and %d tasks at once, want %d slots", got, e.InFlight(), n)
		}
	}
}

// One session for each model, however many tasks there are.
func (s Suite) manyAtOnce(t *testing.T, e Engine) {
	want, err := e.Process(t.Context(), s.sample(cheap), nil)
	if err != nil {
		t.Fatal(err)
	}
	before := e.Usage()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got, err := e.Process(t.Context(), s.sample(cheap), nil); got.Text != want.Text || err != nil {
				t.Errorf("got %q, %v; want %q", got.Text, err, want.Text)
			}
		})
	}
	wg.Wait()
	if got := e.Usage(); sessions(got) != sessions(before) || got.ReservedBytes != 0 || got.Restarts != 0 {
		t.Errorf("got %+v, want as many sessions as before and nothing reserved", got)
	}
}

func (s Suite) idleAndBack(t *testing.T) {
	e := s.open(t, engine.Settings{Workers: 1, IdleAfter: 20 * time.Millisecond})
	var texts []string
	for range 2 {
		r, err := e.Process(t.Context(), s.sample(cheap), nil)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, r.Text)
		waitUntilIdle(t, e)
	}
	if texts[0] != texts[1] {
		t.Errorf("got %q, want %q as before", texts[1], texts[0])
	}
	if got := e.Usage(); got.Restarts != 0 || len(got.Notices) != 0 {
		t.Errorf("got %d restarts and notices %v, want nothing of it to be told", got.Restarts, got.Notices)
	}
}

// waitUntilIdle waits until an engine has dropped its models.
func waitUntilIdle(t *testing.T, e Engine) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for sessions(e.Usage()) > 0 {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("still has its models: %+v", e.Usage())
		}
	}
}

func (s Suite) closed(t *testing.T, e Engine) {
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	_, err := e.Process(t.Context(), s.sample(cheap), nil)
	if got := inkpool.CodeOf(err); got != inkpool.CodeUnavailable {
		t.Errorf("got %q (%v), want %q", got, err, inkpool.CodeUnavailable)
	}
	if got := sessions(e.Usage()); got != 0 {
		t.Errorf("got %d sessions, want none", got)
	}
}

func sessions(u inkpool.Usage) (n int) {
	for _, d := range u.Devices {
		n += d.Sessions
	}
	return n
}
