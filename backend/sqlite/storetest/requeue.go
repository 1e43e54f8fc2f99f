package storetest

import (
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var requeueCases = []testCase{
	{"a task that is given back waits again, its attempt counted", testRequeue},
	{"a crash is counted, and makes the task a suspect", testRequeueCrashed},
	{"a task waits for its time", testRequeueLater},
	{"a time that has passed is now", testRequeuePast},
}

func requeue(t *testing.T, s inkpool.Store, id inkpool.TaskID, r inkpool.Requeue) {
	t.Helper()
	if err := s.RequeueTask(t.Context(), alice, id, r); err != nil {
		t.Fatalf("RequeueTask(%d): %v", id, err)
	}
}

func testRequeue(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	queued := tasksOf(t, s, job.ID)[0]
	task := claim(t, s, alice)
	requeue(t, s, task.ID, inkpool.Requeue{})
	want := queued
	want.Attempt = 1
	if d := diff(want, getTask(t, s, task.ID)); d != "" {
		t.Errorf("task (-want +got):\n%s", d)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 1})
	if again := claim(t, s, bob); again.ID != task.ID || again.Attempt != 2 || again.Owner != bob {
		t.Errorf("got task %d attempt %d of %q, want task %d attempt 2 of %q", again.ID, again.Attempt, again.Owner, task.ID, bob)
	}
}

func testRequeueCrashed(t *testing.T, s inkpool.Store) {
	add(t, s, "one", 1)
	task := claim(t, s, alice)
	why := inkpool.Errorf(inkpool.CodeEngineCrashed, "the engine died")
	requeue(t, s, task.ID, inkpool.Requeue{Why: why, Crashed: true})
	if got := getTask(t, s, task.ID); got.Crashes != 1 || got.Error != nil {
		t.Errorf("got %d crashes, error %v, want 1 and none", got.Crashes, got.Error)
	}
	wantNothing(t, s, inkpool.Claim{Owner: alice})
	wantClaims(t, s, inkpool.Claim{Owner: alice, Suspect: true}, "one/0.png")
	entries := logOf(t, s, task.ID)
	if got, want := entries[2].Detail, "engine_crashed: the engine died"; got != want {
		t.Errorf("detail: got %q, want %q", got, want)
	}
}

func testRequeueLater(t *testing.T, s inkpool.Store) {
	job := add(t, s, "two", 2)
	late := claim(t, s, alice)
	requeue(t, s, late.ID, inkpool.Requeue{NotBefore: time.Now().Add(time.Hour)})
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 2})
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "two/1.png")
	wantNothing(t, s, inkpool.Claim{Owner: alice, Job: job.ID})
	recoverTasks(t, s, alice, false)
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "two/0.png")
}

func testRequeuePast(t *testing.T, s inkpool.Store) {
	add(t, s, "one", 1)
	task := claim(t, s, alice)
	requeue(t, s, task.ID, inkpool.Requeue{NotBefore: time.Unix(-1, 0)})
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "one/0.png")
}
