package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Every change of a task's state is in this file. The statement itself says from which
// state and for which owner it holds, so that two that race cannot both win.

// ClaimTask implements inkpool.Store.
func (s *Store) ClaimTask(ctx context.Context, owner string, job inkpool.JobID) (task inkpool.Task, ok bool, err error) {
	err = s.write(ctx, "claim task", func(tx *sql.Tx) error {
		task, ok, err = claimTask(ctx, tx, owner, job, s.now())
		return err
	})
	if err != nil {
		return inkpool.Task{}, false, err
	}
	return task, ok, nil
}

// The next task of all jobs, and of one.
const (
	nextTask      = `SELECT id FROM tasks WHERE state = 'queued' ORDER BY crashes, job, idx LIMIT 1`
	nextTaskOfJob = `SELECT id FROM tasks WHERE state = 'queued' AND job = ? ORDER BY crashes, idx LIMIT 1`
)

func claimTask(ctx context.Context, tx *sql.Tx, owner string, job inkpool.JobID, now time.Time) (inkpool.Task, bool, error) {
	next, args := nextTask, []any{owner, now.UnixMilli()}
	if job != 0 {
		next, args = nextTaskOfJob, append(args, job)
	}
	task, err := scanTask(tx.QueryRowContext(ctx, `UPDATE tasks
		SET state = 'running', owner = ?, attempt = attempt + 1, started_ms = ?
		WHERE id = (`+next+`) RETURNING `+taskColumns, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return inkpool.Task{}, false, nil
	}
	if err != nil {
		return inkpool.Task{}, false, fmt.Errorf("update task: %w", err)
	}
	return task, true, addLog(ctx, tx, inkpool.LogEntry{
		Task: task.ID, At: now, Attempt: task.Attempt, What: "running", Detail: owner,
	})
}

// FinishTask implements inkpool.Store.
func (s *Store) FinishTask(ctx context.Context, owner string, id inkpool.TaskID, r inkpool.Result) error {
	return s.write(ctx, "finish task", func(tx *sql.Tx) error {
		now := s.now()
		task, err := endTask(ctx, tx, owner, id, ending{state: inkpool.StateDone, kind: r.Kind, at: now})
		if err != nil {
			return err
		}
		if err := addResult(ctx, tx, id, r); err != nil {
			return err
		}
		return addLog(ctx, tx, inkpool.LogEntry{
			Task: id, At: now, Attempt: task.Attempt, What: string(inkpool.StateDone),
			Detail: fmt.Sprintf("waited %v, models ran %v", r.Timing.Wait, r.Timing.Infer),
			Took:   r.Timing.Total,
		})
	})
}

// FailTask implements inkpool.Store.
func (s *Store) FailTask(ctx context.Context, owner string, id inkpool.TaskID, state inkpool.State, why *inkpool.Error) error {
	switch state {
	case inkpool.StateFailed, inkpool.StateCancelled, inkpool.StateQuarantined:
	default:
		return inkpool.Errorf(inkpool.CodeInvalid, "a task cannot fail as %q", state)
	}
	return s.write(ctx, "fail task", func(tx *sql.Tx) error {
		now := s.now()
		task, err := endTask(ctx, tx, owner, id, ending{state: state, why: why, at: now})
		if err != nil {
			return err
		}
		return addLog(ctx, tx, inkpool.LogEntry{
			Task: id, At: now, Attempt: task.Attempt, What: string(state),
			Detail: fmt.Sprintf("%s: %s", why.Code, why.Message), Took: now.Sub(task.StartedAt),
		})
	})
}

// ending is how a running task ends.
type ending struct {
	state inkpool.State
	kind  inkpool.Kind   // KindUnknown keeps what the task has
	why   *inkpool.Error // nil when done
	at    time.Time
}

// endTask moves a running task of owner to its end and returns it as it is then.
func endTask(ctx context.Context, tx *sql.Tx, owner string, id inkpool.TaskID, e ending) (inkpool.Task, error) {
	code, message, hint := errorColumns(e.why)
	task, err := scanTask(tx.QueryRowContext(ctx, `UPDATE tasks
		SET state = ?, kind = coalesce(nullif(?, ''), kind), owner = '',
			error_code = ?, error_message = ?, error_hint = ?, ended_ms = ?
		WHERE id = ? AND state = 'running' AND owner = ? RETURNING `+taskColumns,
		e.state, e.kind, code, message, hint, e.at.UnixMilli(), id, owner))
	if errors.Is(err, sql.ErrNoRows) {
		return inkpool.Task{}, notRunning(ctx, tx, id)
	}
	return task, err
}

// ReleaseTask implements inkpool.Store.
func (s *Store) ReleaseTask(ctx context.Context, owner string, id inkpool.TaskID) error {
	return s.write(ctx, "release task", func(tx *sql.Tx) error {
		n, err := requeue(ctx, tx, s.now(), "given back", `id = ? AND owner = ?`, id, owner)
		if err == nil && n == 0 {
			return notRunning(ctx, tx, id)
		}
		return err
	})
}

// maxCrashes is how often a process may die while a task runs before the task is set aside.
// A task that dies with its neighbour's page, or when somebody pulls the plug, gets two more
// chances, after all others have had theirs.
const maxCrashes = 3

// RecoverTasks implements inkpool.Store.
func (s *Store) RecoverTasks(ctx context.Context, owner string) (n int, err error) {
	err = s.write(ctx, "recover tasks", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx,
			`UPDATE tasks SET crashes = crashes + 1 WHERE state = 'running' AND owner <> ?`, owner)
		if err != nil {
			return fmt.Errorf("count crashes: %w", err)
		}
		if err := quarantine(ctx, tx, owner, s.now()); err != nil {
			return err
		}
		n, err = requeue(ctx, tx, s.now(), "its process ended", `owner <> ?`, owner)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// quarantine sets aside the running tasks of others that have seen too many processes die.
func quarantine(ctx context.Context, tx *sql.Tx, owner string, now time.Time) error {
	const where = `state = 'running' AND owner <> ? AND crashes >= ?`
	why := inkpool.Errorf(inkpool.CodeEngineCrashed, "Inkpool stopped unexpectedly each time it read this file").
		WithHint("It is set aside so that it does not stop the others. Save it again in another program and add the new file.")
	entry := logged{at: now, what: string(inkpool.StateQuarantined), detail: why.Message}
	if err := logTasks(ctx, tx, entry, where, owner, maxCrashes); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE tasks SET state = 'quarantined', owner = '',
		error_code = ?, error_message = ?, error_hint = ?, ended_ms = ? WHERE `+where,
		why.Code, why.Message, why.Hint, now.UnixMilli(), owner, maxCrashes)
	if err != nil {
		return fmt.Errorf("quarantine tasks: %w", err)
	}
	return nil
}

// requeue returns the running tasks that where chooses to queued and reports how many. The
// attempt stays counted: it was made.
func requeue(ctx context.Context, tx *sql.Tx, now time.Time, why, where string, args ...any) (int, error) {
	where = `state = 'running' AND ` + where
	if err := logTasks(ctx, tx, logged{at: now, what: "requeued", detail: why}, where, args...); err != nil {
		return 0, err
	}
	res, err := tx.ExecContext(ctx,
		`UPDATE tasks SET state = 'queued', owner = '', started_ms = NULL WHERE `+where, args...)
	if err != nil {
		return 0, fmt.Errorf("requeue tasks: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// CancelJob implements inkpool.Store.
func (s *Store) CancelJob(ctx context.Context, id inkpool.JobID) (cancelled []inkpool.Task, err error) {
	err = s.write(ctx, "cancel job", func(tx *sql.Tx) error {
		if _, err := jobByID(ctx, tx, id); err != nil {
			return err
		}
		cancelled, err = cancelQueued(ctx, tx, id, s.now())
		return err
	})
	if err != nil {
		return nil, err
	}
	return cancelled, nil
}

func cancelQueued(ctx context.Context, tx *sql.Tx, job inkpool.JobID, now time.Time) ([]inkpool.Task, error) {
	const where = `state = 'queued' AND job = ?`
	why := inkpool.Errorf(inkpool.CodeCancelled, "stopped before it was started")
	entry := logged{at: now, what: string(inkpool.StateCancelled), detail: why.Message}
	if err := logTasks(ctx, tx, entry, where, job); err != nil {
		return nil, err
	}
	code, message, hint := errorColumns(why)
	rows, err := tx.QueryContext(ctx, `UPDATE tasks
		SET state = 'cancelled', error_code = ?, error_message = ?, error_hint = ?, ended_ms = ?
		WHERE `+where+` RETURNING `+taskColumns, code, message, hint, now.UnixMilli(), job)
	if err != nil {
		return nil, fmt.Errorf("cancel tasks: %w", err)
	}
	tasks, err := collect(rows, scanTask)
	// RETURNING promises no order.
	slices.SortFunc(tasks, func(a, b inkpool.Task) int { return cmp.Compare(a.Index, b.Index) })
	return tasks, err
}

// notRunning says why a task that the caller believed to run as its own could not change.
func notRunning(ctx context.Context, tx *sql.Tx, id inkpool.TaskID) error {
	task, err := taskByID(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case task.State == inkpool.StateRunning:
		return inkpool.Errorf(inkpool.CodeConflict, "task %d is run by another Inkpool", id)
	default:
		return inkpool.Errorf(inkpool.CodeConflict, "task %d is not running, it is %s", id, task.State)
	}
}
