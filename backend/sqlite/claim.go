package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// ClaimTask implements inkpool.Store.
func (s *Store) ClaimTask(ctx context.Context, c inkpool.Claim) (task inkpool.Task, ok bool, err error) {
	err = s.write(ctx, "claim task", func(ctx context.Context, tx *sql.Tx) error {
		task, ok, err = claimTask(ctx, tx, c, s.now())
		return err
	})
	if err != nil {
		return inkpool.Task{}, false, err
	}
	return task, ok, nil
}

// The next task that may run: of the first job of which one is ready, or of job ?3. Neither
// looks at a task that may not run, whatever the length of the history.
const (
	nextTask = `SELECT id FROM tasks
		WHERE state = 'queued' AND held = 0 AND not_before_ms = 0 AND crashes = 0 AND job =
			(SELECT id FROM jobs WHERE ready > 0 AND paused = 0 ORDER BY urgent DESC, id LIMIT 1)
		ORDER BY idx LIMIT 1`
	nextTaskOfJob = `SELECT id FROM tasks
		WHERE state = 'queued' AND held = 0 AND not_before_ms = 0 AND crashes = 0 AND job =
			(SELECT id FROM jobs WHERE ready > 0 AND paused = 0 AND id = ?3)
		ORDER BY idx LIMIT 1`
)

// The next task over which the engine has died. There are as many of these as ran at once
// when it did, so looking at all of them is cheap.
const (
	nextSuspect = `SELECT t.id FROM tasks AS t JOIN jobs AS j ON j.id = t.job
		WHERE t.state = 'queued' AND t.held = 0 AND t.not_before_ms = 0 AND t.crashes > 0 AND j.paused = 0
		ORDER BY j.urgent DESC, t.job, t.idx LIMIT 1`
	nextSuspectOfJob = `SELECT t.id FROM tasks AS t JOIN jobs AS j ON j.id = t.job
		WHERE t.state = 'queued' AND t.held = 0 AND t.not_before_ms = 0 AND t.crashes > 0 AND j.paused = 0 AND t.job = ?3
		ORDER BY t.idx LIMIT 1`
)

// next returns the query for the task that c asks for, and what it needs to know.
func next(c inkpool.Claim) (query string, args []any) {
	queries := [...]string{nextTask, nextTaskOfJob}
	if c.Suspect {
		queries = [...]string{nextSuspect, nextSuspectOfJob}
	}
	if c.Job == 0 {
		return queries[0], nil
	}
	return queries[1], []any{c.Job}
}

func claimTask(ctx context.Context, tx *sql.Tx, c inkpool.Claim, now time.Time) (inkpool.Task, bool, error) {
	due := c.Now
	if due.IsZero() {
		due = now
	}
	if err := wake(ctx, tx, due.UnixMilli()); err != nil {
		return inkpool.Task{}, false, err
	}
	query, args := next(c)
	task, err := scanTask(tx.QueryRowContext(ctx, `UPDATE tasks
		SET state = 'running', owner = ?1, attempt = attempt + 1, started_ms = ?2
		WHERE id = (`+query+`) RETURNING `+taskColumns, append([]any{c.Owner, now.UnixMilli()}, args...)...))
	if errors.Is(err, sql.ErrNoRows) {
		return inkpool.Task{}, false, nil
	}
	if err != nil {
		return inkpool.Task{}, false, fmt.Errorf("update task: %w", err)
	}
	if err := before(ctx, tx, &task); err != nil {
		return inkpool.Task{}, false, fmt.Errorf("read what is left of earlier runs: %w", err)
	}
	return task, true, addLog(ctx, tx, inkpool.LogEntry{
		Task: task.ID, At: now, Attempt: task.Attempt, What: string(inkpool.StateRunning), Detail: c.Owner,
	})
}

const wakeTasks = `UPDATE tasks SET not_before_ms = 0 WHERE not_before_ms > 0 AND not_before_ms <= ?`

// wake makes the tasks due that were to wait until dueMs.
func wake(ctx context.Context, tx *sql.Tx, dueMs int64) error {
	if _, err := tx.ExecContext(ctx, wakeTasks, dueMs); err != nil {
		return fmt.Errorf("wake tasks: %w", err)
	}
	return nil
}
