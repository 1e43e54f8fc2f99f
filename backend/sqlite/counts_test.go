package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// TestCountsAreKept does 400 things at random and counts after each.
func TestCountsAreKept(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		do := r.IntN(8)
		if err := randomChange(t, s, r, do); err != nil {
			t.Fatalf("change %d (%d): %v", i, do, err)
		}
		if wantCountsKept(t, s); t.Failed() {
			t.Fatalf("after change %d (%d)", i, do)
		}
	}
}

func randomChange(t *testing.T, s *sqlite.Store, r *rand.Rand, do int) error {
	ctx := t.Context()
	if do == 0 {
		tasks := make([]inkpool.Task, r.IntN(6))
		for i := range tasks {
			if r.IntN(3) == 0 {
				tasks[i].Error = inkpool.Errorf(inkpool.CodeInvalid, "bad")
			}
		}
		_, err := s.AddJob(ctx, inkpool.NewJob{Tasks: tasks})
		return err
	}
	if do == 1 {
		_, err := s.RecoverTasks(ctx, "somebody else")
		return err
	}
	task, ok, err := s.ClaimTask(ctx, owner, 0)
	if err != nil || !ok {
		return err
	}
	switch do {
	case 2:
		return s.FinishTask(ctx, owner, task.ID, inkpool.Result{Kind: inkpool.KindText})
	case 3, 4, 5:
		state := []inkpool.State{inkpool.StateFailed, inkpool.StateCancelled, inkpool.StateQuarantined}[do-3]
		return s.FailTask(ctx, owner, task.ID, state, inkpool.Errorf(inkpool.CodeInvalid, "bad"))
	case 6:
		return s.ReleaseTask(ctx, owner, task.ID)
	default:
		_, err := s.CancelJob(ctx, task.Job)
		return err
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

// TestPlans checks that what is done often looks at a few rows, however long the history.
func TestPlans(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	_, db := s.Pools()
	for _, c := range []struct {
		name, query string
		args        int
		want        string
	}{
		{"claim", sqlite.NextTask, 0, "tasks_queued"},
		{"claim of a job", sqlite.NextTaskOfJob, 1, "tasks_queued_of_job"},
		{"recovery", `SELECT id FROM tasks WHERE state = 'running' AND owner <> ?`, 1, "tasks_running"},
		{"log", sqlite.LogOfTask, 1, "task_log_task"},
	} {
		rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+c.query, make([]any, c.args)...)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		defer rows.Close()
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, detail)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(plan, "; ")
		if !strings.Contains(got, fmt.Sprintf("INDEX %s", c.want)) || strings.Contains(got, "TEMP B-TREE") {
			t.Errorf("%s: got plan %q, want it to follow %s", c.name, got, c.want)
		}
	}
}
