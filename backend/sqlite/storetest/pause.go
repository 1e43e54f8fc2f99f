package storetest

import (
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var pauseCases = []testCase{
	{"a task", testPauseTask},
	{"a task that runs", testPauseRunning},
	{"a job", testPauseJob},
	{"everything", testPauseAll},
	{"what has ended is not paused", testPauseEnded},
	{"to resume a job lets its held tasks go", testResumeHeld},
	{"twice is once", testPauseTwice},
	{"an end forgets that a task was held", testEndHeld},
}

func testPauseTask(t *testing.T, s inkpool.Store) {
	job := add(t, s, "a", 2)
	first := tasksOf(t, s, job.ID)[0]
	pause(t, s, inkpool.Scope{Task: first.ID}, job.ID)
	if got := getTask(t, s, first.ID); !got.Held || got.State != inkpool.StateQueued {
		t.Errorf("got %s, held %v, want queued, held", got.State, got.Held)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 2})
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "a/1.png")
	wantNothing(t, s, inkpool.Claim{Owner: alice})
	wantNothing(t, s, inkpool.Claim{Owner: alice, Job: job.ID})
	resume(t, s, inkpool.Scope{Task: first.ID}, job.ID)
	wantTail(t, s, first.ID, "0 queued", "0 paused", "0 resumed")
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "a/0.png")
}

func testPauseRunning(t *testing.T, s inkpool.Store) {
	job := add(t, s, "a", 1)
	task := claim(t, s, alice)
	pause(t, s, inkpool.Scope{Task: task.ID}, job.ID)
	if got := getTask(t, s, task.ID); !got.Held || got.State != inkpool.StateRunning {
		t.Errorf("got %s, held %v, want running, held", got.State, got.Held)
	}
	requeue(t, s, task.ID, inkpool.Requeue{})
	wantNothing(t, s, inkpool.Claim{Owner: alice})
	resume(t, s, inkpool.Scope{Task: task.ID}, job.ID)
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "a/0.png")
}

func testPauseJob(t *testing.T, s inkpool.Store) {
	a, b := add(t, s, "a", 3), add(t, s, "b", 1)
	running := claim(t, s, alice)
	pause(t, s, inkpool.Scope{Job: a.ID}, a.ID)
	wantPaused(t, s, a.ID, true)
	wantPaused(t, s, b.ID, false)
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "b/0.png")
	wantNothing(t, s, inkpool.Claim{Owner: alice})
	wantNothing(t, s, inkpool.Claim{Owner: alice, Job: a.ID})
	wantCounts(t, s, a.ID, inkpool.Counts{Queued: 2, Running: 1})
	finish(t, s, running.ID)
	resume(t, s, inkpool.Scope{Job: a.ID}, a.ID)
	wantPaused(t, s, a.ID, false)
	wantTail(t, s, running.ID, "1 running", "1 done")
	wantTail(t, s, running.ID+1, "0 queued", "0 paused", "0 resumed")
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "a/1.png", "a/2.png")
}

func wantPaused(t *testing.T, s inkpool.Store, id inkpool.JobID, want bool) {
	t.Helper()
	job, err := s.Job(t.Context(), id)
	if err != nil || job.Paused != want {
		t.Errorf("job %d: got paused %v (%v), want %v", id, job.Paused, err, want)
	}
}

func testPauseAll(t *testing.T, s inkpool.Store) {
	done := add(t, s, "done", 1)
	finish(t, s, claim(t, s, alice).ID)
	a, b := add(t, s, "a", 1), add(t, s, "b", 1)
	pause(t, s, inkpool.Scope{Job: a.ID}, a.ID)
	pause(t, s, everything, b.ID)
	wantNothing(t, s, inkpool.Claim{Owner: alice})
	wantPaused(t, s, done.ID, false)
	c := add(t, s, "c", 1) // what comes later is not meant
	held := tasksOf(t, s, c.ID)[0]
	pause(t, s, inkpool.Scope{Task: held.ID}, c.ID)
	resume(t, s, everything, a.ID, b.ID, c.ID)
	wantTail(t, s, held.ID, "0 paused", "0 resumed")
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "a/0.png", "b/0.png", "c/0.png")
}

func testPauseEnded(t *testing.T, s inkpool.Store) {
	job := add(t, s, "a", 1)
	task := claim(t, s, alice)
	finish(t, s, task.ID)
	before := getTask(t, s, task.ID)
	for _, scope := range []inkpool.Scope{{Task: task.ID}, {Job: job.ID}, everything} {
		pause(t, s, scope)
		resume(t, s, scope)
	}
	if d := diff(before, getTask(t, s, task.ID)); d != "" {
		t.Errorf("the task changed (-before +after):\n%s", d)
	}
	wantPaused(t, s, job.ID, false)
	wantTail(t, s, task.ID, "1 running", "1 done")
}

func testResumeHeld(t *testing.T, s inkpool.Store) {
	a, b := add(t, s, "a", 2), add(t, s, "b", 1)
	for _, job := range []inkpool.JobID{a.ID, b.ID} {
		pause(t, s, inkpool.Scope{Task: tasksOf(t, s, job)[0].ID}, job)
	}
	pause(t, s, inkpool.Scope{Job: a.ID}, a.ID)
	resume(t, s, inkpool.Scope{Task: tasksOf(t, s, a.ID)[0].ID}, a.ID)
	wantNothing(t, s, inkpool.Claim{Owner: alice}) // its job is still paused
	resume(t, s, inkpool.Scope{Job: a.ID}, a.ID)
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "a/0.png", "a/1.png")
	wantNothing(t, s, inkpool.Claim{Owner: alice})
	resume(t, s, inkpool.Scope{Job: b.ID}, b.ID) // which is not paused itself
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "b/0.png")
}

func testPauseTwice(t *testing.T, s inkpool.Store) {
	job := add(t, s, "a", 2)
	task := tasksOf(t, s, job.ID)[0].ID
	for _, scope := range []inkpool.Scope{{Task: task}, {Job: job.ID}} {
		pause(t, s, scope, job.ID)
		pause(t, s, scope)
	}
	resume(t, s, everything, job.ID)
	resume(t, s, everything)
	wantTail(t, s, task, "0 queued", "0 paused", "0 resumed")
	wantTail(t, s, task+1, "0 queued", "0 paused", "0 resumed")
}

func testEndHeld(t *testing.T, s inkpool.Store) {
	job := add(t, s, "a", 3)
	done, failed := claim(t, s, alice), claim(t, s, alice)
	for _, task := range tasksOf(t, s, job.ID) {
		pause(t, s, inkpool.Scope{Task: task.ID}, job.ID)
	}
	finish(t, s, done.ID)
	fail(t, s, failed.ID, inkpool.StateFailed)
	cancel(t, s, inkpool.Scope{Job: job.ID}, job.ID)
	for _, task := range tasksOf(t, s, job.ID) {
		if task.Held || !task.State.Ended() {
			t.Errorf("task %d: got %s, held %v, want ended, not held", task.Index, task.State, task.Held)
		}
	}
}
