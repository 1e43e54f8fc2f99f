package job_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
)

// listener keeps the batches that it is told.
type listener struct {
	mu      sync.Mutex
	batches []job.Batch
}

func (l *listener) tell(b job.Batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.batches = append(l.batches, b)
}

func (l *listener) told() []job.Batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.batches)
}

// latest returns the states that a reader of all batches believes in.
func (l *listener) latest() (map[inkpool.JobID]inkpool.Counts, map[inkpool.TaskID]inkpool.State) {
	jobs, tasks := map[inkpool.JobID]inkpool.Counts{}, map[inkpool.TaskID]inkpool.State{}
	for _, b := range l.told() {
		for _, j := range b.Jobs {
			jobs[j.ID] = j.Counts
		}
		for _, t := range b.Tasks {
			tasks[t.ID] = t.State
		}
	}
	return jobs, tasks
}

// wantTold checks that the feed has told what the store holds.
func (l *listener) wantTold(t *testing.T, store inkpool.Store, ids ...inkpool.JobID) {
	t.Helper()
	jobs, states := l.latest()
	for _, id := range ids {
		wantCounts(t, store, id, jobs[id])
		for _, task := range tasksOf(t, store, id) {
			if states[task.ID] != task.State {
				t.Errorf("task %s: told %q, want %q", task.Name, states[task.ID], task.State)
			}
		}
	}
}

func TestFeedTellsHowEverythingEnded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, l := openStore(t), &listener{}
		p := &processor{do: func(ctx context.Context, name string) error {
			switch name {
			case "a/1":
				return errors.New("fails")
			case "b/0":
				<-ctx.Done()
				return ctx.Err()
			}
			time.Sleep(17 * time.Millisecond)
			return nil
		}}
		q := newQueue(t, store, p, job.Options{InFlight: 2})
		defer q.Subscribe(l.tell)()
		a, b := addJob(t, store, "a", 30), addJob(t, store, "b", 3)
		q.Start()
		time.Sleep(time.Second)
		if err := q.Cancel(t.Context(), inkpool.Scope{Job: b.ID}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		l.wantTold(t, store, a.ID, b.ID)
		q.Close()

		batches := l.told()
		for i, b := range batches {
			if b.Seq != int64(i)+1 {
				t.Errorf("batch %d: got number %d, want %d", i, b.Seq, i+1)
			}
			for _, task := range b.Tasks {
				if task.State != inkpool.StateRunning && task.Owner != "" {
					t.Errorf("task %s is %s but owned by %q", task.Name, task.State, task.Owner)
				}
			}
		}
		if len(batches) < 3 || len(batches) > 20 { // 30 tasks x 17 ms / 2 at once, told each 50 ms
			t.Errorf("got %d batches, want about 5", len(batches))
		}
	})
}

func TestFeedTellsTheLatestStateOnly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, l := openStore(t), &listener{}
		q := newQueue(t, store, &processor{}, job.Options{InFlight: 1})
		defer q.Close()
		defer q.Subscribe(l.tell)()
		j := addJob(t, store, "job", 10)
		q.Start()
		time.Sleep(time.Second) // the tasks take none of it
		batches := l.told()
		if len(batches) != 1 || len(batches[0].Tasks) != 10 || len(batches[0].Jobs) != 1 {
			t.Fatalf("got %+v, want one batch with ten tasks and their job", batches)
		}
		for i, task := range batches[0].Tasks {
			if task.Index != i || task.State != inkpool.StateDone || task.Kind != inkpool.KindText || task.Attempt != 1 {
				t.Errorf("task %d: got %+v, want it done", i, task)
			}
		}
		l.wantTold(t, store, j.ID)
	})
}

// What happens while the program is being closed is told too.
func TestFeedTellsTheLastChanges(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, l := openStore(t), &listener{}
		q := newQueue(t, store, &processor{do: held(nil)}, job.Options{InFlight: 2})
		q.Subscribe(l.tell)
		j := addJob(t, store, "job", 2)
		q.Start()
		time.Sleep(time.Second) // that they run has been told
		q.Close()
		wantCounts(t, store, j.ID, inkpool.Counts{Queued: 2})
		l.wantTold(t, store, j.ID)
	})
}

func TestSubscribersComeAndGo(t *testing.T) {
	dir := makeFolder(t, "in", "a")
	bubble(t, func(t *testing.T) {
		q := newQueue(t, openStore(t), &processor{}, job.Options{})
		defer q.Close()
		submit := func() {
			if _, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{dir}}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		first, second, third := &listener{}, &listener{}, &listener{}
		leaveFirst := q.Subscribe(first.tell)
		leaveSecond := q.Subscribe(second.tell)
		defer leaveSecond()
		submit()
		leaveFirst()
		leaveFirst() // does nothing
		defer q.Subscribe(third.tell)()
		submit()
		for name, c := range map[string]struct {
			l    *listener
			want []int64
		}{"first": {first, []int64{1}}, "second": {second, []int64{1, 2}}, "third": {third, []int64{2}}} {
			var got []int64
			for _, b := range c.l.told() {
				got = append(got, b.Seq)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s subscriber: got batches %v, want %v", name, got, c.want)
			}
		}
		if got := q.Sequence(); got != 2 {
			t.Errorf("Sequence: got %d, want 2", got)
		}
	})
}

func TestFeedReadsAJobAgainThatCouldNotBeRead(t *testing.T) {
	bubble(t, func(t *testing.T) {
		real, l := openStore(t), &listener{}
		store := &brokenStore{Store: real, job: times(3, inkpool.Errorf(inkpool.CodeUnavailable, "busy"))}
		q := newQueue(t, store, &processor{}, job.Options{})
		defer q.Close()
		defer q.Subscribe(l.tell)()
		j := addJob(t, store, "job", 2)
		q.Start()
		time.Sleep(time.Second)
		l.wantTold(t, real, j.ID)
	})
}

func TestFeedTellsThatAJobIsGone(t *testing.T) {
	dir := makeFolder(t, "in", "a")
	bubble(t, func(t *testing.T) {
		gone := inkpool.Errorf(inkpool.CodeNotFound, "there is no job 1")
		store := &brokenStore{Store: openStore(t), job: func() error { return gone }}
		l := &listener{}
		q := newQueue(t, store, &processor{}, job.Options{})
		defer q.Close()
		defer q.Subscribe(l.tell)()
		if _, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{dir}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if got := l.told(); len(got) != 1 || len(got[0].Jobs) > 0 || len(got[0].Gone) != 1 || got[0].Gone[0] != 1 {
			t.Errorf("got %+v, want one batch that says job 1 is gone", got)
		}
	})
}
