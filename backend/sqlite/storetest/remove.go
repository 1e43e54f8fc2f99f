package storetest

import (
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var removeCases = []testCase{
	{"a task: those after it move up", testRemoveTask},
	{"the last task takes its job along", testRemoveLast},
	{"a job, with results and logs", testRemoveJob},
	{"everything", testRemoveAll},
	{"not what is running", testRemoveRunning},
	{"an id is never used again", testRemoveIDs},
}

func testRemoveTask(t *testing.T, s inkpool.Store) {
	job := add(t, s, "a", 5)
	finish(t, s, claim(t, s, alice).ID)
	third := claim(t, s, alice).ID + 1 // the second runs on
	remove(t, s, inkpool.Scope{Task: third}, job.ID)
	if d := diff([]string{"a/0.png", "a/1.png", "a/3.png", "a/4.png"}, namesOf(t, s, job.ID)); d != "" {
		t.Errorf("tasks (-want +got):\n%s", d)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Done: 1, Running: 1, Queued: 2})
	wantGone(t, s, third)
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "a/3.png", "a/4.png")
	remove(t, s, inkpool.Scope{Task: tasksOf(t, s, job.ID)[0].ID}, job.ID)
	if d := diff([]string{"a/1.png", "a/3.png", "a/4.png"}, namesOf(t, s, job.ID)); d != "" {
		t.Errorf("tasks without the first (-want +got):\n%s", d)
	}
}

func wantGone(t *testing.T, s inkpool.Store, id inkpool.TaskID) {
	t.Helper()
	_, err := s.Task(t.Context(), id)
	wantCode(t, "Task", err, inkpool.CodeNotFound)
	_, err = s.Result(t.Context(), id)
	wantCode(t, "Result", err, inkpool.CodeNotFound)
	_, err = s.Log(t.Context(), id)
	wantCode(t, "Log", err, inkpool.CodeNotFound)
}

func testRemoveLast(t *testing.T, s inkpool.Store) {
	job := add(t, s, "a", 2)
	for _, task := range tasksOf(t, s, job.ID) {
		remove(t, s, inkpool.Scope{Task: task.ID}, job.ID)
	}
	_, err := s.Job(t.Context(), job.ID)
	wantCode(t, "Job", err, inkpool.CodeNotFound)
}

func testRemoveJob(t *testing.T, s inkpool.Store) {
	job, other := add(t, s, "a", 2), add(t, s, "b", 2)
	done := claim(t, s, alice)
	finish(t, s, done.ID)
	remove(t, s, inkpool.Scope{Job: job.ID}, job.ID)
	wantGone(t, s, done.ID)
	wantGone(t, s, done.ID+1)
	_, err := s.Job(t.Context(), job.ID)
	wantCode(t, "Job", err, inkpool.CodeNotFound)
	wantCounts(t, s, other.ID, inkpool.Counts{Queued: 2})
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "b/0.png")
	empty := add(t, s, "empty", 0)
	remove(t, s, inkpool.Scope{Job: empty.ID}, empty.ID)
}

func testRemoveAll(t *testing.T, s inkpool.Store) {
	remove(t, s, everything)
	a, b := add(t, s, "a", 2), add(t, s, "b", 0)
	remove(t, s, everything, a.ID, b.ID)
	if jobs, err := s.Jobs(t.Context(), 0, 10); err != nil || len(jobs) != 0 {
		t.Errorf("got %d jobs (%v), want none", len(jobs), err)
	}
	wantNothing(t, s, inkpool.Claim{Owner: alice})
}

func testRemoveRunning(t *testing.T, s inkpool.Store) {
	job := ends(t, s, "a")
	add(t, s, "b", 1)
	before := tasksOf(t, s, job.ID)
	for _, scope := range []inkpool.Scope{{Task: before[4].ID}, {Job: job.ID}, everything} {
		_, err := s.Remove(t.Context(), scope)
		wantCode(t, "Remove", err, inkpool.CodeConflict)
	}
	if d := diff(before, tasksOf(t, s, job.ID)); d != "" {
		t.Errorf("something changed (-before +after):\n%s", d)
	}
	if jobs, err := s.Jobs(t.Context(), 0, 10); err != nil || len(jobs) != 2 {
		t.Errorf("got %d jobs (%v), want both", len(jobs), err)
	}
}

func testRemoveIDs(t *testing.T, s inkpool.Store) {
	old := add(t, s, "a", 1)
	oldTask := tasksOf(t, s, old.ID)[0].ID
	remove(t, s, everything, old.ID)
	job := add(t, s, "b", 1)
	if task := tasksOf(t, s, job.ID)[0].ID; job.ID <= old.ID || task <= oldTask {
		t.Errorf("got job %d, task %d after %d and %d, want new ids", job.ID, task, old.ID, oldTask)
	}
}
