package storetest

import (
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var cancelCases = []testCase{
	{"a job: queued tasks are cancelled, the rest stays", testCancel},
	{"a task", testCancelTask},
	{"everything", testCancelAll},
	{"whatever a task waits for", testCancelWaiting},
	{"nothing is queued, nothing is touched", testCancelNothing},
}

func testCancel(t *testing.T, s inkpool.Store) {
	job, other := add(t, s, "five", 5), add(t, s, "other", 1)
	done, running := claim(t, s, alice), claim(t, s, alice)
	finish(t, s, done.ID)
	cancel(t, s, inkpool.Scope{Job: job.ID}, job.ID)
	for i, task := range tasksOf(t, s, job.ID)[2:] {
		if task.State != inkpool.StateCancelled || inkpool.CodeOf(task.Error) != inkpool.CodeCancelled || task.EndedAt.IsZero() {
			t.Errorf("task %d: got %s with %v, ended %v, want cancelled now", i, task.State, task.Error, task.EndedAt)
		}
		wantTail(t, s, task.ID, "0 queued", "0 cancelled")
	}
	if got := getTask(t, s, running.ID); got.State != inkpool.StateRunning {
		t.Errorf("running task: got %s, want it to run on", got.State)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Running: 1, Done: 1, Cancelled: 3})
	wantCounts(t, s, other.ID, inkpool.Counts{Queued: 1})
}

func testCancelTask(t *testing.T, s inkpool.Store) {
	job := add(t, s, "three", 3)
	cancel(t, s, inkpool.Scope{Task: tasksOf(t, s, job.ID)[1].ID}, job.ID)
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 2, Cancelled: 1})
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "three/0.png", "three/2.png")
}

func testCancelAll(t *testing.T, s inkpool.Store) {
	a := add(t, s, "a", 1)
	claim(t, s, alice)
	b, c := add(t, s, "b", 2), add(t, s, "c", 1)
	cancel(t, s, everything, b.ID, c.ID)
	wantCounts(t, s, a.ID, inkpool.Counts{Running: 1})
	wantCounts(t, s, b.ID, inkpool.Counts{Cancelled: 2})
	wantCounts(t, s, c.ID, inkpool.Counts{Cancelled: 1})
}

func testCancelWaiting(t *testing.T, s inkpool.Store) {
	job := add(t, s, "four", 4)
	late, crashed := claim(t, s, alice), claim(t, s, alice)
	requeue(t, s, late.ID, inkpool.Requeue{NotBefore: time.Now().Add(time.Hour)})
	requeue(t, s, crashed.ID, inkpool.Requeue{Crashed: true})
	pause(t, s, inkpool.Scope{Task: crashed.ID + 1}, job.ID)
	pause(t, s, inkpool.Scope{Job: job.ID}, job.ID)
	cancel(t, s, inkpool.Scope{Job: job.ID}, job.ID)
	wantCounts(t, s, job.ID, inkpool.Counts{Cancelled: 4})
	if got := getTask(t, s, crashed.ID); got.Crashes != 1 {
		t.Errorf("got %d crashes, want them kept: 1", got.Crashes)
	}
}

func testCancelNothing(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	task := claim(t, s, alice)
	for _, scope := range []inkpool.Scope{{Job: job.ID}, {Task: task.ID}, everything} {
		cancel(t, s, scope)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Running: 1})
}
