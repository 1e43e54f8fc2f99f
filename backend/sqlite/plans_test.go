package sqlite_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/sqlite"
)

// TestPlans checks that what is done often looks at a few rows, however long the history:
// every step of the plan follows an index, and which.
func TestPlans(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	for _, c := range []struct {
		name, query string
		args        []any
		want        []string // in any order; nothing else
	}{
		{"claim", sqlite.NextTask, nil, []string{
			"SEARCH tasks USING INDEX tasks_ready (job=?)", "SCALAR SUBQUERY", "SCAN jobs USING INDEX jobs_ready",
		}},
		{"claim of a job", sqlite.NextTaskOfJob, []any{0, 0, 1}, []string{
			"SEARCH tasks USING INDEX tasks_ready (job=?)", "SCALAR SUBQUERY", "SEARCH jobs USING INTEGER PRIMARY KEY (rowid=?)",
		}},
		{"claim of a suspect", sqlite.NextSuspect, nil, []string{
			"SCAN t USING INDEX tasks_suspect", "SEARCH j USING INTEGER PRIMARY KEY (rowid=?)", "USE TEMP B-TREE FOR ORDER BY",
		}},
		{"claim of a suspect of a job", sqlite.NextSuspectOfJob, []any{0, 0, 1}, []string{
			"SEARCH t USING INDEX tasks_suspect (job=?)", "SEARCH j USING INTEGER PRIMARY KEY (rowid=?)",
		}},
		{"wake", sqlite.WakeTasks, []any{1}, []string{"SEARCH tasks USING COVERING INDEX tasks_later (not_before_ms>? AND not_before_ms<?)"}},
		{"recovery", `SELECT id FROM tasks WHERE state = 'running' AND owner <> ?`, []any{owner}, []string{
			"SCAN tasks USING COVERING INDEX tasks_running",
		}},
		{"log", sqlite.LogOfTask, []any{1}, []string{"SEARCH task_log USING INDEX task_log_task (task=?)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := explain(t, s, c.query, c.args...)
			for _, step := range plan {
				if !containsPrefix(c.want, step) {
					t.Errorf("got step %q, want only %q", step, c.want)
				}
			}
			if len(plan) != len(c.want) {
				t.Errorf("got plan %q, want %q", plan, c.want)
			}
		})
	}
}

func containsPrefix(prefixes []string, s string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// explain returns the steps of SQLite's plan for a statement.
func explain(t *testing.T, s *sqlite.Store, query string, args ...any) []string {
	t.Helper()
	writer, _ := s.Pools()
	rows, err := writer.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan
}
