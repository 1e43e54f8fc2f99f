package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Changes of all tasks of a scope: a few statements each, however many tasks there are.

// inScope runs change in a transaction, once it is known that what s names is there, and
// returns the jobs that change touched, oldest first and each once.
func (s *Store) inScope(ctx context.Context, op string, scope inkpool.Scope,
	change func(ctx context.Context, tx *sql.Tx) ([]inkpool.JobID, error),
) (touched []inkpool.JobID, err error) {
	err = s.write(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		if err := mustBeThere(ctx, tx, scope); err != nil {
			return err
		}
		touched, err = change(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(touched)
	return slices.Compact(touched), nil
}

func mustBeThere(ctx context.Context, tx *sql.Tx, scope inkpool.Scope) (err error) {
	switch {
	case scope.Task != 0:
		_, err = taskByID(ctx, tx, scope.Task)
	case scope.Job != 0:
		_, err = jobByID(ctx, tx, scope.Job)
	}
	return err
}

// tasksOf chooses the tasks of a scope. Of all there are it leaves out those of jobs for
// which counted, a condition on counts, is false: a long history is not read through for
// what is known to be elsewhere.
func tasksOf(scope inkpool.Scope, counted string) chosen {
	switch {
	case scope.Task != 0:
		return chosen{`id = ?`, []any{scope.Task}}
	case scope.Job != 0:
		return chosen{`job = ?`, []any{scope.Job}}
	}
	return chosen{`job IN (SELECT id FROM jobs WHERE ` + counted + `)`, nil}
}

// jobsOf chooses the jobs of a scope that names no task.
func jobsOf(scope inkpool.Scope) chosen {
	if scope.Job != 0 {
		return chosen{`id = ?`, []any{scope.Job}}
	}
	return chosen{`true`, nil}
}

// Pause implements inkpool.Store. A task that is running runs on; it waits if it comes back.
func (s *Store) Pause(ctx context.Context, scope inkpool.Scope) ([]inkpool.JobID, error) {
	line := edit{set: `held = 1`, what: "paused", at: s.now()}
	return s.inScope(ctx, "pause", scope, func(ctx context.Context, tx *sql.Tx) ([]inkpool.JobID, error) {
		if scope.Task != 0 {
			return line.applyTo(ctx, tx, tasksOf(scope, "").and(`state IN ('queued', 'running') AND held = 0`))
		}
		waiting := tasksOf(scope, `queued > 0`).and(
			`state = 'queued' AND held = 0 AND (SELECT paused FROM jobs WHERE id = job) = 0`)
		if err := line.log(ctx, tx, waiting); err != nil {
			return nil, err
		}
		open := jobsOf(scope).and(`paused = 0 AND queued + running > 0`)
		return jobIDs(ctx, tx, `UPDATE jobs SET paused = 1 WHERE `+open.where+` RETURNING id`, open.args...)
	})
}

// Resume implements inkpool.Store.
func (s *Store) Resume(ctx context.Context, scope inkpool.Scope) ([]inkpool.JobID, error) {
	line := edit{set: `held = 0`, what: "resumed", at: s.now()}
	return s.inScope(ctx, "resume", scope, func(ctx context.Context, tx *sql.Tx) ([]inkpool.JobID, error) {
		tasks := tasksOf(scope, `queued + running > 0`)
		held := tasks.and(`held = 1`)
		if scope.Task != 0 {
			return line.applyTo(ctx, tx, held)
		}
		waiting := tasks.and(`state = 'queued' AND held = 0 AND (SELECT paused FROM jobs WHERE id = job) = 1`)
		if err := line.log(ctx, tx, waiting); err != nil {
			return nil, err
		}
		touched, err := line.applyTo(ctx, tx, held)
		if err != nil {
			return nil, err
		}
		paused := jobsOf(scope).and(`paused = 1`)
		resumed, err := jobIDs(ctx, tx, `UPDATE jobs SET paused = 0 WHERE `+paused.where+` RETURNING id`, paused.args...)
		return append(touched, resumed...), err
	})
}

// Cancel implements inkpool.Store.
func (s *Store) Cancel(ctx context.Context, scope inkpool.Scope) ([]inkpool.JobID, error) {
	why := inkpool.Errorf(inkpool.CodeCancelled, "stopped before it was started")
	now := s.now()
	cancel := edit{
		set: `state = 'cancelled', held = 0, not_before_ms = 0,
			error_code = ?, error_message = ?, error_hint = ?, ended_ms = ?`,
		values: []any{why.Code, why.Message, why.Hint, now.UnixMilli()},
		what:   string(inkpool.StateCancelled), detail: why.Message, at: now,
	}
	spare := edit{
		set:    `state = 'done', held = 0, not_before_ms = 0, ended_ms = ?`,
		values: []any{now.UnixMilli()},
		what:   string(inkpool.StateDone), detail: "as it was read: " + why.Message, at: now,
	}
	return s.inScope(ctx, "cancel", scope, func(ctx context.Context, tx *sql.Tx) ([]inkpool.JobID, error) {
		queued := tasksOf(scope, `queued > 0`).and(`state = 'queued'`)
		read := queued.and(`EXISTS (SELECT 1 FROM results WHERE task = tasks.id)`)
		if err := noteCancelled(ctx, tx, read, why); err != nil {
			return nil, err
		}
		spared, err := spare.applyTo(ctx, tx, read)
		if err != nil {
			return nil, err
		}
		cancelled, err := cancel.applyTo(ctx, tx, queued)
		return append(spared, cancelled...), err
	})
}

// Retry implements inkpool.Store. The attempts stay counted: they were made.
func (s *Store) Retry(ctx context.Context, scope inkpool.Scope, states ...inkpool.State) ([]inkpool.JobID, error) {
	for _, state := range states {
		if !failure(state) {
			return nil, inkpool.Errorf(inkpool.CodeInvalid, "a task that is %q cannot be tried again", state)
		}
	}
	again := edit{
		set: `state = 'queued', crashes = 0,
			error_code = NULL, error_message = NULL, error_hint = NULL, started_ms = NULL, ended_ms = NULL`,
		what: "retried", at: s.now(),
	}
	return s.inScope(ctx, "retry", scope, func(ctx context.Context, tx *sql.Tx) ([]inkpool.JobID, error) {
		tasks := tasksOf(scope, `failed + cancelled + quarantined > 0`).and(oneOf(`state`, states))
		touched, err := again.applyTo(ctx, tx, tasks)
		if err != nil {
			return nil, err
		}
		for _, job := range touched {
			if _, err := tx.ExecContext(ctx, `UPDATE jobs SET paused = 0 WHERE id = ? AND paused = 1`, job); err != nil {
				return nil, fmt.Errorf("resume job %d: %w", job, err)
			}
		}
		return touched, nil
	})
}

// oneOf is the condition that column holds one of states, whose names need no quoting.
func oneOf(column string, states []inkpool.State) string {
	quoted := make([]string, len(states))
	for i, state := range states {
		quoted[i] = `'` + string(state) + `'`
	}
	return column + ` IN (` + strings.Join(quoted, `, `) + `)`
}
