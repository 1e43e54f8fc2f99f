package sqlite_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// limitPages lets the database grow by that many pages (4 KiB), which SQLite reports as it
// reports a full disk; a negative number lifts the limit.
func limitPages(t *testing.T, s *sqlite.Store, more int) {
	t.Helper()
	writer, _ := s.Pools()
	limit := 1 << 30
	if more >= 0 {
		if err := writer.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&limit); err != nil {
			t.Fatal(err)
		}
		limit += more
	}
	if _, err := writer.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, limit)); err != nil {
		t.Fatal(err)
	}
}

func TestDiskFull(t *testing.T) {
	long := strings.Repeat("長い文章。", 10_000)
	cases := []struct {
		name string
		do   func(t *testing.T, s *sqlite.Store, running inkpool.Task) error
	}{
		{"AddJob", func(t *testing.T, s *sqlite.Store, _ inkpool.Task) error {
			_, err := s.AddJob(t.Context(), inkpool.NewJob{Title: "big", Tasks: make([]inkpool.Task, 10_000)})
			return err
		}},
		{"FinishTask", func(t *testing.T, s *sqlite.Store, running inkpool.Task) error {
			return s.FinishTask(t.Context(), owner, running.ID, inkpool.Result{Kind: inkpool.KindText, Text: long})
		}},
		{"FailTask", func(t *testing.T, s *sqlite.Store, running inkpool.Task) error {
			return s.FailTask(t.Context(), owner, running.ID, inkpool.StateFailed, inkpool.Errorf(inkpool.CodeInvalid, "%s", long))
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history.db")
			s := mustOpen(t, path)
			job := addJob(t, s, 3)
			running := claimTask(t, s)
			before := dump(t, s, job.ID)

			limitPages(t, s, 3)
			err := c.do(t, s, running)
			if got := inkpool.CodeOf(err); got != inkpool.CodeDiskFull {
				t.Fatalf("got %q (%v), want %q", got, err, inkpool.CodeDiskFull)
			}
			if e := inkpool.AsError(err); e.Hint == "" || strings.Contains(e.Message, "sqlite") {
				t.Errorf("got message %q, hint %q, want words for people", e.Message, e.Hint)
			}
			if d := cmp.Diff(before, dump(t, s, job.ID)); d != "" {
				t.Errorf("something was written by half (-before +after):\n%s", d)
			}
			if jobs, err := s.Jobs(t.Context(), 0, 10); err != nil || len(jobs) != 1 {
				t.Errorf("got %d jobs (%v), want only the first", len(jobs), err)
			}

			limitPages(t, s, -1)
			if err := c.do(t, s, running); err != nil {
				t.Errorf("with space again: %v", err)
			}
			wantIntegrity(t, s)
			closeStore(t, s)
			wantIntegrity(t, open(t, path))
		})
	}
}
