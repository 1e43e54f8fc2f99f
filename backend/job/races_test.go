package job_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// lateFail returns from its first FailTask a moment after that has been stored.
type lateFail struct {
	inkpool.Store
	stored, release chan struct{}
}

func (s *lateFail) FailTask(ctx context.Context, owner string, id inkpool.TaskID, state inkpool.State, why *inkpool.Error) error {
	err := s.Store.FailTask(ctx, owner, id, state, why)
	select {
	case <-s.stored:
	default:
		close(s.stored)
		<-s.release
	}
	return err
}

// A task that has just failed is queued again and claimed before its first run is forgotten.
func TestRetryOfATaskThatIsJustEnding(t *testing.T) {
	bubble(t, func(t *testing.T) {
		real := openStore(t)
		s := &lateFail{real, make(chan struct{}), make(chan struct{})}
		var runs atomic.Int32
		p := &processor{do: func(ctx context.Context, _ string) error {
			if runs.Add(1) == 1 {
				return inkpool.Errorf(inkpool.CodeInvalid, "damaged")
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Second):
				return nil
			}
		}}
		q := newQueue(t, s, p, job.Options{InFlight: 2})
		defer q.Close()
		j := addJob(t, real, "job", 1)
		q.Start()
		<-s.stored
		if err := q.Retry(t.Context(), inkpool.Scope{Job: j.ID}, inkpool.StateFailed); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // the other worker has claimed it
		close(s.release)
		time.Sleep(5 * time.Second)
		wantCounts(t, real, j.ID, inkpool.Counts{Done: 1})
	})
}

// Tasks fail as fast as somebody retries them; nothing is lost on the way.
func TestRetryStorm(t *testing.T) {
	store := openStore(t)
	p := &processor{do: func(context.Context, string) error { return inkpool.Errorf(inkpool.CodeInvalid, "damaged") }}
	q := newQueue(t, store, p, job.Options{InFlight: 4})
	defer q.Close()
	j := addJob(t, store, "job", 4)
	q.Start()
	var people sync.WaitGroup
	for range 2 {
		people.Go(func() {
			for range 100 {
				if err := q.Retry(context.Background(), inkpool.Scope{Job: j.ID}, inkpool.StateFailed); err != nil {
					t.Error(err)
				}
			}
		})
	}
	people.Wait()
	if err := q.Remove(t.Context(), inkpool.Scope{Job: j.ID}); err != nil { // waits for what is running
		t.Error(err)
	}
}

// Somebody sets the clock back while a task waits for its time.
func TestWaitingTasksDoNotMindTheClock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var back atomic.Int64
		clock := func() time.Time { return time.Now().Add(-time.Duration(back.Load())) }
		store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"), sqlite.WithClock(clock))
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		fault := times(1, inkpool.Errorf(inkpool.CodeUnavailable, "the disk does not answer"))
		q := newQueue(t, store, &processor{do: func(context.Context, string) error { return fault() }}, job.Options{InFlight: 4})
		defer q.Close()
		j := addJob(t, store, "job", 1)
		time.AfterFunc(500*time.Millisecond, func() { back.Store(int64(24 * time.Hour)) })
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 1})
	})
}

// A task over which the engine died does not wait for the end of a long job: where a person
// waits for it the queue runs empty at once, else after half a minute.
func TestSuspectsDoNotWaitForEver(t *testing.T) {
	for name, c := range map[string]struct {
		pages int // of the job that it belongs to
		most  time.Duration
	}{
		"given by hand": {1, 5 * time.Second},
		"of a long job": {100, 40 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				store, crashed := openStore(t), false
				p := &processor{}
				p.do = func(_ context.Context, name string) error {
					if name == "suspect/0" && !crashed {
						crashed = true
						return errCrash
					}
					time.Sleep(time.Second)
					return nil
				}
				q := newQueue(t, store, p, job.Options{InFlight: 2})
				defer q.Close()
				suspect := inkpool.NewJob{Title: "suspect", Urgent: c.pages == 1}
				for range c.pages {
					suspect.Tasks = append(suspect.Tasks, inkpool.Task{Path: "/in/x", Name: "suspect/1", Page: 1})
				}
				suspect.Tasks[0].Name = "suspect/0"
				j, err := store.AddJob(t.Context(), suspect)
				if err != nil {
					t.Fatal(err)
				}
				addJob(t, store, "long", 300)
				q.Start()
				time.Sleep(c.most)
				first := tasksOf(t, store, j.ID)[0]
				if first.State != inkpool.StateDone {
					t.Errorf("got it %s after %v, want it done", first.State, c.most)
				}
			})
		})
	}
}

// cancelling is a log that cancels a job when it is told that a task failed: after the queue
// has decided what becomes of the task, and before it stores that.
type cancelling struct {
	slog.Handler
	cancel func()
}

func (c cancelling) Handle(context.Context, slog.Record) error {
	c.cancel()
	return nil
}

func TestCancelOfATaskThatGoesBackToTheQueue(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		j := addJob(t, store, "job", 1)
		p := &processor{do: func(context.Context, string) error {
			return inkpool.Errorf(inkpool.CodeUnavailable, "the disk does not answer")
		}}
		var q *job.Queue
		log := cancelling{slog.DiscardHandler, func() {
			if err := q.Cancel(context.Background(), inkpool.Scope{Job: j.ID}); err != nil {
				t.Error(err)
			}
		}}
		q = newQueue(t, store, p, job.Options{Log: slog.New(enabled{log})})
		defer q.Close()
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Cancelled: 1})
	})
}

// enabled is a handler that wants every record.
type enabled struct{ cancelling }

func (enabled) Enabled(context.Context, slog.Level) bool { return true }

// What a page is told of a held task that comes back is that its tasks have to be read again.
func TestHeldTaskThatComesBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, release, l := openStore(t), make(chan struct{}), &listener{}
		p := &processor{do: func(context.Context, string) error {
			<-release
			return inkpool.Errorf(inkpool.CodeUnavailable, "the disk does not answer")
		}}
		q := newQueue(t, store, p, job.Options{})
		defer q.Close()
		defer q.Subscribe(l.tell)()
		j := addJob(t, store, "job", 1)
		q.Start()
		synctest.Wait()
		if err := q.Pause(t.Context(), inkpool.Scope{Task: tasksOf(t, store, j.ID)[0].ID}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
		before := len(l.told())
		close(release)
		time.Sleep(200 * time.Millisecond)
		told := l.told()[before:]
		if len(told) == 0 || len(told[len(told)-1].Many) != 1 || !tasksOf(t, store, j.ID)[0].Held {
			t.Errorf("got %+v, want the job among those to read again", told)
		}
	})
}

func TestLogHoldsNoNamesOfFiles(t *testing.T) {
	var log bytes.Buffer
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		p := &processor{do: func(context.Context, string) error {
			return inkpool.Errorf(inkpool.CodeNotFound, "this file does not exist").
				WithCause(&fs.PathError{Op: "stat", Path: "/home/me/a secret.txt", Err: errors.New("gone")})
		}}
		q := newQueue(t, store, p, job.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		defer q.Close()
		if err := q.RunJob(t.Context(), addJob(t, store, "job", 1).ID, nil); err != nil {
			t.Fatal(err)
		}
	})
	if got := log.String(); strings.Contains(got, "secret") || !strings.Contains(got, "stat: gone") {
		t.Errorf("got log %q, want the cause without the name", got)
	}
}
