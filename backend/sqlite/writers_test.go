package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// together makes changes that share one transaction: the first to come is kept waiting, by
// a change of its own, until all others stand in line. It returns what each was told.
func together(t *testing.T, s *sqlite.Store, changes ...sqlite.Change) []error {
	t.Helper()
	inside, all := make(chan struct{}), make(chan struct{})
	errs := make([]error, len(changes))
	var wg sync.WaitGroup
	wg.Go(func() {
		err := s.Write(t.Context(), func(context.Context, sqlite.Tx) error {
			close(inside)
			<-all
			return nil
		})
		if err != nil {
			t.Errorf("first change: %v", err)
		}
	})
	<-inside
	for i, c := range changes {
		wg.Go(func() { errs[i] = s.Write(t.Context(), c) })
		s.AwaitWaiting(i + 1)
	}
	close(all)
	wg.Wait()
	return errs
}

// addTitle stores a job, and then returns verdict.
func addTitle(title string, verdict error) sqlite.Change {
	return func(ctx context.Context, tx sqlite.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO jobs (title, created_ms) VALUES (CAST(? AS BLOB), 1)`, title); err != nil {
			return err
		}
		return verdict
	}
}

func wantTitles(t *testing.T, s *sqlite.Store, want ...string) {
	t.Helper()
	jobs, err := s.Jobs(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := len(jobs) - 1; i >= 0; i-- {
		got = append(got, jobs[i].Title)
	}
	if !cmp.Equal(got, want) {
		t.Errorf("stored jobs: got %q, want %q", got, want)
	}
}

func TestRefusedChangeUndoesOnlyItself(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	errs := together(t, s,
		addTitle("a", nil),
		addTitle("b", inkpool.Errorf(inkpool.CodeConflict, "no")),
		func(context.Context, sqlite.Tx) error { panic("a mistake of ours") },
		addTitle("c", nil),
	)
	for i, want := range []inkpool.Code{"", inkpool.CodeConflict, inkpool.CodeInternal, ""} {
		if got := inkpool.CodeOf(errs[i]); got != want {
			t.Errorf("change %d: got %q (%v), want %q", i, got, errs[i], want)
		}
	}
	wantTitles(t, s, "a", "c")
	wantIntegrity(t, s)
}

// TestLostTransactionFailsAll ends the transaction under its changes, as SQLite does when
// the disk is full.
func TestLostTransactionFailsAll(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	lost := errors.New("lost")
	errs := together(t, s,
		addTitle("a", nil),
		addTitle("b", inkpool.Errorf(inkpool.CodeConflict, "no")),
		func(ctx context.Context, tx sqlite.Tx) error {
			_, err := tx.ExecContext(ctx, `ROLLBACK`)
			return errors.Join(lost, err)
		},
		addTitle("c", nil),
	)
	for i, want := range []bool{true, false, true, true} {
		if errors.Is(errs[i], lost) != want || errs[i] == nil {
			t.Errorf("change %d: got %v, want the loss: %v", i, errs[i], want)
		}
	}
	wantTitles(t, s)
	if err := s.Write(t.Context(), addTitle("d", nil)); err != nil {
		t.Errorf("the next change: %v", err)
	}
	wantTitles(t, s, "d")
}

// TestFailedCommitFailsAll makes COMMIT itself fail, by a foreign key that is checked then.
func TestFailedCommitFailsAll(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	errs := together(t, s, addTitle("a", nil), func(ctx context.Context, tx sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `PRAGMA defer_foreign_keys = ON`)
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO task_log (task, at_ms, attempt, what) VALUES (4711, 1, 1, 'x')`)
		}
		return err
	})
	for i, err := range errs {
		if err == nil {
			t.Errorf("change %d: got no error, want that of the commit", i)
		}
	}
	wantTitles(t, s)
	if err := s.Write(t.Context(), addTitle("b", nil)); err != nil {
		t.Errorf("the next change: %v", err)
	}
}

func TestContextThatEndsInLine(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	ctx, cancel := context.WithCancel(t.Context())
	var left, stayed error
	err := s.Write(t.Context(), func(context.Context, sqlite.Tx) error {
		var wg sync.WaitGroup
		wg.Go(func() { left = s.Write(ctx, addTitle("left", nil)) })
		s.AwaitWaiting(1)
		cancel()
		wg.Wait() // it does not wait for its turn
		return nil
	})
	if err != nil {
		t.Errorf("first change: %v", err)
	}
	if got := inkpool.CodeOf(left); got != inkpool.CodeCancelled {
		t.Errorf("left the line: got %q (%v), want %q", got, left, inkpool.CodeCancelled)
	}
	wantTitles(t, s)

	// One that has begun is finished.
	ctx, cancel = context.WithCancel(t.Context())
	stayed = s.Write(ctx, func(ctx context.Context, tx sqlite.Tx) error {
		cancel()
		return addTitle("stayed", nil)(ctx, tx)
	})
	if stayed != nil {
		t.Errorf("ended within its change: got %v, want it stored", stayed)
	}
	wantTitles(t, s, "stayed")
}

// TestSharedCommits counts the commits of changes that wait together.
func TestSharedCommits(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	var seen sync.Map // transactions
	change := func(_ context.Context, tx sqlite.Tx) error {
		seen.Store(tx, true)
		return nil
	}
	changes := make([]sqlite.Change, 20)
	for i := range changes {
		changes[i] = change
	}
	for i, err := range together(t, s, changes...) {
		if err != nil {
			t.Errorf("change %d: %v", i, err)
		}
	}
	transactions := 0
	seen.Range(func(any, any) bool { transactions++; return true })
	if transactions != 1 {
		t.Errorf("got %d transactions for 20 changes, want 1", transactions)
	}
}
