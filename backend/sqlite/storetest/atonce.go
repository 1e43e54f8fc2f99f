package storetest

import (
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var atOnceCases = []testCase{
	{"each task is claimed exactly once", testClaimAtOnce},
	{"an end that several race for is won once", testEndAtOnce},
	{"readers see whole changes", testReadAtOnce},
}

func testClaimAtOnce(t *testing.T, s inkpool.Store) {
	const workers, tasks = 8, 500
	job := add(t, s, "many", tasks)

	var mu sync.Mutex
	claimed := map[inkpool.TaskID]int{}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				task, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: alice})
				if err != nil {
					t.Errorf("ClaimTask: %v", err)
				}
				if err != nil || !ok {
					return
				}
				mu.Lock()
				claimed[task.ID]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()

	if len(claimed) != tasks {
		t.Errorf("got %d different tasks, want %d", len(claimed), tasks)
	}
	for id, n := range claimed {
		if n != 1 {
			t.Errorf("task %d was claimed %d times, want once", id, n)
		}
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Running: tasks})
}

// testEndAtOnce lets three ends race for each task.
func testEndAtOnce(t *testing.T, s inkpool.Store) {
	const tasks = 20
	job := add(t, s, "race", tasks)
	var running [tasks]inkpool.Task
	for i := range tasks {
		running[i] = claim(t, s, alice)
	}
	ends := [tasks][3]error{} // per task, in the order of changes
	var wg sync.WaitGroup
	for i, task := range running {
		for j, c := range changes {
			wg.Go(func() { ends[i][j] = c.do(t, s, alice, task.ID) })
		}
	}
	wg.Wait()

	var want inkpool.Counts
	for i, errs := range ends {
		won := 0
		for j, state := range []inkpool.State{inkpool.StateDone, inkpool.StateFailed, inkpool.StateQueued} {
			switch inkpool.CodeOf(errs[j]) {
			case "":
				won++
				want.Add(state, 1)
			case inkpool.CodeConflict:
			default:
				t.Errorf("task %d, %s: got %v, want success or a conflict", i, changes[j].name, errs[j])
			}
		}
		if won != 1 {
			t.Errorf("task %d: got %d ends that succeeded, want 1", i, won)
		}
	}
	wantCounts(t, s, job.ID, want)
}

// testReadAtOnce reads while tasks are worked off: a task is always in exactly one state,
// and one that is done has its result.
func testReadAtOnce(t *testing.T, s inkpool.Store) {
	const tasks = 30
	job := add(t, s, "read", tasks)
	worked := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for working := true; working; {
				select {
				case <-worked:
					working = false // one last look
				default:
				}
				wantWhole(t, s, job.ID, tasks)
			}
		})
	}
	for range tasks {
		task := claim(t, s, alice)
		if err := s.FinishTask(t.Context(), alice, task.ID, page()); err != nil {
			t.Errorf("FinishTask: %v", err)
		}
	}
	close(worked)
	wg.Wait()
	wantCounts(t, s, job.ID, inkpool.Counts{Done: tasks})
}

func wantWhole(t *testing.T, s inkpool.Store, id inkpool.JobID, total int) {
	job, err := s.Job(t.Context(), id)
	if err != nil || job.Counts.Total() != total {
		t.Errorf("got counts %+v (%v), want %d in all", job.Counts, err, total)
	}
	tasks, err := s.Tasks(t.Context(), id, job.Counts.Done, 1)
	if err != nil {
		t.Errorf("Tasks: %v", err)
	}
	for _, task := range tasks {
		if task.State != inkpool.StateDone {
			continue
		}
		if r, err := s.Result(t.Context(), task.ID); err != nil || len(r.Lines) != len(page().Lines) {
			t.Errorf("result of task %d, which is done: got %d lines (%v)", task.ID, len(r.Lines), err)
		}
	}
}
