package sqlite_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// TestCountsAreKept does 400 things at random and counts after each.
func TestCountsAreKept(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		do := r.IntN(len(changes) + 6)
		if err := randomChange(t, s, r, do); err != nil {
			t.Fatalf("change %d (%d): %v", i, do, err)
		}
		if wantCountsKept(t, s); t.Failed() {
			t.Fatalf("after change %d (%d)", i, do)
		}
	}
}

// changes are what may happen to a history, but for the end of a task.
var changes = []func(ctx context.Context, s *sqlite.Store, r *rand.Rand) error{
	func(ctx context.Context, s *sqlite.Store, r *rand.Rand) error {
		tasks := make([]inkpool.Task, r.IntN(6))
		for i := range tasks {
			if r.IntN(3) == 0 {
				tasks[i].Error = inkpool.Errorf(inkpool.CodeInvalid, "bad")
			}
		}
		_, err := s.AddJob(ctx, inkpool.NewJob{Tasks: tasks, Urgent: r.IntN(2) == 0})
		return err
	},
	func(ctx context.Context, s *sqlite.Store, r *rand.Rand) error {
		_, err := s.RecoverTasks(ctx, "somebody else", r.IntN(2) == 0)
		return err
	},
	func(ctx context.Context, s *sqlite.Store, r *rand.Rand) error {
		_, err := s.Pause(ctx, randomScope(r))
		return err
	},
	func(ctx context.Context, s *sqlite.Store, r *rand.Rand) error {
		_, err := s.Resume(ctx, randomScope(r))
		return err
	},
	func(ctx context.Context, s *sqlite.Store, r *rand.Rand) error {
		_, err := s.Cancel(ctx, randomScope(r))
		return err
	},
	func(ctx context.Context, s *sqlite.Store, r *rand.Rand) error {
		_, err := s.Retry(ctx, randomScope(r), inkpool.StateFailed, inkpool.StateCancelled, inkpool.StateQuarantined)
		return err
	},
	func(ctx context.Context, s *sqlite.Store, r *rand.Rand) error {
		_, err := s.Remove(ctx, randomScope(r))
		return err
	},
}

func randomScope(r *rand.Rand) inkpool.Scope {
	switch r.IntN(8) {
	case 0:
		return inkpool.Scope{}
	case 1, 2:
		return inkpool.Scope{Job: inkpool.JobID(1 + r.IntN(40))}
	default:
		return inkpool.Scope{Task: inkpool.TaskID(1 + r.IntN(100))}
	}
}

// randomChange does one thing of all that can be done; what the state of things does not
// allow is done to nobody.
func randomChange(t *testing.T, s *sqlite.Store, r *rand.Rand, do int) error {
	ctx := t.Context()
	if do < len(changes) {
		err := changes[do](ctx, s, r)
		if code := inkpool.CodeOf(err); code == inkpool.CodeNotFound || code == inkpool.CodeConflict {
			return nil
		}
		return err
	}
	task, ok, err := s.ClaimTask(ctx, inkpool.Claim{Owner: owner, Suspect: r.IntN(3) == 0})
	if err != nil || !ok {
		return err
	}
	switch do -= len(changes); do {
	case 0:
		return s.FinishTask(ctx, owner, task.ID, inkpool.Result{Kind: inkpool.KindText})
	case 1, 2, 3:
		state := []inkpool.State{inkpool.StateFailed, inkpool.StateCancelled, inkpool.StateQuarantined}[do-1]
		return s.FailTask(ctx, owner, task.ID, state, inkpool.Errorf(inkpool.CodeInvalid, "bad"))
	case 4:
		notBefore := time.Now().Add(time.Duration(r.IntN(3)-1) * time.Hour)
		return s.RequeueTask(ctx, owner, task.ID, inkpool.Requeue{Crashed: r.IntN(2) == 0, NotBefore: notBefore})
	default:
		return nil // it runs on
	}
}

// TestCountsBesideTheStore changes tasks with statements that no method makes: a later
// version may.
func TestCountsBesideTheStore(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	addJob(t, s, 5)
	writer, _ := s.Pools()
	change := func(statement string, args ...any) {
		t.Helper()
		if _, err := writer.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		wantIntegrity(t, s)
	}
	for _, from := range inkpool.States() {
		for _, to := range inkpool.States() {
			change(toState, from)
			change(toState, to)
		}
		change(`DELETE FROM tasks WHERE id = (SELECT max(id) FROM tasks)`)
		addJob(t, s, 2)
	}
	change(`DELETE FROM jobs`)
	if _, err := s.Log(t.Context(), 1); inkpool.CodeOf(err) != inkpool.CodeNotFound {
		t.Errorf("log of a task whose job is gone: got %v, want %q", err, inkpool.CodeNotFound)
	}
}

// toState moves every task to a state, with what the table demands of it.
const toState = `UPDATE tasks SET state = ?1,
	owner         = iif(?1 = 'running', 'somebody', ''),
	ended_ms      = iif(?1 IN ('queued', 'running'), NULL, 1),
	error_code    = iif(?1 IN ('queued', 'running', 'done'), NULL, 'invalid'),
	error_message = iif(?1 IN ('queued', 'running', 'done'), NULL, 'bad'),
	error_hint    = iif(?1 IN ('queued', 'running', 'done'), NULL, '')`
