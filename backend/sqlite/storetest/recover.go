package storetest

import (
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var recoverCases = []testCase{
	{"what others left running waits again", testRecover},
	{"what may have killed its process is a suspect", testRecoverBlame},
	{"what kills its process is set aside", testQuarantine},
	{"no blame, no crash", testRecoverNoBlame},
	{"what was held while it ran waits for a person", testRecoverHeld},
	{"nothing to recover", testRecoverNothing},
}

func recoverTasks(t *testing.T, s inkpool.Store, owner string, blame bool) inkpool.Recovered {
	t.Helper()
	r, err := s.RecoverTasks(t.Context(), owner, blame)
	if err != nil {
		t.Fatalf("RecoverTasks: %v", err)
	}
	return r
}

func testRecover(t *testing.T, s inkpool.Store) {
	job := add(t, s, "five", 5)
	dead, alive := claim(t, s, alice), claim(t, s, bob)
	done := claim(t, s, alice)
	finish(t, s, done.ID)
	claim(t, s, "instance-c")

	if got, want := recoverTasks(t, s, bob, false), (inkpool.Recovered{Queued: 2}); got != want {
		t.Fatalf("RecoverTasks: got %+v, want %+v", got, want)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 3, Running: 1, Done: 1})
	if got := getTask(t, s, dead.ID); got.State != inkpool.StateQueued || got.Owner != "" || got.Attempt != 1 || !got.StartedAt.IsZero() {
		t.Errorf("recovered task: got %+v, want it queued, its attempt counted", got)
	}
	if d := diff(alive, getTask(t, s, alive.ID)); d != "" {
		t.Errorf("the owner's own task changed (-before +after):\n%s", d)
	}
	wantClaims(t, s, inkpool.Claim{Owner: bob}, "five/0.png", "five/3.png", "five/4.png")
}

func testRecoverBlame(t *testing.T, s inkpool.Store) {
	add(t, s, "two", 2)
	dead := claim(t, s, alice)
	if got, want := recoverTasks(t, s, bob, true), (inkpool.Recovered{Queued: 1}); got != want {
		t.Errorf("RecoverTasks: got %+v, want %+v", got, want)
	}
	if got := getTask(t, s, dead.ID); got.Crashes != 1 {
		t.Errorf("got %d crashes, want 1", got.Crashes)
	}
	wantClaims(t, s, inkpool.Claim{Owner: bob}, "two/1.png")
	wantClaims(t, s, inkpool.Claim{Owner: bob, Suspect: true}, "two/0.png")
}

// A page that kills every process that reads it must not do so for ever.
func testQuarantine(t *testing.T, s inkpool.Store) {
	job := add(t, s, "poison", 1)
	for crash := 1; crash <= inkpool.MaxCrashes; crash++ {
		task, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: alice, Suspect: crash > 1})
		if err != nil || !ok {
			t.Fatalf("claim %d: got ok %v, error %v", crash, ok, err)
		}
		wantRecovered, state := inkpool.Recovered{Queued: 1}, inkpool.StateQueued
		if crash == inkpool.MaxCrashes {
			wantRecovered, state = inkpool.Recovered{Quarantined: 1}, inkpool.StateQuarantined
		}
		if got := recoverTasks(t, s, bob, true); got != wantRecovered {
			t.Errorf("crash %d: got %+v, want %+v", crash, got, wantRecovered)
		}
		got := getTask(t, s, task.ID)
		if got.State != state || got.Crashes != crash {
			t.Fatalf("crash %d: got %s after %d crashes, want %s", crash, got.State, got.Crashes, state)
		}
		if crashed := got.Error != nil && got.Error.Code == inkpool.CodeEngineCrashed; crashed != (state == inkpool.StateQuarantined) {
			t.Errorf("state %s: got error %v", state, got.Error)
		}
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Quarantined: 1})
	wantNothing(t, s, inkpool.Claim{Owner: alice, Suspect: true})
}

func testRecoverNoBlame(t *testing.T, s inkpool.Store) {
	add(t, s, "innocent", 1)
	for range inkpool.MaxCrashes + 1 {
		claim(t, s, alice)
		recoverTasks(t, s, bob, false)
	}
	if got := claim(t, s, bob); got.Crashes != 0 || got.Attempt != inkpool.MaxCrashes+2 {
		t.Errorf("got %d crashes, attempt %d, want none and %d", got.Crashes, got.Attempt, inkpool.MaxCrashes+2)
	}
}

func testRecoverHeld(t *testing.T, s inkpool.Store) {
	add(t, s, "one", 1)
	task := claim(t, s, alice)
	pause(t, s, inkpool.Scope{Task: task.ID}, task.Job)
	recoverTasks(t, s, bob, false)
	if !getTask(t, s, task.ID).Held {
		t.Error("got a task that is not held any more, want it held")
	}
	wantNothing(t, s, inkpool.Claim{Owner: bob})
}

func testRecoverNothing(t *testing.T, s inkpool.Store) {
	for _, blame := range []bool{false, true} {
		if got := recoverTasks(t, s, alice, blame); got != (inkpool.Recovered{}) {
			t.Errorf("nothing running: got %+v, want nothing", got)
		}
		add(t, s, "one", 1)
		task := claim(t, s, alice)
		if got := recoverTasks(t, s, alice, blame); got != (inkpool.Recovered{}) {
			t.Errorf("own task: got %+v, want nothing", got)
		}
		finish(t, s, task.ID)
	}
}
