package job_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
)

func TestPauseAndResume(t *testing.T) {
	for name, scope := range map[string]func(inkpool.Job) inkpool.Scope{
		"a job":      func(j inkpool.Job) inkpool.Scope { return inkpool.Scope{Job: j.ID} },
		"everything": func(inkpool.Job) inkpool.Scope { return inkpool.Scope{} },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				store, release := openStore(t), make(chan struct{})
				q := newQueue(t, store, &processor{do: held(release)}, job.Options{InFlight: 2})
				defer q.Close()
				j := addJob(t, store, "job", 5)
				q.Start()
				synctest.Wait()
				if err := q.Pause(t.Context(), scope(j)); err != nil {
					t.Fatal(err)
				}
				close(release)
				synctest.Wait() // what was running has ended, and nothing was started
				wantCounts(t, store, j.ID, inkpool.Counts{Done: 2, Queued: 3})
				if err := q.Resume(t.Context(), scope(j)); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				wantCounts(t, store, j.ID, inkpool.Counts{Done: 5})
			})
		})
	}
}

func TestPausedTaskIsLeft(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		q := newQueue(t, store, &processor{}, job.Options{})
		defer q.Close()
		j := addJob(t, store, "job", 3)
		second := inkpool.Scope{Task: tasksOf(t, store, j.ID)[1].ID}
		if err := q.Pause(t.Context(), second); err != nil {
			t.Fatal(err)
		}
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil { // ends although one is left
			t.Fatal(err)
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 2, Queued: 1})
		if err := q.Resume(t.Context(), second); err != nil {
			t.Fatal(err)
		}
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 3})
	})
}

func TestRetry(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, fails := openStore(t), true
		p := &processor{do: func(_ context.Context, name string) error {
			if fails && name != "job/0" {
				return inkpool.Errorf(inkpool.CodeInvalid, "damaged")
			}
			return nil
		}}
		q := newQueue(t, store, p, job.Options{})
		defer q.Close()
		j := addJob(t, store, "job", 3)
		q.Start()
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 1, Failed: 2})
		fails = false
		if err := q.Retry(t.Context(), inkpool.Scope{Job: j.ID}, inkpool.StateFailed); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 3})
		wantResults(t, store, j.ID)
		if d := cmp.Diff([]string{"job/0", "job/1", "job/2", "job/1", "job/2"}, p.started); d != "" {
			t.Errorf("started (-want +got):\n%s", d)
		}
	})
}

// Remove stops what is running, waits for it, and leaves nothing.
func TestRemove(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, l := openStore(t), &listener{}
		p := &processor{do: func(ctx context.Context, name string) error {
			if name == "job/0" || name == "other/0" {
				return nil
			}
			<-ctx.Done()
			time.Sleep(time.Second) // a model that takes its time to stop
			return ctx.Err()
		}}
		q := newQueue(t, store, p, job.Options{InFlight: 2})
		defer q.Close()
		defer q.Subscribe(l.tell)()
		j, other := addJob(t, store, "job", 4), addJob(t, store, "other", 1)
		q.Start()
		synctest.Wait()
		if err := q.Remove(t.Context(), inkpool.Scope{Job: j.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Job(t.Context(), j.ID); inkpool.CodeOf(err) != inkpool.CodeNotFound {
			t.Errorf("job after Remove: got %v, want %q", err, inkpool.CodeNotFound)
		}
		time.Sleep(time.Second)
		wantCounts(t, store, other.ID, inkpool.Counts{Done: 1})
		var gone []inkpool.JobID
		for _, b := range l.told() {
			gone = append(gone, b.Gone...)
		}
		if len(gone) == 0 || gone[0] != j.ID {
			t.Errorf("got %v told as gone, want %d", gone, j.ID)
		}
		if err := q.Remove(t.Context(), inkpool.Scope{Job: 99}); inkpool.CodeOf(err) != inkpool.CodeNotFound {
			t.Errorf("Remove of no job: got %v, want %q", err, inkpool.CodeNotFound)
		}
	})
}

func TestHold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		q := newQueue(t, store, &processor{}, job.Options{})
		defer q.Close()
		q.Hold(true)
		j := addJob(t, store, "job", 2)
		q.Start()
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Queued: 2})
		q.Hold(false)
		synctest.Wait()
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 2})
	})
}

// What a person drops while a long job runs is next.
func TestAFewFilesOvertakeALongJob(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &processor{}
		p.do = func(context.Context, string) error { time.Sleep(time.Second); return nil }
		q := newQueue(t, store, p, job.Options{InFlight: 1})
		defer q.Close()
		addJob(t, store, "long", 100)
		q.Start()
		time.Sleep(2500 * time.Millisecond)
		if _, err := q.Submit(t.Context(), inkpool.Request{Paths: []string{makeFolder(t, "hand", "1")}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if d := cmp.Diff([]string{"long/0", "long/1", "long/2", "hand/1", "long/3"}, p.started); d != "" {
			t.Errorf("started (-want +got):\n%s", d)
		}
	})
}
