package storetest

import (
	"reflect"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var claimCases = []testCase{
	{"nothing queued, nothing claimed", testClaimNothing},
	{"a claimed task runs under its owner", testClaimOne},
	{"the oldest job goes first, then the index", testClaimOrder},
	{"urgent jobs overtake", testClaimUrgent},
	{"one job only, when it is named", testClaimOfJob},
	{"suspects are apart, in the same order", testClaimSuspects},
	{"an owner without a name claims nothing", testClaimNoOwner},
}

// wantClaims claims once for each name, and checks the order.
func wantClaims(t *testing.T, s inkpool.Store, c inkpool.Claim, want ...string) {
	t.Helper()
	var got []string
	for range want {
		task, ok, err := s.ClaimTask(t.Context(), c)
		if err != nil || !ok {
			t.Errorf("claim %+v: got ok %v, error %v after %q, want %q", c, ok, err, got, want)
			return
		}
		got = append(got, task.Name)
	}
	if d := diff(want, got); d != "" {
		t.Errorf("claims of %+v (-want +got):\n%s", c, d)
	}
}

func wantNothing(t *testing.T, s inkpool.Store, c inkpool.Claim) {
	t.Helper()
	if task, ok, err := s.ClaimTask(t.Context(), c); err != nil || ok {
		t.Errorf("claim %+v: got %q, ok %v, error %v, want nothing", c, task.Name, ok, err)
	}
}

func testClaimNothing(t *testing.T, s inkpool.Store) {
	add(t, s, "empty", 0)
	task, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: alice})
	if err != nil || ok || !reflect.DeepEqual(task, inkpool.Task{}) {
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
	requeue(t, s, claim(t, s, alice).ID, inkpool.Requeue{})
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "a/0.png", "a/1.png", "b/0.png", "b/1.png")
}

func testClaimUrgent(t *testing.T, s inkpool.Store) {
	add(t, s, "folder", 2)
	if task := claim(t, s, alice); task.Urgent {
		t.Error("got an urgent task of a job that is not")
	}
	for _, title := range []string{"first", "second"} {
		addUrgent(t, s, title, 1)
	}
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "first/0.png")
	task := claim(t, s, alice)
	if task.Name != "second/0.png" || !task.Urgent || !getTask(t, s, task.ID).Urgent {
		t.Errorf("got %q, urgent %v, want second/0.png, urgent", task.Name, task.Urgent)
	}
	wantClaims(t, s, inkpool.Claim{Owner: alice}, "folder/1.png")
}

// addUrgent stores an urgent job of n tasks.
func addUrgent(t *testing.T, s inkpool.Store, title string, n int) inkpool.Job {
	t.Helper()
	described := newJob(title, n)
	described.Urgent = true
	job, err := s.AddJob(t.Context(), described)
	if err != nil || !job.Urgent {
		t.Fatalf("AddJob: got urgent %v, %v", job.Urgent, err)
	}
	return job
}

func testClaimOfJob(t *testing.T, s inkpool.Store) {
	add(t, s, "a", 1)
	b := add(t, s, "b", 1)
	wantClaims(t, s, inkpool.Claim{Owner: alice, Job: b.ID}, "b/0.png")
	wantNothing(t, s, inkpool.Claim{Owner: alice, Job: b.ID})
	wantNothing(t, s, inkpool.Claim{Owner: alice, Job: 4711})
}

func testClaimSuspects(t *testing.T, s inkpool.Store) {
	a := add(t, s, "a", 3)
	addUrgent(t, s, "b", 2)
	for range 4 { // both of b, two of a
		claim(t, s, alice)
	}
	recoverTasks(t, s, bob, true)
	wantClaims(t, s, inkpool.Claim{Owner: bob}, "a/2.png")
	wantNothing(t, s, inkpool.Claim{Owner: bob})
	wantClaims(t, s, inkpool.Claim{Owner: bob, Suspect: true, Job: a.ID}, "a/0.png")
	pause(t, s, inkpool.Scope{Job: a.ID}, a.ID)
	wantClaims(t, s, inkpool.Claim{Owner: bob, Suspect: true}, "b/0.png", "b/1.png")
	wantNothing(t, s, inkpool.Claim{Owner: bob, Suspect: true})
	resume(t, s, inkpool.Scope{Job: a.ID}, a.ID)
	wantClaims(t, s, inkpool.Claim{Owner: bob, Suspect: true}, "a/1.png")
}

func testClaimNoOwner(t *testing.T, s inkpool.Store) {
	job := add(t, s, "a", 1)
	if _, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{}); err == nil || ok {
		t.Errorf("got ok %v, error %v, want an error", ok, err)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 1})
}
