package job_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// The tests of the queue run in a bubble of testing/synctest on the real store: waits take
// no time, synctest.Wait returns when every worker is idle or held, and the bubble fails
// when a goroutine outlives the test.

const owner = "this process"

// openStore opens a new history.
func openStore(t *testing.T) inkpool.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}

// newQueue makes a queue that the test closes.
func newQueue(t *testing.T, s inkpool.Store, p job.Processor, opts job.Options) *job.Queue {
	t.Helper()
	if opts.Owner == "" {
		opts.Owner = owner
	}
	q, err := job.New(t.Context(), s, p, opts)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// addJob stores a job of n queued tasks, named title/0, title/1, …
func addJob(t *testing.T, s inkpool.Store, title string, n int) inkpool.Job {
	t.Helper()
	j := inkpool.NewJob{Title: title}
	for i := range n {
		name := fmt.Sprintf("%s/%d", title, i)
		j.Tasks = append(j.Tasks, inkpool.Task{Path: "/in/" + name, Name: name, Page: 1})
	}
	added, err := s.AddJob(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func wantCounts(t *testing.T, s inkpool.Store, id inkpool.JobID, want inkpool.Counts) {
	t.Helper()
	j, err := s.Job(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if j.Counts != want {
		t.Errorf("job %d: got %+v, want %+v", id, j.Counts, want)
	}
}

func tasksOf(t *testing.T, s inkpool.Store, id inkpool.JobID) []inkpool.Task {
	t.Helper()
	tasks, err := s.Tasks(t.Context(), id, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

// wantResults checks that every task of a job is done and holds the text that reading gives.
func wantResults(t *testing.T, s inkpool.Store, id inkpool.JobID) {
	t.Helper()
	for _, task := range tasksOf(t, s, id) {
		r, err := s.Result(t.Context(), task.ID)
		if err != nil || r.Text != textOf(task) {
			t.Errorf("result of %s: got %q, %v; want %q", task.Name, r.Text, err, textOf(task))
		}
	}
}

func codeOf(t inkpool.Task) inkpool.Code {
	if t.Error == nil {
		return ""
	}
	return t.Error.Code
}

// makeFolder makes a folder of that name with empty files, and returns its path.
func makeFolder(t *testing.T, name string, files ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	for _, f := range files {
		full := filepath.Join(dir, f)
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o700), os.WriteFile(full, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// processor is a Processor of which the test decides what it does, by a task's name.
type processor struct {
	do func(ctx context.Context, name string) error // nil: every task succeeds

	mu      sync.Mutex
	started []string // names, in order
	ended   []string // names of those that succeeded
	now     int      // at once
	most    int      // at once, ever
}

func textOf(t inkpool.Task) string { return "text of " + t.Name }

func (p *processor) Process(ctx context.Context, task inkpool.Task, _ func(inkpool.Progress)) (inkpool.Result, error) {
	p.mu.Lock()
	p.started = append(p.started, task.Name)
	p.now++
	p.most = max(p.most, p.now)
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.now--
		p.mu.Unlock()
	}()
	if p.do != nil {
		if err := p.do(ctx, task.Name); err != nil {
			return inkpool.Result{}, err
		}
	}
	p.mu.Lock()
	p.ended = append(p.ended, task.Name)
	p.mu.Unlock()
	return inkpool.Result{Kind: inkpool.KindText, Text: textOf(task)}, nil
}

// held returns a do that waits until release is closed, or for ctx.
func held(release <-chan struct{}) func(context.Context, string) error {
	return func(ctx context.Context, _ string) error {
		select {
		case <-release:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// brokenStore is a Store whose methods can be made to fail.
type brokenStore struct {
	inkpool.Store
	claim  func() error                  // nil, or asked before each claim
	finish func(id inkpool.TaskID) error // nil, or asked before each FinishTask
	job    func() error                  // nil, or asked before each Job
}

func (s *brokenStore) ClaimTask(ctx context.Context, c inkpool.Claim) (inkpool.Task, bool, error) {
	if s.claim != nil {
		if err := s.claim(); err != nil {
			return inkpool.Task{}, false, err
		}
	}
	return s.Store.ClaimTask(ctx, c)
}

func (s *brokenStore) FinishTask(ctx context.Context, owner string, id inkpool.TaskID, r inkpool.Result) error {
	if s.finish != nil {
		if err := s.finish(id); err != nil {
			return err
		}
	}
	return s.Store.FinishTask(ctx, owner, id, r)
}

func (s *brokenStore) Job(ctx context.Context, id inkpool.JobID) (inkpool.Job, error) {
	if s.job != nil {
		if err := s.job(); err != nil {
			return inkpool.Job{}, err
		}
	}
	return s.Store.Job(ctx, id)
}

// times returns a function that gives err n times, then nil. It is safe for concurrent use.
func times(n int, err error) func() error {
	var mu sync.Mutex
	return func() error {
		mu.Lock()
		defer mu.Unlock()
		if n == 0 {
			return nil
		}
		n--
		return err
	}
}

// bubble runs test in a bubble.
func bubble(t *testing.T, test func(*testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}
