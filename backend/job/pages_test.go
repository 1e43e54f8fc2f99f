package job_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
)

// counter counts pages by name: those of book.pdf are 3. It fails as a whole, as an engine does
// that dies, when it is asked about what fails is called.
type counter struct {
	fails string
	err   error
	asked []int  // how many paths, each time
	pages string // which ones to choose
	word  string // the password to give; that of locked.pdf is sesame
}

func (c *counter) count(_ context.Context, paths, secrets []string) ([]inkpool.PageCount, error) {
	c.asked = append(c.asked, len(paths))
	counts := make([]inkpool.PageCount, len(paths))
	for i, p := range paths {
		switch name := filepath.Base(p); {
		case c.fails != "" && strings.Contains(name, c.fails):
			return nil, c.err
		case name == "book.pdf":
			counts[i].Pages = 3
		case name == "locked.pdf" && slices.Contains(secrets, "sesame"):
			counts[i].Pages = 2
		case name == "locked.pdf":
			counts[i].Error = inkpool.Errorf(inkpool.CodeEncrypted, "needs a password")
		case name == "gone.png":
		default:
			counts[i].Pages = 1
		}
	}
	return counts, nil
}

// submitted is what becomes of files: "name page state" of each task.
func submitted(t *testing.T, c *counter, files ...string) []string {
	t.Helper()
	store := openStore(t)
	q := newQueue(t, store, &processor{}, job.Options{Pages: c.count})
	defer q.Close()
	chosen, err := inkpool.ParsePageRange(c.pages)
	if err != nil {
		t.Fatal(err)
	}
	j, err := q.Submit(t.Context(), inkpool.Request{
		Paths: []string{makeFolder(t, "in", files...)}, Pages: chosen, Secrets: []string{c.word},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, task := range tasksOf(t, store, j.ID) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %d %s", strings.TrimPrefix(task.Name, "in/"), task.Page, codeOf(task))))
	}
	return got
}

func TestSubmitMakesATaskOfEachPage(t *testing.T) {
	got := submitted(t, &counter{}, "a.png", "book.pdf", "gone.png", "locked.pdf", "z.png")
	want := []string{"a.png 1", "book.pdf 1", "book.pdf 2", "book.pdf 3", "gone.png 0", "locked.pdf 0 encrypted", "z.png 1"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("tasks (-want +got):\n%s", d)
	}
}

func TestSubmitOfChosenPages(t *testing.T) {
	got := submitted(t, &counter{pages: "2-"}, "a.png", "book.pdf", "locked.pdf")
	want := []string{"a.png 1", "book.pdf 2", "book.pdf 3", "locked.pdf 0 encrypted"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("tasks (-want +got):\n%s", d)
	}
	got = submitted(t, &counter{pages: "7-9"}, "a.png", "book.pdf")
	if d := cmp.Diff([]string{"a.png 1", "book.pdf 0 invalid"}, got); d != "" {
		t.Errorf("tasks of pages that are not there (-want +got):\n%s", d)
	}
}

func TestSubmitUnlocksDocuments(t *testing.T) {
	got := submitted(t, &counter{word: "sesame"}, "locked.pdf")
	if d := cmp.Diff([]string{"locked.pdf 1", "locked.pdf 2"}, got); d != "" {
		t.Errorf("tasks (-want +got):\n%s", d)
	}
}

// Of those that were counted together with what kills the engine, all but that are counted.
func TestSubmitFindsWhatKillsTheCounter(t *testing.T) {
	c := &counter{fails: "bomb", err: errCrash}
	got := submitted(t, c, "a.png", "bomb.pdf", "book.pdf")
	if d := cmp.Diff([]string{"a.png 1", "bomb.pdf 0", "book.pdf 1", "book.pdf 2", "book.pdf 3"}, got); d != "" {
		t.Errorf("tasks (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]int{3, 1, 1, 1}, c.asked); d != "" {
		t.Errorf("files asked for at once (-want +got):\n%s", d)
	}
}

// An engine that does not answer is not asked for each of many files.
func TestSubmitWithoutAnEngine(t *testing.T) {
	var files []string
	for i := range 300 {
		files = append(files, fmt.Sprintf("%d.png", i))
	}
	for _, err := range []error{inkpool.Errorf(inkpool.CodeUnavailable, "resting"), context.DeadlineExceeded} {
		c := &counter{fails: ".png", err: err}
		if got := submitted(t, c, files...); len(got) != 300 || got[299] != "299.png 0" {
			t.Errorf("%v: got %d tasks, the last %q; want 300 of whole files", err, len(got), got[len(got)-1])
		}
		if d := cmp.Diff([]int{256, 1}, c.asked); d != "" {
			t.Errorf("%v: files asked for at once (-want +got):\n%s", err, d)
		}
	}
}

func TestSubmitCountsInBatches(t *testing.T) {
	var files []string
	for i := range 600 {
		files = append(files, fmt.Sprintf("%d.png", i))
	}
	c := &counter{}
	if got := submitted(t, c, files...); len(got) != 600 {
		t.Errorf("got %d tasks, want 600", len(got))
	}
	if d := cmp.Diff([]int{256, 256, 88}, c.asked); d != "" {
		t.Errorf("files asked for at once (-want +got):\n%s", d)
	}
}

// What the walk could not read is not asked for again.
func TestSubmitCountsWhatIsThere(t *testing.T) {
	c, store := &counter{}, openStore(t)
	q := newQueue(t, store, &processor{}, job.Options{Pages: c.count})
	defer q.Close()
	j, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{filepath.Join(t.TempDir(), "book.pdf")}})
	if err != nil || len(c.asked) != 0 {
		t.Fatalf("got %v, asked %v; want nobody asked", err, c.asked)
	}
	wantCounts(t, store, j.ID, inkpool.Counts{Failed: 1})
}

func TestSubmitStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stop := func(_ context.Context, _, _ []string) ([]inkpool.PageCount, error) { cancel(); return nil, ctx.Err() }
	store := openStore(t)
	q := newQueue(t, store, &processor{}, job.Options{Pages: stop})
	defer q.Close()
	if _, err := q.Submit(ctx, inkpool.Request{Paths: []string{makeFolder(t, "in", "a.png")}}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if jobs, err := store.Jobs(t.Context(), 0, 10); err != nil || len(jobs) != 0 {
		t.Errorf("got %v, %v; want no job", jobs, err)
	}
}
