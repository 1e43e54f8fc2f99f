package storetest

import (
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// scopeChanges are the methods that change all tasks of a scope.
var scopeChanges = []struct {
	name string
	do   func(t *testing.T, s inkpool.Store, scope inkpool.Scope) ([]inkpool.JobID, error)
}{
	{"Pause", func(t *testing.T, s inkpool.Store, scope inkpool.Scope) ([]inkpool.JobID, error) {
		return s.Pause(t.Context(), scope)
	}},
	{"Resume", func(t *testing.T, s inkpool.Store, scope inkpool.Scope) ([]inkpool.JobID, error) {
		return s.Resume(t.Context(), scope)
	}},
	{"Cancel", func(t *testing.T, s inkpool.Store, scope inkpool.Scope) ([]inkpool.JobID, error) {
		return s.Cancel(t.Context(), scope)
	}},
	{"Retry", func(t *testing.T, s inkpool.Store, scope inkpool.Scope) ([]inkpool.JobID, error) {
		return s.Retry(t.Context(), scope, inkpool.StateFailed)
	}},
	{"Remove", func(t *testing.T, s inkpool.Store, scope inkpool.Scope) ([]inkpool.JobID, error) {
		return s.Remove(t.Context(), scope)
	}},
}

var everything = inkpool.Scope{}

func pause(t *testing.T, s inkpool.Store, scope inkpool.Scope, want ...inkpool.JobID) {
	t.Helper()
	touched, err := s.Pause(t.Context(), scope)
	wantTouched(t, "Pause", touched, err, want)
}

func resume(t *testing.T, s inkpool.Store, scope inkpool.Scope, want ...inkpool.JobID) {
	t.Helper()
	touched, err := s.Resume(t.Context(), scope)
	wantTouched(t, "Resume", touched, err, want)
}

func cancel(t *testing.T, s inkpool.Store, scope inkpool.Scope, want ...inkpool.JobID) {
	t.Helper()
	touched, err := s.Cancel(t.Context(), scope)
	wantTouched(t, "Cancel", touched, err, want)
}

func remove(t *testing.T, s inkpool.Store, scope inkpool.Scope, want ...inkpool.JobID) {
	t.Helper()
	touched, err := s.Remove(t.Context(), scope)
	wantTouched(t, "Remove", touched, err, want)
}

// retry tries everything again that has not come to a result.
func retry(t *testing.T, s inkpool.Store, scope inkpool.Scope, want ...inkpool.JobID) {
	t.Helper()
	touched, err := s.Retry(t.Context(), scope, inkpool.StateFailed, inkpool.StateCancelled, inkpool.StateQuarantined)
	wantTouched(t, "Retry", touched, err, want)
}

func wantTouched(t *testing.T, what string, got []inkpool.JobID, err error, want []inkpool.JobID) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if d := diff(want, got); d != "" {
		t.Errorf("%s: jobs that were touched (-want +got):\n%s", what, d)
	}
}

// namesOf returns the names of a job's tasks by index, and checks that these are 0, 1, 2, …
func namesOf(t *testing.T, s inkpool.Store, job inkpool.JobID) []string {
	t.Helper()
	var names []string
	for i, task := range tasksOf(t, s, job) {
		if task.Index != i {
			t.Errorf("task %q: got index %d, want %d", task.Name, task.Index, i)
		}
		names = append(names, task.Name)
	}
	return names
}

// wantTail checks the last lines of a task's log.
func wantTail(t *testing.T, s inkpool.Store, id inkpool.TaskID, want ...string) {
	t.Helper()
	got := changesOf(t, s, id)
	if d := diff(want, got[max(0, len(got)-len(want)):]); d != "" {
		t.Errorf("end of the log of task %d (-want +got):\n%s", id, d)
	}
}
