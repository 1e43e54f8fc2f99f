package storetest

import (
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var endCases = []testCase{
	{"a finished task is done", testFinish},
	{"a failed task says why", testFail},
	{"only failed, cancelled and quarantined are failures", testFailState},
	{"a failure needs a reason", testFailWithoutReason},
	{"only its owner ends a running task", testEndOwner},
	{"only a running task can end", testEndState},
}

func testFinish(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 2)
	running := claim(t, s, alice)
	if err := s.FinishTask(t.Context(), alice, running.ID, page()); err != nil {
		t.Fatalf("FinishTask: %v", err)
	}
	got := getTask(t, s, running.ID)
	if got.EndedAt.Before(got.StartedAt) {
		t.Errorf("got ended at %v, want not before %v", got.EndedAt, got.StartedAt)
	}
	want := running
	want.State, want.Kind, want.Owner, want.EndedAt = inkpool.StateDone, inkpool.KindImage, "", got.EndedAt
	if d := diff(want, got); d != "" {
		t.Errorf("task (-want +got):\n%s", d)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 1, Done: 1})
}

func testFail(t *testing.T, s inkpool.Store) {
	states := []inkpool.State{inkpool.StateFailed, inkpool.StateCancelled, inkpool.StateQuarantined}
	job := add(t, s, "fail", len(states))
	for _, state := range states {
		running := claim(t, s, alice)
		why := inkpool.Errorf(inkpool.CodeTimeout, "took too long").WithHint("Try a smaller page.")
		if err := s.FailTask(t.Context(), alice, running.ID, state, why); err != nil {
			t.Fatalf("FailTask(%s): %v", state, err)
		}
		got := getTask(t, s, running.ID)
		want := running
		want.State, want.Owner, want.Error, want.EndedAt = state, "", why, got.EndedAt
		if state == inkpool.StateQuarantined {
			want.Crashes = 1
		}
		if d := diff(want, got); d != "" || got.EndedAt.IsZero() {
			t.Errorf("%s: ended at %v, task (-want +got):\n%s", state, got.EndedAt, d)
		}
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Failed: 1, Cancelled: 1, Quarantined: 1})
}

func testFailState(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	task := claim(t, s, alice)
	why := inkpool.Errorf(inkpool.CodeInvalid, "bad")
	for _, state := range []inkpool.State{inkpool.StateDone, inkpool.StateQueued, inkpool.StateRunning, "", "other"} {
		wantCode(t, "FailTask to "+string(state), s.FailTask(t.Context(), alice, task.ID, state, why), inkpool.CodeInvalid)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Running: 1})
}

func testFailWithoutReason(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	task := claim(t, s, alice)
	if err := s.FailTask(t.Context(), alice, task.ID, inkpool.StateFailed, nil); err == nil {
		t.Error("got no error, want one")
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Running: 1})
}

// changes are the three methods that end what an owner runs.
var changes = []struct {
	name string
	do   func(t *testing.T, s inkpool.Store, owner string, id inkpool.TaskID) error
}{
	{"FinishTask", func(t *testing.T, s inkpool.Store, owner string, id inkpool.TaskID) error {
		return s.FinishTask(t.Context(), owner, id, page())
	}},
	{"FailTask", func(t *testing.T, s inkpool.Store, owner string, id inkpool.TaskID) error {
		return s.FailTask(t.Context(), owner, id, inkpool.StateFailed, inkpool.Errorf(inkpool.CodeInvalid, "bad"))
	}},
	{"RequeueTask", func(t *testing.T, s inkpool.Store, owner string, id inkpool.TaskID) error {
		return s.RequeueTask(t.Context(), owner, id, inkpool.Requeue{})
	}},
}

func testEndOwner(t *testing.T, s inkpool.Store) {
	add(t, s, "one", 1)
	task := claim(t, s, alice)
	for _, c := range changes {
		wantCode(t, c.name+" by another owner", c.do(t, s, bob, task.ID), inkpool.CodeConflict)
		wantCode(t, c.name+" by no owner", c.do(t, s, "", task.ID), inkpool.CodeConflict)
		if d := diff(task, getTask(t, s, task.ID)); d != "" {
			t.Errorf("%s changed the task (-before +after):\n%s", c.name, d)
		}
	}
}

func testEndState(t *testing.T, s inkpool.Store) {
	add(t, s, "five", 5)
	why := inkpool.Errorf(inkpool.CodeInvalid, "bad")
	for _, state := range []inkpool.State{
		inkpool.StateDone, inkpool.StateFailed, inkpool.StateCancelled, inkpool.StateQuarantined, inkpool.StateQueued,
	} {
		task := claim(t, s, alice)
		var err error
		switch state {
		case inkpool.StateDone:
			err = s.FinishTask(t.Context(), alice, task.ID, page())
		case inkpool.StateQueued:
			err = s.RequeueTask(t.Context(), alice, task.ID, inkpool.Requeue{})
		default:
			err = s.FailTask(t.Context(), alice, task.ID, state, why)
		}
		if err != nil {
			t.Fatalf("to %s: %v", state, err)
		}
		before := getTask(t, s, task.ID)
		for _, c := range changes {
			wantCode(t, c.name+" of a "+string(state)+" task", c.do(t, s, alice, task.ID), inkpool.CodeConflict)
			if d := diff(before, getTask(t, s, task.ID)); d != "" {
				t.Errorf("%s changed a %s task (-before +after):\n%s", c.name, state, d)
			}
		}
	}
}
