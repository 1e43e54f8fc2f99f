package storetest

import (
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var retryCases = []testCase{
	{"nothing is held against a task", testRetryClears},
	{"only the states that are named", testRetryStates},
	{"only states that can be tried again", testRetryWrongStates},
	{"a task", testRetryTask},
	{"everything, and paused jobs go on", testRetryAll},
}

// ends brings the first tasks of a new job to every end there is, leaves the next running
// and the last queued: 0 done, 1 failed, 2 cancelled, 3 quarantined, 4 running, 5 queued.
func ends(t *testing.T, s inkpool.Store, title string) inkpool.Job {
	t.Helper()
	job := add(t, s, title, 6)
	var running []inkpool.TaskID
	for range 5 {
		task, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: alice, Job: job.ID})
		if err != nil || !ok {
			t.Fatalf("ClaimTask: got ok %v, error %v, want a task", ok, err)
		}
		running = append(running, task.ID)
	}
	finish(t, s, running[0])
	fail(t, s, running[1], inkpool.StateFailed)
	fail(t, s, running[2], inkpool.StateCancelled)
	fail(t, s, running[3], inkpool.StateQuarantined)
	return job
}

func testRetryClears(t *testing.T, s inkpool.Store) {
	job := ends(t, s, "a")
	before := tasksOf(t, s, job.ID)
	retry(t, s, inkpool.Scope{Job: job.ID}, job.ID)
	for i, got := range tasksOf(t, s, job.ID) {
		want := before[i]
		if i >= 1 && i <= 3 {
			want = before[5] // which was never tried
			want.ID, want.Index, want.Path, want.Name, want.Attempt = got.ID, i, got.Path, got.Name, 1
			wantTail(t, s, got.ID, "1 "+string(before[i].State), "1 retried")
		}
		if d := diff(want, got); d != "" {
			t.Errorf("task %d (-want +got):\n%s", i, d)
		}
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Done: 1, Running: 1, Queued: 4})
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "a/1.png", "a/2.png", "a/3.png", "a/5.png")
}

func testRetryStates(t *testing.T, s inkpool.Store) {
	job := ends(t, s, "a")
	touched, err := s.Retry(t.Context(), everything, inkpool.StateFailed, inkpool.StateQuarantined)
	wantTouched(t, "Retry", touched, err, []inkpool.JobID{job.ID})
	wantCounts(t, s, job.ID, inkpool.Counts{Done: 1, Running: 1, Queued: 3, Cancelled: 1})
	touched, err = s.Retry(t.Context(), everything, inkpool.StateFailed, inkpool.StateQuarantined)
	wantTouched(t, "second Retry", touched, err, nil)
	touched, err = s.Retry(t.Context(), everything)
	wantTouched(t, "Retry of no state", touched, err, nil)
}

func testRetryWrongStates(t *testing.T, s inkpool.Store) {
	job := ends(t, s, "a")
	before := tasksOf(t, s, job.ID)
	for _, state := range []inkpool.State{inkpool.StateQueued, inkpool.StateRunning, inkpool.StateDone, "", "'"} {
		_, err := s.Retry(t.Context(), everything, inkpool.StateFailed, state)
		wantCode(t, "Retry of "+string(state), err, inkpool.CodeInvalid)
	}
	if d := diff(before, tasksOf(t, s, job.ID)); d != "" {
		t.Errorf("something changed (-before +after):\n%s", d)
	}
}

func testRetryTask(t *testing.T, s inkpool.Store) {
	job := ends(t, s, "a")
	tasks := tasksOf(t, s, job.ID)
	for i, touched := range []bool{false, true, true, true, false, false} {
		if touched {
			retry(t, s, inkpool.Scope{Task: tasks[i].ID}, job.ID)
		} else {
			retry(t, s, inkpool.Scope{Task: tasks[i].ID})
		}
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Done: 1, Running: 1, Queued: 4})
}

func testRetryAll(t *testing.T, s inkpool.Store) {
	a, b := ends(t, s, "a"), ends(t, s, "b")
	c := add(t, s, "c", 1) // nothing to try again: it stays paused
	pause(t, s, everything, a.ID, b.ID, c.ID)
	retry(t, s, everything, a.ID, b.ID)
	wantPaused(t, s, a.ID, false)
	wantPaused(t, s, c.ID, true)
	wantClaims(t, s, inkpool.Claim{Owner: alice, Job: b.ID}, "b/1.png")
}
