package storetest

import (
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var requeueCases = []testCase{
	{"a released task waits again, its attempt counted", testRelease},
	{"what others left running waits again", testRecover},
	{"what kills its process is set aside", testQuarantine},
	{"nothing to recover", testRecoverNothing},
}

var cancelCases = []testCase{
	{"queued tasks are cancelled and returned in order", testCancel},
	{"a job without queued tasks returns none", testCancelNothing},
}

func testRelease(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	queued := tasksOf(t, s, job.ID)[0]
	task := claim(t, s, alice)
	if err := s.ReleaseTask(t.Context(), alice, task.ID); err != nil {
		t.Fatalf("ReleaseTask: %v", err)
	}
	want := queued
	want.Attempt = 1
	if d := diff(want, getTask(t, s, task.ID)); d != "" {
		t.Errorf("released task (-want +got):\n%s", d)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 1})
	if again := claim(t, s, bob); again.ID != task.ID || again.Attempt != 2 || again.Owner != bob {
		t.Errorf("got task %d attempt %d of %q, want task %d attempt 2 of %q", again.ID, again.Attempt, again.Owner, task.ID, bob)
	}
}

func testRecover(t *testing.T, s inkpool.Store) {
	job := add(t, s, "five", 5)
	dead, alive := claim(t, s, alice), claim(t, s, bob)
	done := claim(t, s, alice)
	if err := s.FinishTask(t.Context(), alice, done.ID, page()); err != nil {
		t.Fatalf("FinishTask: %v", err)
	}
	claim(t, s, "instance-c")

	n, err := s.RecoverTasks(t.Context(), bob)
	if err != nil || n != 2 {
		t.Fatalf("RecoverTasks: got %d, %v, want 2", n, err)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 3, Running: 1, Done: 1})
	if got := getTask(t, s, dead.ID); got.State != inkpool.StateQueued || got.Owner != "" || got.Attempt != 1 || !got.StartedAt.IsZero() {
		t.Errorf("recovered task: got %+v, want it queued, its attempt counted", got)
	}
	if d := diff(alive, getTask(t, s, alive.ID)); d != "" {
		t.Errorf("the owner's own task changed (-before +after):\n%s", d)
	}
	if got := claim(t, s, bob); got.Attempt != 1 {
		t.Errorf("next claim: got task %d attempt %d, want the one that nobody has tried", got.ID, got.Attempt)
	}
	if got := claim(t, s, bob); got.ID != dead.ID || got.Attempt != 2 {
		t.Errorf("last claim: got task %d attempt %d, want task %d attempt 2", got.ID, got.Attempt, dead.ID)
	}
}

// A page that kills every process that reads it must not do so for ever.
func testQuarantine(t *testing.T, s inkpool.Store) {
	job := add(t, s, "poison", 1)
	for _, want := range []inkpool.State{inkpool.StateQueued, inkpool.StateQueued, inkpool.StateQuarantined} {
		task := claim(t, s, alice)
		if _, err := s.RecoverTasks(t.Context(), bob); err != nil {
			t.Fatalf("RecoverTasks: %v", err)
		}
		got := getTask(t, s, task.ID)
		if got.State != want {
			t.Fatalf("after attempt %d: got state %s, want %s", task.Attempt, got.State, want)
		}
		if crashed := got.Error != nil && got.Error.Code == inkpool.CodeEngineCrashed; crashed != (want == inkpool.StateQuarantined) {
			t.Errorf("state %s: got error %v", want, got.Error)
		}
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Quarantined: 1})
	if task, ok, err := s.ClaimTask(t.Context(), alice, 0); ok || err != nil {
		t.Errorf("got task %d, %v; want nothing left to claim", task.ID, err)
	}
}

func testRecoverNothing(t *testing.T, s inkpool.Store) {
	if n, err := s.RecoverTasks(t.Context(), alice); err != nil || n != 0 {
		t.Errorf("empty store: got %d, %v, want 0", n, err)
	}
	add(t, s, "one", 1)
	claim(t, s, alice)
	if n, err := s.RecoverTasks(t.Context(), alice); err != nil || n != 0 {
		t.Errorf("own task: got %d, %v, want 0", n, err)
	}
}

func testCancel(t *testing.T, s inkpool.Store) {
	job, other := add(t, s, "five", 5), add(t, s, "other", 1)
	done, running := claim(t, s, alice), claim(t, s, alice)
	if err := s.FinishTask(t.Context(), alice, done.ID, page()); err != nil {
		t.Fatalf("FinishTask: %v", err)
	}
	cancelled, err := s.CancelJob(t.Context(), job.ID)
	if err != nil {
		t.Fatalf("CancelJob: %v", err)
	}
	if d := diff(tasksOf(t, s, job.ID)[2:], cancelled); d != "" {
		t.Errorf("cancelled tasks (-stored +returned):\n%s", d)
	}
	for i, task := range cancelled {
		if task.State != inkpool.StateCancelled || inkpool.CodeOf(task.Error) != inkpool.CodeCancelled || task.EndedAt.IsZero() {
			t.Errorf("task %d: got %s with %v, ended %v, want cancelled now", i, task.State, task.Error, task.EndedAt)
		}
	}
	if got := getTask(t, s, running.ID); got.State != inkpool.StateRunning {
		t.Errorf("running task: got %s, want it to run on", got.State)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Running: 1, Done: 1, Cancelled: 3})
	wantCounts(t, s, other.ID, inkpool.Counts{Queued: 1})
}

func testCancelNothing(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	claim(t, s, alice)
	cancelled, err := s.CancelJob(t.Context(), job.ID)
	if err != nil || len(cancelled) != 0 {
		t.Errorf("got %d tasks, %v, want none", len(cancelled), err)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Running: 1})
}
