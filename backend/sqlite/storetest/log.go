package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var logCases = []testCase{
	{"every change leaves a line", testLogLife},
	{"a task that failed at once says why", testLogFailed},
	{"recovery and cancelling leave a line", testLogOthers},
	{"a change that was refused leaves none", testLogRefused},
}

// changesOf shows a log without times: "attempt what".
func changesOf(t *testing.T, s inkpool.Store, id inkpool.TaskID) []string {
	t.Helper()
	var shown []string
	var last time.Time
	for _, e := range logOf(t, s, id) {
		if e.Task != id {
			t.Errorf("got a line of task %d in the log of task %d", e.Task, id)
		}
		if e.At.Before(last) || e.At.IsZero() {
			t.Errorf("got line %q at %v after %v, want oldest first", e.What, e.At, last)
		}
		last = e.At
		shown = append(shown, string('0'+rune(e.Attempt))+" "+e.What)
	}
	return shown
}

func logOf(t *testing.T, s inkpool.Store, id inkpool.TaskID) []inkpool.LogEntry {
	t.Helper()
	entries, err := s.Log(t.Context(), id)
	if err != nil {
		t.Fatalf("Log(%d): %v", id, err)
	}
	return entries
}

func testLogLife(t *testing.T, s inkpool.Store) {
	add(t, s, "one", 2)
	task := claim(t, s, alice)
	requeue(t, s, task.ID, inkpool.Requeue{})
	claim(t, s, alice)
	if err := s.FinishTask(t.Context(), alice, task.ID, page()); err != nil {
		t.Fatalf("FinishTask: %v", err)
	}
	want := []string{"0 queued", "1 running", "1 requeued", "2 running", "2 done"}
	if d := diff(want, changesOf(t, s, task.ID)); d != "" {
		t.Errorf("log (-want +got):\n%s", d)
	}
	done := logOf(t, s, task.ID)[4]
	if done.Took != page().Timing.Total {
		t.Errorf("done: got took %v, want %v", done.Took, page().Timing.Total)
	}
	for _, e := range logOf(t, s, task.ID) {
		if strings.Contains(e.Detail, "墨池") {
			t.Errorf("line %q holds text that was read: %q", e.What, e.Detail)
		}
	}
}

func testLogFailed(t *testing.T, s inkpool.Store) {
	bad := newJob("bad", 1)
	bad.Tasks[0].Error = inkpool.Errorf(inkpool.CodeTooLarge, "too many pixels")
	job, err := s.AddJob(t.Context(), bad)
	if err != nil {
		t.Fatalf("AddJob: %v", err)
	}
	task := tasksOf(t, s, job.ID)[0]
	if d := diff([]string{"0 failed"}, changesOf(t, s, task.ID)); d != "" {
		t.Errorf("log (-want +got):\n%s", d)
	}
	if got, want := logOf(t, s, task.ID)[0].Detail, "too_large: too many pixels"; got != want {
		t.Errorf("detail: got %q, want %q", got, want)
	}
}

func testLogOthers(t *testing.T, s inkpool.Store) {
	job := add(t, s, "four", 4)
	recovered, quarantined := claim(t, s, alice), claim(t, s, bob)
	recoverTasks(t, s, bob, false)
	why := inkpool.Errorf(inkpool.CodeEngineCrashed, "crashed twice")
	if err := s.FailTask(t.Context(), bob, quarantined.ID, inkpool.StateQuarantined, why); err != nil {
		t.Fatalf("FailTask: %v", err)
	}
	cancel(t, s, inkpool.Scope{Job: job.ID}, job.ID)
	logs := map[inkpool.TaskID][]string{
		recovered.ID:       {"0 queued", "1 running", "1 requeued", "1 cancelled"},
		quarantined.ID:     {"0 queued", "1 running", "1 quarantined"},
		quarantined.ID + 1: {"0 queued", "0 cancelled"},
	}
	for id, want := range logs {
		if d := diff(want, changesOf(t, s, id)); d != "" {
			t.Errorf("log of task %d (-want +got):\n%s", id, d)
		}
	}
	if got, want := logOf(t, s, quarantined.ID)[2].Detail, "engine_crashed: crashed twice"; got != want {
		t.Errorf("detail: got %q, want %q", got, want)
	}
}

func testLogRefused(t *testing.T, s inkpool.Store) {
	add(t, s, "one", 1)
	task := claim(t, s, alice)
	for _, c := range changes {
		wantCode(t, c.name, c.do(t, s, bob, task.ID), inkpool.CodeConflict)
	}
	if d := diff([]string{"0 queued", "1 running"}, changesOf(t, s, task.ID)); d != "" {
		t.Errorf("log (-want +got):\n%s", d)
	}
}
