package sqlite_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage []string // statements that leave a history whose parts contradict each other
		cause  string
	}{
		{"sound", nil, ""},
		{"a row that points to nothing", []string{
			`PRAGMA foreign_keys = OFF`,
			`INSERT INTO task_log (task, at_ms, attempt, what) VALUES (4711, 1, 1, 'x')`,
		}, "row 7 of task_log points to nothing in tasks"},
		{"an index that lacks rows", []string{
			`PRAGMA writable_schema = ON`,
			`UPDATE sqlite_schema SET sql = replace(sql, 'crashes > 0', 'crashes >= 0') WHERE name = 'tasks_suspect'`,
		}, "missing from index tasks_suspect"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history.db")
			s := mustOpen(t, path)
			addJob(t, s, 6)
			closeStore(t, s)
			if len(c.damage) > 0 {
				execute(t, path, strings.Join(c.damage, ";"))
			}
			s = open(t, path)
			err := s.Check(t.Context())
			if len(c.damage) == 0 {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			e := inkpool.AsError(err)
			if e == nil || e.Code != inkpool.CodeInvalid || !strings.Contains(e.Message, path) || e.Hint == "" {
				t.Fatalf("got %+v, want %q with the path and a hint", e, inkpool.CodeInvalid)
			}
			if !strings.Contains(err.Error(), c.cause) {
				t.Errorf("got cause %q, want it to tell of %q", err, c.cause)
			}
		})
	}
}
