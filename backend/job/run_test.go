package job_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
)

func TestRunJobDoesItsOwnJobOnly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &processor{}
		q := newQueue(t, store, p, job.Options{InFlight: 4})
		defer q.Close()
		before, own, after := addJob(t, store, "before", 2), addJob(t, store, "own", 5), addJob(t, store, "after", 2)
		var told ended
		if err := q.RunJob(t.Context(), own.ID, told.add); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, store, before.ID, inkpool.Counts{Queued: 2})
		wantCounts(t, store, own.ID, inkpool.Counts{Done: 5})
		wantCounts(t, store, after.ID, inkpool.Counts{Queued: 2})
		want := []string{"own/0 done", "own/1 done", "own/2 done", "own/3 done", "own/4 done"}
		if d := cmp.Diff(want, told.sorted()); d != "" {
			t.Errorf("told (-want +got):\n%s", d)
		}
	})
}

// ended gathers what RunJob reports.
type ended struct {
	mu    sync.Mutex
	tasks []string
}

func (e *ended) add(t inkpool.Task) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tasks = append(e.tasks, t.Name+" "+string(t.State))
}

func (e *ended) sorted() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	slices.Sort(e.tasks)
	return e.tasks
}

func TestRunJobIsStoppedAndGoesOn(t *testing.T) {
	for name, stop := range map[string]func(*job.Queue, context.CancelFunc){
		"by its context": func(_ *job.Queue, cancel context.CancelFunc) { cancel() },
		"by Close":       func(q *job.Queue, _ context.CancelFunc) { q.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				store, p := openStore(t), &processor{}
				p.do = func(ctx context.Context, name string) error {
					if name == "job/0" {
						return nil
					}
					<-ctx.Done()
					return ctx.Err()
				}
				q := newQueue(t, store, p, job.Options{InFlight: 2})
				j := addJob(t, store, "job", 4)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var told ended
				result := make(chan error, 1)
				go func() { result <- q.RunJob(ctx, j.ID, told.add) }()
				synctest.Wait()
				stop(q, cancel)
				if err := <-result; inkpool.CodeOf(err) != inkpool.CodeCancelled {
					t.Errorf("got %v, want %q", err, inkpool.CodeCancelled)
				}
				wantCounts(t, store, j.ID, inkpool.Counts{Done: 1, Queued: 3})
				if d := cmp.Diff([]string{"job/0 done"}, told.sorted()); d != "" {
					t.Errorf("told (-want +got):\n%s", d)
				}
				if ctx.Err() != nil {
					q.Close()
				}
				again := newQueue(t, store, &processor{}, job.Options{Owner: "next"})
				defer again.Close()
				if err := again.RunJob(t.Context(), j.ID, told.add); err != nil {
					t.Fatal(err)
				}
				wantCounts(t, store, j.ID, inkpool.Counts{Done: 4})
				if n := len(told.sorted()); n != 4 {
					t.Errorf("got %d tasks told, want each of 4 once: %v", n, told.tasks)
				}
			})
		})
	}
}

func TestImpatientRunEndsWithTheStoresError(t *testing.T) {
	full := inkpool.Errorf(inkpool.CodeDiskFull, "disk full")
	bubble(t, func(t *testing.T) {
		real := openStore(t)
		refuse := times(1, full)
		store := &brokenStore{Store: real, finish: func(inkpool.TaskID) error { return refuse() }}
		q := newQueue(t, store, &processor{}, job.Options{InFlight: 1})
		j := addJob(t, store, "job", 3)
		if err := q.RunJob(t.Context(), j.ID, nil); !errors.Is(err, full) {
			t.Errorf("got %v, want %v", err, full)
		}
		q.Close()
		stopped, err := real.Job(t.Context(), j.ID)
		if c := stopped.Counts; err != nil || c.Running != 1 || c.Queued+c.Done != 2 { // another worker may have ended one
			t.Errorf("got %+v, %v; want the one running whose end could not be stored", c, err)
		}

		again := newQueue(t, real, &processor{}, job.Options{Owner: "next"})
		defer again.Close()
		if err := again.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, real, j.ID, inkpool.Counts{Done: 3})
	})
}

func TestPatientQueueKeepsItsResults(t *testing.T) {
	bubble(t, func(t *testing.T) {
		real := openStore(t)
		full := times(7, inkpool.Errorf(inkpool.CodeDiskFull, "disk full"))
		store := &brokenStore{Store: real, finish: func(inkpool.TaskID) error { return full() }}
		p := &processor{}
		q := newQueue(t, store, p, job.Options{InFlight: 1, Patient: true})
		defer q.Close()
		j := addJob(t, store, "job", 2)
		began := time.Now()
		q.Start()
		time.Sleep(38 * time.Second) // 1 + 2 + 4 + 8 + 8 + 8 s, and still waiting
		wantCounts(t, real, j.ID, inkpool.Counts{Running: 1, Queued: 1})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		wantCounts(t, real, j.ID, inkpool.Counts{Done: 2})
		if d := cmp.Diff([]string{"job/0", "job/1"}, p.started); d != "" {
			t.Errorf("worked after %v (-want +got):\n%s", time.Since(began), d)
		}
	})
}

func TestPatientQueueCanBeClosedWhileItWaits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		real := openStore(t)
		store := &brokenStore{Store: real, finish: func(inkpool.TaskID) error {
			return inkpool.Errorf(inkpool.CodeDiskFull, "disk full")
		}}
		q := newQueue(t, store, &processor{}, job.Options{Patient: true})
		j := addJob(t, store, "job", 1)
		q.Start()
		synctest.Wait()
		q.Close()
		wantCounts(t, real, j.ID, inkpool.Counts{Running: 1}) // the next process finds it
	})
}

func TestStartOutlivesAStoreThatFails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		real := openStore(t)
		store := &brokenStore{Store: real, claim: times(4, inkpool.Errorf(inkpool.CodeUnavailable, "busy"))}
		q := newQueue(t, store, &processor{}, job.Options{InFlight: 2})
		defer q.Close()
		j := addJob(t, store, "job", 3)
		q.Start()
		time.Sleep(time.Minute)
		synctest.Wait()
		wantCounts(t, real, j.ID, inkpool.Counts{Done: 3})
	})
}

// A result that the store does not take although it is well must not come back for ever,
// nor stop the run.
func TestRefusedResultIsAFailedTask(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		q := newQueue(t, store, notANumber{}, job.Options{Patient: true})
		defer q.Close()
		j := addJob(t, store, "job", 2)
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 1, Failed: 1})
	})
}

// notANumber gives the first task a score that no history can hold.
type notANumber struct{}

func (notANumber) Process(_ context.Context, task inkpool.Task, _ func(inkpool.Progress)) (inkpool.Result, error) {
	line := inkpool.Line{Text: "x"}
	if task.Index == 0 {
		line.Score = math.NaN()
	}
	return inkpool.Result{Kind: inkpool.KindImage, Lines: []inkpool.Line{line}}, nil
}

func TestConflictIsNotWaitedFor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		real := openStore(t)
		store := &brokenStore{Store: real}
		store.finish = func(id inkpool.TaskID) error { // somebody else was faster
			return real.FailTask(t.Context(), owner, id, inkpool.StateCancelled, inkpool.Errorf(inkpool.CodeCancelled, "x"))
		}
		q := newQueue(t, store, &processor{}, job.Options{Patient: true})
		defer q.Close()
		j := addJob(t, store, "job", 1)
		if err := q.RunJob(t.Context(), j.ID, nil); inkpool.CodeOf(err) != inkpool.CodeConflict {
			t.Errorf("got %v, want %q", err, inkpool.CodeConflict)
		}
	})
}

func TestLogSaysWhyATaskFailed(t *testing.T) {
	var log bytes.Buffer
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		p := &processor{do: func(context.Context, string) error { return errors.New("the cause") }}
		q := newQueue(t, store, p, job.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		j := addJob(t, store, "job", 1)
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		q.Close()
	})
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "the cause") {
		t.Errorf("got log %q, want one line with the cause", got)
	}
}

func TestStoppingIsNoNews(t *testing.T) {
	var log bytes.Buffer
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		q := newQueue(t, store, &processor{do: held(nil)}, job.Options{InFlight: 2, Log: slog.New(slog.NewTextHandler(&log, nil))})
		addJob(t, store, "job", 3)
		q.Start()
		synctest.Wait()
		q.Close()
	})
	if log.Len() > 0 {
		t.Errorf("got log %q, want none", log.String())
	}
}
