package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// TestLogDetails reads what the lines of a task's log say beside what happened.
func TestLogDetails(t *testing.T) {
	at := time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC)
	s := open(t, filepath.Join(t.TempDir(), "history.db"), sqlite.WithClock(func() time.Time { return at }))
	addJob(t, s, 1)
	gone := inkpool.Errorf(inkpool.CodeUnavailable, "the disk is gone")
	for _, r := range []inkpool.Requeue{
		{},
		{Why: gone},
		{Why: gone, NotBefore: at.Add(5 * time.Second)},
	} {
		if err := s.RequeueTask(t.Context(), owner, claimTask(t, s).ID, r); err != nil {
			t.Fatal(err)
		}
	}
	if task, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: owner}); ok || err != nil {
		t.Errorf("before its time: got task %d, %v, want none", task.ID, err)
	}
	at = at.Add(5 * time.Second)
	task := claimTask(t, s)
	err := s.FinishTask(t.Context(), owner, task.ID, inkpool.Result{Kind: inkpool.KindImage, Timing: inkpool.Timing{
		Total: time.Second, Wait: 3140 * time.Microsecond,
		Decode: 55_123 * time.Microsecond, Detect: 210 * time.Millisecond, Lines: 683 * time.Millisecond,
	}})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := s.Log(t.Context(), task.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.What+": "+e.Detail)
	}
	want := []string{
		"queued: ",
		"running: " + owner, "requeued: given back",
		"running: " + owner, "requeued: unavailable: the disk is gone",
		"running: " + owner, "requeued: unavailable: the disk is gone; again in 5s",
		"running: " + owner, "done: decode 55ms, detect 210ms, lines 683ms, waited 3.14ms",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("log (-want +got):\n%s", d)
	}
}
