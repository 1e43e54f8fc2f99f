package job_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
)

func TestStartWorksOffEverything(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, release := openStore(t), make(chan struct{})
		p := &processor{do: held(release)}
		q := newQueue(t, store, p, job.Options{InFlight: 3})
		defer q.Close()
		before := addJob(t, store, "before", 10)
		q.Start()
		synctest.Wait()
		wantCounts(t, store, before.ID, inkpool.Counts{Queued: 7, Running: 3})

		close(release)
		synctest.Wait()
		wantCounts(t, store, before.ID, inkpool.Counts{Done: 10})
		wantResults(t, store, before.ID)
		if p.most != 3 {
			t.Errorf("got %d tasks at once, want 3", p.most)
		}
	})
}

func TestSubmitWakesIdleWorkers(t *testing.T) {
	dir := makeFolder(t, "scans", "1.png", "2.png", "3.png", "4.png")
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &processor{}
		q := newQueue(t, store, p, job.Options{InFlight: 2})
		defer q.Close()
		q.Start()
		for range 3 {
			synctest.Wait() // all are idle
			j, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{dir}})
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			wantCounts(t, store, j.ID, inkpool.Counts{Done: 4})
		}
	})
}

// One is woken by the job and wakes the next.
func TestSubmitWakesAllWorkers(t *testing.T) {
	dir := makeFolder(t, "scans", "1.png", "2.png", "3.png", "4.png")
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		q := newQueue(t, store, &processor{do: held(nil)}, job.Options{InFlight: 3})
		defer q.Close()
		q.Start()
		synctest.Wait()
		j, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{dir}})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Running: 3, Queued: 1})
	})
}

func TestSubmitStoresBeforeItReturns(t *testing.T) {
	dir := makeFolder(t, "scans", "10.png", "9.png")
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		q := newQueue(t, store, &processor{}, job.Options{})
		defer q.Close()
		j, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{dir + "/", "/no/such/file"}})
		if err != nil {
			t.Fatal(err)
		}
		if j.Title != "scans" {
			t.Errorf("title: got %q, want %q", j.Title, "scans")
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Queued: 2, Failed: 1})
		var got []string
		for _, task := range tasksOf(t, store, j.ID) {
			got = append(got, fmt.Sprintf("%d %s %s", task.Index, task.Name, task.State))
		}
		want := []string{"0 scans/9.png queued", "1 scans/10.png queued", "2 file failed"}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("tasks (-want +got):\n%s", d)
		}
	})
}

func TestSubmitTitles(t *testing.T) {
	dir := makeFolder(t, "scans", "1.png")
	t.Chdir(dir)
	bubble(t, func(t *testing.T) {
		q := newQueue(t, openStore(t), &processor{}, job.Options{})
		defer q.Close()
		for path, want := range map[string]string{".": "scans", "1.png": "1.png", "../scans": "scans", "": ""} {
			j, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{path}})
			if err != nil || j.Title != want {
				t.Errorf("Submit(%q): got title %q, %v; want %q", path, j.Title, err, want)
			}
		}
		j, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{"1.png"}, Title: "receipts"})
		if err != nil || j.Title != "receipts" {
			t.Errorf("got title %q, %v; want the one that was asked for", j.Title, err)
		}
		if _, err := q.Submit(t.Context(), inkpool.Request{}); inkpool.CodeOf(err) != inkpool.CodeInvalid {
			t.Errorf("Submit of nothing: got %v, want %q", err, inkpool.CodeInvalid)
		}
	})
}

// secretive notes what a Processor is given to read with.
type secretive struct {
	processor
	got chan inkpool.Task
}

func (p *secretive) Process(ctx context.Context, task inkpool.Task, _ func(inkpool.Progress)) (inkpool.Result, error) {
	p.got <- task
	return p.processor.Process(ctx, task, nil)
}

func TestTasksAreReadAsTheJobSays(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := &secretive{got: make(chan inkpool.Task, 3)}
		q := newQueue(t, openStore(t), p, job.Options{InFlight: 1})
		defer q.Close()
		request := inkpool.Request{
			Paths:   []string{makeFolder(t, "in", "1", "2")},
			Reading: inkpool.Reading{Layout: inkpool.LayoutCode},
			Secrets: []string{"sesame", ""},
		}
		if _, err := q.Submit(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		q.Unlock("sesame", "open")
		q.Start()
		for range 2 {
			task := <-p.got
			if task.Reading.Layout != inkpool.LayoutCode || !slices.Equal(task.Secrets, []string{"sesame", "open"}) {
				t.Errorf("%s: got reading %+v and secrets %q, want the request's and each secret once", task.Name, task.Reading, task.Secrets)
			}
		}
	})
}

func TestSubmitRefusesWhatCannotBe(t *testing.T) {
	q := newQueue(t, openStore(t), &processor{}, job.Options{})
	defer q.Close()
	for _, r := range []inkpool.Request{
		{Paths: []string{"a.png"}, Reading: inkpool.Reading{Layout: "spiral"}},
		{Reading: inkpool.Reading{Layout: inkpool.LayoutCode}},
	} {
		if _, err := q.Submit(t.Context(), r); inkpool.CodeOf(err) != inkpool.CodeInvalid {
			t.Errorf("%+v: got %v, want an error of code %s", r, err, inkpool.CodeInvalid)
		}
	}
}

func TestTasksAreTakenInOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &processor{}
		q := newQueue(t, store, p, job.Options{InFlight: 1})
		defer q.Close()
		addJob(t, store, "a", 3)
		addJob(t, store, "b", 2)
		q.Start()
		synctest.Wait()
		if d := cmp.Diff([]string{"a/0", "a/1", "a/2", "b/0", "b/1"}, p.started); d != "" {
			t.Errorf("order (-want +got):\n%s", d)
		}
	})
}

func TestOneTaskNeverStopsTheRest(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		p := &processor{do: func(_ context.Context, name string) error {
			switch name {
			case "job/1":
				return inkpool.Errorf(inkpool.CodeTooLarge, "too large").WithHint("Cut it.")
			case "job/2":
				return errors.New("nobody gave this a code")
			case "job/3":
				panic("a mistake of ours")
			}
			return nil
		}}
		q := newQueue(t, store, p, job.Options{InFlight: 2})
		defer q.Close()
		j := addJob(t, store, "job", 6)
		q.Start()
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 3, Failed: 3})
		var got []inkpool.Code
		for _, task := range tasksOf(t, store, j.ID) {
			got = append(got, codeOf(task))
		}
		want := []inkpool.Code{"", inkpool.CodeTooLarge, inkpool.CodeInternal, inkpool.CodeInternal, "", ""}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("codes (-want +got):\n%s", d)
		}
	})
}

func TestCancel(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		p := &processor{do: func(ctx context.Context, name string) error {
			if name == "job/0" || name == "other/0" {
				return nil
			}
			<-ctx.Done()
			return fmt.Errorf("model run: %w", ctx.Err())
		}}
		q := newQueue(t, store, p, job.Options{InFlight: 2})
		defer q.Close()
		j := addJob(t, store, "job", 5)
		other := addJob(t, store, "other", 1)
		q.Start()
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 1, Running: 2, Queued: 2})
		if err := q.Cancel(t.Context(), inkpool.Scope{Job: j.ID}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 1, Cancelled: 4})
		wantCounts(t, store, other.ID, inkpool.Counts{Done: 1})
		if err := q.Cancel(t.Context(), inkpool.Scope{Job: 99}); inkpool.CodeOf(err) != inkpool.CodeNotFound {
			t.Errorf("Cancel of no job: got %v, want %q", err, inkpool.CodeNotFound)
		}
	})
}

// A task that ends well in spite of Cancel stays done.
func TestCancelComesTooLate(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		p := &processor{do: func(ctx context.Context, _ string) error { <-ctx.Done(); return nil }}
		q := newQueue(t, store, p, job.Options{})
		defer q.Close()
		j := addJob(t, store, "job", 1)
		q.Start()
		synctest.Wait()
		if err := q.Cancel(t.Context(), inkpool.Scope{Job: j.ID}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 1})
	})
}

// claimThen calls then when a task has been claimed but the queue does not know it yet.
type claimThen struct {
	inkpool.Store
	then func()
}

func (s claimThen) ClaimTask(ctx context.Context, c inkpool.Claim) (inkpool.Task, bool, error) {
	task, ok, err := s.Store.ClaimTask(ctx, c)
	if ok {
		s.then()
	}
	return task, ok, err
}

// Not in a bubble, which cannot tell that a goroutine waits for a mutex.
func TestCancelWhileATaskIsClaimed(t *testing.T) {
	store, cancelled := openStore(t), make(chan error, 1)
	j := addJob(t, store, "job", 1)
	var q *job.Queue
	claiming := claimThen{store, func() {
		go func() { cancelled <- q.Cancel(context.Background(), inkpool.Scope{Job: j.ID}) }()
		select {
		case err := <-cancelled: // too early: it cannot have found the task
			cancelled <- err
		case <-time.After(50 * time.Millisecond): // it waits, as it should
		}
	}}
	p := &processor{do: func(ctx context.Context, _ string) error {
		if err := <-cancelled; err != nil {
			t.Errorf("Cancel: %v", err)
		}
		return ctx.Err()
	}}
	q = newQueue(t, claiming, p, job.Options{})
	defer q.Close()
	if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, store, j.ID, inkpool.Counts{Cancelled: 1})
}

func TestNewTakesOverWhatADeadProcessLeft(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		j := addJob(t, store, "job", 3)
		if _, ok, err := store.ClaimTask(t.Context(), inkpool.Claim{Owner: "a process that died"}); !ok || err != nil {
			t.Fatalf("got %v, %v; want a task", ok, err)
		}
		q := newQueue(t, store, &processor{}, job.Options{})
		defer q.Close()
		wantCounts(t, store, j.ID, inkpool.Counts{Queued: 3})
		q.Start()
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 3})
	})
}

func TestCloseGivesBackWhatIsRunning(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		j := addJob(t, store, "job", 8)
		first := &processor{do: func(ctx context.Context, name string) error {
			if name < "job/3" {
				return nil
			}
			<-ctx.Done()
			return errors.New("a model that was stopped half-way")
		}}
		q := newQueue(t, store, first, job.Options{InFlight: 2})
		q.Start()
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 3, Running: 2, Queued: 3})
		q.Close()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 3, Queued: 5})

		second := &processor{}
		again := newQueue(t, store, second, job.Options{Owner: "the next process"})
		defer again.Close()
		again.Start()
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 8})
		wantResults(t, store, j.ID)
		all := append(first.ended, second.ended...)
		slices.Sort(all)
		if len(slices.Compact(all)) != 8 || len(first.ended)+len(second.ended) != 8 {
			t.Errorf("got %v then %v, want each task once", first.ended, second.ended)
		}
	})
}

func TestClosedQueueStartsNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &processor{}
		q := newQueue(t, store, p, job.Options{})
		j := addJob(t, store, "job", 1)
		q.Close()
		q.Start()
		if err := q.RunJob(t.Context(), j.ID, nil); inkpool.CodeOf(err) != inkpool.CodeCancelled {
			t.Errorf("RunJob: got %v, want %q", err, inkpool.CodeCancelled)
		}
		synctest.Wait()
		if len(p.started) > 0 {
			t.Errorf("got %v started, want nothing", p.started)
		}
	})
}
