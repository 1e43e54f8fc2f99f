package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Remove implements inkpool.Store. Results and logs go with their tasks.
func (s *Store) Remove(ctx context.Context, scope inkpool.Scope) ([]inkpool.JobID, error) {
	return s.inScope(ctx, "remove", scope, func(ctx context.Context, tx *sql.Tx) ([]inkpool.JobID, error) {
		if err := mustNotRun(ctx, tx, scope); err != nil {
			return nil, err
		}
		if scope.Task != 0 {
			return removeTask(ctx, tx, scope.Task)
		}
		jobs := jobsOf(scope)
		return jobIDs(ctx, tx, `DELETE FROM jobs WHERE `+jobs.where+` RETURNING id`, jobs.args...)
	})
}

func mustNotRun(ctx context.Context, tx *sql.Tx, scope inkpool.Scope) error {
	tasks := tasksOf(scope, `running > 0`).and(`state = 'running'`)
	var running int
	row := tx.QueryRowContext(ctx, `SELECT count(*) FROM tasks WHERE `+tasks.where, tasks.args...)
	if err := row.Scan(&running); err != nil {
		return fmt.Errorf("count running tasks: %w", err)
	}
	if running > 0 {
		return inkpool.Errorf(inkpool.CodeConflict, "what is being read now cannot be removed").
			WithHint("Cancel it first, or wait until it is finished.")
	}
	return nil
}

// removeTask deletes a task, closes the gap that it leaves in the numbers of its job, and
// deletes the job when it was the last.
func removeTask(ctx context.Context, tx *sql.Tx, id inkpool.TaskID) ([]inkpool.JobID, error) {
	var job inkpool.JobID
	var idx int
	row := tx.QueryRowContext(ctx, `DELETE FROM tasks WHERE id = ? RETURNING job, idx`, id)
	if err := row.Scan(&job, &idx); err != nil {
		return nil, fmt.Errorf("delete task: %w", err)
	}
	// In two steps, by way of negative numbers: a number must be free at the moment when a
	// task takes it, and SQLite promises no order in which it changes them.
	for _, step := range []string{
		`UPDATE tasks SET idx = -idx WHERE job = ? AND idx > ?`,
		`UPDATE tasks SET idx = -idx - 1 WHERE job = ? AND idx < 0 AND -idx > ?`,
	} {
		if _, err := tx.ExecContext(ctx, step, job, idx); err != nil {
			return nil, fmt.Errorf("renumber tasks: %w", err)
		}
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM jobs WHERE id = ? AND NOT EXISTS (SELECT 1 FROM tasks WHERE job = jobs.id)`, job)
	if err != nil {
		return nil, fmt.Errorf("delete job: %w", err)
	}
	return []inkpool.JobID{job}, nil
}
