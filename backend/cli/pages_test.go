package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/sqlite"
	"github.com/inkpool/inkpool/backend/view"
)

// process is a Processor made of a function; a task's text is its name.
type process func(context.Context, inkpool.Task) error

func (p process) Process(ctx context.Context, t inkpool.Task, _ func(inkpool.Progress)) (inkpool.Result, error) {
	return inkpool.Result{Kind: inkpool.KindText, Text: t.Name}, p(ctx, t)
}

// newWork makes jobs of n tasks each that p works off, four at once. It is for a bubble,
// which also sees to it that no goroutine is left behind.
func newWork(t *testing.T, p process, n ...int) work {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	q, err := job.New(t.Context(), store, p, job.Options{Owner: "me", InFlight: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		q.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w := work{
		app: &app.App{Store: store, Queue: q}, keep: true, output: output{format: format{export.JSONL{}}},
		name: func(t inkpool.Task) string { return t.Name },
	}
	for i, n := range n {
		title := string(rune('a' + i))
		j := inkpool.NewJob{Title: title}
		for k := range n {
			j.Tasks = append(j.Tasks, inkpool.Task{Name: fmt.Sprintf("%s%d", title, k), Page: 1})
		}
		added, err := store.AddJob(t.Context(), j)
		if err != nil {
			t.Fatal(err)
		}
		w.jobs = append(w.jobs, added)
	}
	return w
}

// read reads all pages: "name state" each, and the error that ended them.
func read(ctx context.Context, w work) (pages []string, last error) {
	for p, err := range w.pages(ctx, func(inkpool.Task, *view.Error) {}) {
		if err != nil {
			return pages, err
		}
		pages = append(pages, p.Path+" "+p.Status)
	}
	return pages, nil
}

func TestPagesComeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slowFirst := func(_ context.Context, task inkpool.Task) error {
			time.Sleep(time.Duration(10-task.Index) * time.Hour)
			return nil
		}
		w := newWork(t, slowFirst, 6, 0, 3)
		got, err := read(t.Context(), w)
		want := []string{"a0 done", "a1 done", "a2 done", "a3 done", "a4 done", "a5 done", "c0 done", "c1 done", "c2 done"}
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("got error %v, pages (-want +got):\n%s", err, d)
		}
		again, err := read(t.Context(), w)
		if d := cmp.Diff(want, again); d != "" || err != nil {
			t.Errorf("the second time: got error %v, pages (-want +got):\n%s", err, d)
		}
	})
}

// The history is read in batches of 500: what ends between two reads must come once, too.
func TestPagesOfALargeJob(t *testing.T) {
	const n = 600
	synctest.Test(t, func(t *testing.T) {
		w := newWork(t, func(_ context.Context, task inkpool.Task) error {
			if task.Index%100 == 0 {
				time.Sleep(time.Hour)
			}
			return nil
		}, n)
		got, err := read(t.Context(), w)
		if len(got) != n || err != nil {
			t.Fatalf("got %d pages, %v; want %d", len(got), err, n)
		}
		for i, page := range got {
			if want := fmt.Sprintf("a%d done", i); page != want {
				t.Fatalf("page %d: got %q, want %q", i, page, want)
			}
		}
	})
}

func TestPagesAreTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWork(t, func(ctx context.Context, task inkpool.Task) error {
			if task.Index < 2 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}, 8)
		n := 0
		for range w.pages(t.Context(), func(inkpool.Task, *view.Error) {}) {
			if n++; n == 2 {
				synctest.Wait() // the next four are at work
				break           // the reader has seen enough: so has the work
			}
		}
		wantCounts(t, w, inkpool.Counts{Done: 2, Queued: 6})
		if got, want := w.left(t.Context()), "stopped; 6 of 8 are left: `inkpool jobs resume 1 --format jsonl` goes on"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestPagesEndWithTheReason(t *testing.T) {
	full := inkpool.Errorf(inkpool.CodeDiskFull, "disk full")
	for name, c := range map[string]struct {
		stop func(w *work, cancel context.CancelFunc)
		want inkpool.Code
	}{
		"stopped":       {func(_ *work, cancel context.CancelFunc) { cancel() }, inkpool.CodeCancelled},
		"history fails": {func(w *work, _ context.CancelFunc) { w.app.Store = failing{w.app.Store, full} }, inkpool.CodeDiskFull},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				w := newWork(t, func(ctx context.Context, task inkpool.Task) error {
					if task.Index > 1 {
						<-ctx.Done()
					}
					return ctx.Err()
				}, 5)
				var got []string
				var last error
				for p, err := range w.pages(ctx, func(inkpool.Task, *view.Error) {}) {
					if last = err; err == nil {
						got = append(got, p.Path)
						c.stop(&w, cancel)
					}
				}
				if !slices.Equal(got, []string{"a0"}) || inkpool.CodeOf(last) != c.want {
					t.Errorf("got %v and %v, want the first page and %q", got, last, c.want)
				}
			})
		})
	}
}

// failing is a Store that neither gives nor takes results.
type failing struct {
	inkpool.Store
	err error
}

func (f failing) Result(context.Context, inkpool.TaskID) (inkpool.Result, error) {
	return inkpool.Result{}, f.err
}

func (f failing) FinishTask(context.Context, string, inkpool.TaskID, inkpool.Result) error {
	return f.err
}

// Pages that could not be stored must not pass for pages that nobody has read yet.
func TestPagesThatCannotBeStored(t *testing.T) {
	full := inkpool.Errorf(inkpool.CodeDiskFull, "disk full")
	synctest.Test(t, func(t *testing.T) {
		var succeed process = func(context.Context, inkpool.Task) error { return nil }
		w := newWork(t, succeed, 3)
		q, err := job.New(t.Context(), failing{w.app.Store, full}, succeed, job.Options{Owner: "me"})
		if err != nil {
			t.Fatal(err)
		}
		defer q.Close()
		w.app = &app.App{Store: w.app.Store, Queue: q}
		if got, err := read(t.Context(), w); len(got) > 0 || !errors.Is(err, full) {
			t.Errorf("got %v, %v; want no pages and %v", got, err, full)
		}
	})
}

func TestPagesOfAJobThatIsCancelledMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWork(t, func(ctx context.Context, task inkpool.Task) error {
			if task.Index == 0 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}, 7)
		go func() {
			synctest.Wait()
			if err := w.app.Queue.Cancel(context.Background(), inkpool.Scope{Job: w.jobs[0].ID}); err != nil {
				t.Error(err)
			}
		}()
		got, err := read(t.Context(), w)
		want := []string{"a0 done"}
		for i := 1; i < 7; i++ {
			want = append(want, fmt.Sprintf("a%d cancelled", i))
		}
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("got error %v, pages (-want +got):\n%s", err, d)
		}
	})
}

func TestWorkTellsWhatFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWork(t, func(_ context.Context, task inkpool.Task) error {
			if task.Index == 1 {
				return inkpool.Errorf(inkpool.CodeTooLarge, "This picture is too large.").WithHint("Cut it.")
			}
			return nil
		}, 3)
		var stdout, stderr bytes.Buffer
		d := &door{stdout: &stdout, stderr: &stderr}
		var failed failedInputs
		if err := d.work(t.Context(), w); !errors.As(err, &failed) || failed.code != exitSomeFailed {
			t.Errorf("got %v, want code %d", err, exitSomeFailed)
		}
		if got, want := stderr.String(), "inkpool: \"a1\": This picture is too large. Cut it.\n"; got != want {
			t.Errorf("stderr: got %q, want %q", got, want)
		}
		if got := bytes.Count(stdout.Bytes(), []byte("\n")); got != 3 {
			t.Errorf("got %d lines, want 3", got)
		}
	})
}

// On a terminal a person sees how far it is; what was shown is wiped away in the end.
func TestWorkShowsProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWork(t, func(context.Context, inkpool.Task) error { time.Sleep(time.Second); return nil }, 2)
		var stdout, stderr bytes.Buffer
		d := &door{stdout: &stdout, stderr: &stderr, watched: true}
		if err := d.work(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		const wipe = "\r\x1b[K"
		if got, want := stderr.String(), wipe+"1 of 2"+wipe+"2 of 2"+wipe; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// Texts on the same terminal show progress enough; those that go to a file do not.
func TestProgressBesideData(t *testing.T) {
	for name, c := range map[string]struct {
		out  string
		want bool
	}{
		"texts on the terminal": {"", false},
		"texts into a file":     {"texts.txt", true},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			d := &door{stderr: &stderr, watched: true, showsData: true}
			d.newProgress(1, output{path: c.out}).ended(inkpool.Task{State: inkpool.StateDone}, "a.png", nil)
			if got := stderr.Len() > 0; got != c.want {
				t.Errorf("got progress %v (%q), want %v", got, stderr.String(), c.want)
			}
		})
	}
}

func TestProgressBySentences(t *testing.T) {
	var stderr bytes.Buffer
	p := (&door{stderr: &stderr, watched: true}).newProgress(2, output{})
	p.changed(job.Batch{Tasks: []inkpool.Task{{}, {Progress: inkpool.Progress{Done: 12, Total: 240}}}})
	p.ended(inkpool.Task{}, "a.txt", nil)
	p.ended(inkpool.Task{}, "b.txt", nil)
	want := "\r\x1b[K0 of 2, sentence 12 of 240\r\x1b[K2 of 2"
	if got := stderr.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func wantCounts(t *testing.T, w work, want inkpool.Counts) {
	t.Helper()
	j, err := w.app.Store.Job(t.Context(), w.jobs[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if j.Counts != want {
		t.Errorf("got %+v, want %+v", j.Counts, want)
	}
}

// Pages that a run has left must not pass for pages that came out well.
func TestPagesThatARunLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWork(t, func(context.Context, inkpool.Task) error { return nil }, 3)
		tasks, err := w.app.Store.Tasks(t.Context(), w.jobs[0].ID, 1, 1)
		if err == nil {
			_, err = w.app.Store.Pause(t.Context(), inkpool.Scope{Task: tasks[0].ID})
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(t.Context(), w)
		if d := cmp.Diff([]string{"a0 done"}, got); d != "" || inkpool.CodeOf(err) != inkpool.CodeUnavailable {
			t.Errorf("got error %v, pages (-want +got):\n%s", err, d)
		}
	})
}

func TestFailFast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWork(t, func(ctx context.Context, task inkpool.Task) error {
			switch task.Index {
			case 0:
				return nil
			case 1:
				return inkpool.Errorf(inkpool.CodeTooLarge, "too large")
			}
			<-ctx.Done()
			return ctx.Err()
		}, 5)
		w.failFast = true
		var out, errs bytes.Buffer
		d := &door{stdout: &out, stderr: &errs}
		w.output = output{format: format{export.JSONL{}}, path: filepath.Join(t.TempDir(), "out.jsonl")}
		err := d.work(t.Context(), w)
		if code := d.report(t.Context(), "inkpool run", err); code != exitSomeFailed {
			t.Errorf("got exit code %d of %v, want %d", code, err, exitSomeFailed)
		}
		written, err := os.ReadFile(w.output.path)
		if lines := strings.Count(string(written), "\n"); err != nil || lines != 2 {
			t.Errorf("got %d lines, %v; want the page before the failure and the failure", lines, err)
		}
		if said := errs.String(); !strings.Contains(said, "stopped; 3 of 5 are left: `inkpool jobs resume 1 --format jsonl --out ") {
			t.Errorf("got %q, want it to say what is left and how to go on with the same output", said)
		}
	})
}
