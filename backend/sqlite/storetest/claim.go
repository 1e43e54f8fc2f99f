package storetest

import (
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var claimCases = []testCase{
	{"nothing queued, nothing claimed", testClaimNothing},
	{"a claimed task runs under its owner", testClaimOne},
	{"the oldest job goes first, then the index", testClaimOrder},
	{"one job only, when it is named", testClaimOfJob},
	{"an owner without a name claims nothing", testClaimNoOwner},
}

func testClaimNothing(t *testing.T, s inkpool.Store) {
	add(t, s, "empty", 0)
	task, ok, err := s.ClaimTask(t.Context(), alice, 0)
	if err != nil || ok || task != (inkpool.Task{}) {
		t.Errorf("got task %+v, ok %v, error %v, want nothing", task, ok, err)
	}
}

func testClaimOne(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 2)
	task := claim(t, s, alice)
	if task.State != inkpool.StateRunning || task.Owner != alice || task.Attempt != 1 {
		t.Errorf("got %q by %q, attempt %d, want running by %q, attempt 1", task.State, task.Owner, task.Attempt, alice)
	}
	if task.StartedAt.Before(task.CreatedAt) || !task.EndedAt.IsZero() {
		t.Errorf("got started %v ended %v, want started after %v and not ended", task.StartedAt, task.EndedAt, task.CreatedAt)
	}
	if d := diff(task, getTask(t, s, task.ID)); d != "" {
		t.Errorf("Task differs from what ClaimTask returned (-claimed +read):\n%s", d)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 1, Running: 1})
}

func testClaimOrder(t *testing.T, s inkpool.Store) {
	add(t, s, "a", 2)
	add(t, s, "b", 2)
	first := claim(t, s, alice)
	if err := s.ReleaseTask(t.Context(), alice, first.ID); err != nil {
		t.Fatalf("ReleaseTask: %v", err)
	}
	var got []string
	for range 4 {
		got = append(got, claim(t, s, alice).Name)
	}
	if d := diff([]string{"a/0.png", "a/1.png", "b/0.png", "b/1.png"}, got); d != "" {
		t.Errorf("order of claims (-want +got):\n%s", d)
	}
}

func testClaimOfJob(t *testing.T, s inkpool.Store) {
	add(t, s, "a", 1)
	b := add(t, s, "b", 1)
	task, ok, err := s.ClaimTask(t.Context(), alice, b.ID)
	if err != nil || !ok || task.Job != b.ID {
		t.Errorf("got task of job %d, ok %v, error %v, want job %d", task.Job, ok, err, b.ID)
	}
	if _, ok, err := s.ClaimTask(t.Context(), alice, b.ID); err != nil || ok {
		t.Errorf("second claim: got ok %v, error %v, want nothing left", ok, err)
	}
	if _, ok, err := s.ClaimTask(t.Context(), alice, 4711); err != nil || ok {
		t.Errorf("unknown job: got ok %v, error %v, want nothing", ok, err)
	}
}

func testClaimNoOwner(t *testing.T, s inkpool.Store) {
	job := add(t, s, "a", 1)
	if _, ok, err := s.ClaimTask(t.Context(), "", 0); err == nil || ok {
		t.Errorf("got ok %v, error %v, want an error", ok, err)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 1})
}
