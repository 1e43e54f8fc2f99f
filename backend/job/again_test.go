package job_test

import (
	"context"
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

var errCrash = inkpool.Errorf(inkpool.CodeEngineCrashed, "the engine stopped unexpectedly")

// crashing is an engine that dies when it meets a task called poison: with everything that
// it has in work.
type crashing struct {
	processor
	mu      sync.Mutex
	dead    chan struct{} // closed when the engine of this life dies
	with    [][]string    // what was at work each time the poison was
	at      []string
	crashes int
}

func newCrashing() *crashing {
	c := &crashing{dead: make(chan struct{})}
	c.do = c.work
	return c
}

func (c *crashing) work(ctx context.Context, name string) error {
	c.mu.Lock()
	c.at = append(c.at, name)
	dead := c.dead
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.at = slices.DeleteFunc(c.at, func(n string) bool { return n == name })
	}()
	if strings.Contains(name, "poison") {
		time.Sleep(5 * time.Millisecond) // so that others are at work too
		c.die()
	}
	select {
	case <-dead:
		return errCrash
	case <-time.After(10 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *crashing) die() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.crashes++
	c.with = append(c.with, slices.Sorted(slices.Values(c.at)))
	close(c.dead)
	c.dead = make(chan struct{})
}

func addNamed(t *testing.T, s inkpool.Store, title string, names ...string) inkpool.Job {
	t.Helper()
	j := inkpool.NewJob{Title: title}
	for _, n := range names {
		j.Tasks = append(j.Tasks, inkpool.Task{Path: "/in/" + n, Name: n, Page: 1})
	}
	added, err := s.AddJob(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

// A task that kills the engine is tried once more, alone, and then set aside; its neighbours
// come out well.
func TestPoisonIsQuarantinedAndInnocentsAreDone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), newCrashing()
		q := newQueue(t, store, p, job.Options{InFlight: 3})
		defer q.Close()
		j := addNamed(t, store, "job", "a", "poison", "b", "c", "d", "e")
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 5, Quarantined: 1})
		if d := cmp.Diff([][]string{{"a", "b", "poison"}, {"poison"}}, p.with); d != "" {
			t.Errorf("at work when the engine died (-want +got):\n%s", d)
		}
		for _, task := range tasksOf(t, store, j.ID) {
			if poisoned := task.Name == "poison"; poisoned != (codeOf(task) == inkpool.CodeEngineCrashed) {
				t.Errorf("%s: got error %v", task.Name, task.Error)
			}
			if task.Name == "poison" && task.Crashes != inkpool.MaxCrashes {
				t.Errorf("got %d crashes of the poison, want %d", task.Crashes, inkpool.MaxCrashes)
			}
		}
	})
}

// While a suspect is at work nothing else is started, even what is dropped meanwhile.
func TestSuspectsStayAlone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &processor{}
		release := make(chan struct{})
		crashed := false
		p.do = func(ctx context.Context, name string) error {
			if name != "job/0" {
				return nil
			}
			if !crashed {
				crashed = true
				return errCrash
			}
			return held(release)(ctx, name)
		}
		q := newQueue(t, store, p, job.Options{InFlight: 3})
		defer q.Close()
		addJob(t, store, "job", 1)
		q.Start()
		synctest.Wait()
		if _, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{makeFolder(t, "more", "1", "2")}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if d := cmp.Diff([]string{"job/0", "job/0"}, p.started); d != "" {
			t.Errorf("started beside a suspect (-want +got):\n%s", d)
		}
		close(release)
		synctest.Wait()
		if len(p.ended) != 3 {
			t.Errorf("got %v ended, want all three", p.ended)
		}
	})
}

func TestPassingFaultsAreTriedAgain(t *testing.T) {
	faulty := inkpool.Errorf(inkpool.CodeUnavailable, "the disk does not answer")
	for name, c := range map[string]struct {
		faults int
		want   inkpool.Counts
		after  time.Duration
	}{
		"none":         {0, inkpool.Counts{Done: 1}, 0},
		"one":          {1, inkpool.Counts{Done: 1}, time.Second},
		"three":        {3, inkpool.Counts{Done: 1}, 31 * time.Second},
		"one too many": {4, inkpool.Counts{Failed: 1}, 31 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				store, fault := openStore(t), times(c.faults, faulty)
				p := &processor{do: func(context.Context, string) error { return fault() }}
				q := newQueue(t, store, p, job.Options{InFlight: 2})
				defer q.Close()
				j := addJob(t, store, "job", 1)
				began := time.Now()
				if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
					t.Fatal(err)
				}
				wantCounts(t, store, j.ID, c.want)
				if took := time.Since(began).Round(time.Second); took != c.after {
					t.Errorf("got the end after %v, want %v", took, c.after)
				}
			})
		})
	}
}

// A task that waits for its time does not keep others from being worked at, and can be
// cancelled.
func TestWaitingTasks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		p := &processor{do: func(_ context.Context, name string) error {
			if name == "job/0" {
				return inkpool.Errorf(inkpool.CodeUnavailable, "the disk does not answer")
			}
			return nil
		}}
		q := newQueue(t, store, p, job.Options{InFlight: 1})
		defer q.Close()
		j := addJob(t, store, "job", 3)
		result := make(chan error, 1)
		began := time.Now()
		go func() { result <- q.RunJob(t.Context(), j.ID, nil) }()
		time.Sleep(3 * time.Second) // within the wait of 5 s
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 2, Queued: 1})
		if err := q.Cancel(t.Context(), inkpool.Scope{Job: j.ID}); err != nil {
			t.Fatal(err)
		}
		if err := <-result; err != nil || time.Since(began) > 4*time.Second {
			t.Errorf("got %v after %v, want the end at once", err, time.Since(began))
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 2, Cancelled: 1})
	})
}

func TestDeadlines(t *testing.T) {
	for name, c := range map[string]struct {
		opts job.Options
		took time.Duration // of the pages before
		want time.Duration
	}{
		"nothing known": {job.Options{}, 0, 30 * time.Second},
		"short pages":   {job.Options{}, time.Second, 30 * time.Second},
		"long pages":    {job.Options{}, 10 * time.Second, 200 * time.Second},
		"fixed":         {job.Options{Timeout: 7 * time.Second}, 0, 7 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				store := openStore(t)
				p := &timed{took: c.took}
				q := newQueue(t, store, p, c.opts)
				defer q.Close()
				names := []string{"1.png", "2.png", "3.png", "hangs.PNG"}
				if c.took == 0 {
					names = names[3:]
				}
				j := addNamed(t, store, "job", names...)
				if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
					t.Fatal(err)
				}
				wantCounts(t, store, j.ID, inkpool.Counts{Done: len(names) - 1, Failed: 1})
				last := tasksOf(t, store, j.ID)[len(names)-1]
				if codeOf(last) != inkpool.CodeTimeout || p.hung != c.want {
					t.Errorf("got %q after %v, want %q after %v", codeOf(last), p.hung, inkpool.CodeTimeout, c.want)
				}
			})
		})
	}
}

// timed takes that long for a task, but hangs where the name says so.
type timed struct{ took, hung time.Duration }

func (p *timed) Process(ctx context.Context, task inkpool.Task, _ func(inkpool.Progress)) (inkpool.Result, error) {
	if task.Name == "hangs.PNG" {
		began := time.Now()
		<-ctx.Done()
		p.hung = time.Since(began)
		return inkpool.Result{}, ctx.Err()
	}
	time.Sleep(p.took)
	return inkpool.Result{Kind: inkpool.KindText, Timing: inkpool.Timing{Total: p.took}}, nil
}
