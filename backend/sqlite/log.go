package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

const logOfTask = `SELECT task, at_ms, attempt, what, detail, took_ns FROM task_log WHERE task = ? ORDER BY id`

// Log implements inkpool.Store.
func (s *Store) Log(ctx context.Context, id inkpool.TaskID) ([]inkpool.LogEntry, error) {
	rows, err := s.readers.QueryContext(ctx, logOfTask, id)
	if err != nil {
		return nil, storeError("read log", err)
	}
	entries, err := collect(rows, scanLog)
	if err == nil && len(entries) == 0 {
		err = noTask(id) // every task has a line from its first moment
	}
	return entries, storeError("read log", err)
}

func scanLog(row scanner) (inkpool.LogEntry, error) {
	var e inkpool.LogEntry
	var atMs int64
	if err := row.Scan(&e.Task, &atMs, &e.Attempt, &e.What, &e.Detail, &e.Took); err != nil {
		return inkpool.LogEntry{}, err
	}
	e.At = fromMs(atMs)
	return e, nil
}

func addLog(ctx context.Context, tx *sql.Tx, e inkpool.LogEntry) error {
	_, err := tx.ExecContext(ctx,
		`INSERT INTO task_log (task, at_ms, attempt, what, detail, took_ns) VALUES (?, ?, ?, ?, ?, ?)`,
		e.Task, e.At.UnixMilli(), e.Attempt, e.What, e.Detail, e.Took)
	if err != nil {
		return fmt.Errorf("insert log: %w", err)
	}
	return nil
}

// logNewTasks writes the first line of the log of every task of a new job.
func logNewTasks(ctx context.Context, tx *sql.Tx, job inkpool.JobID, nowMs int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO task_log (task, at_ms, attempt, what, detail)
		SELECT id, ?, attempt, state, coalesce(error_code || ': ' || error_message, '')
		FROM tasks WHERE job = ? ORDER BY idx`, nowMs, job)
	if err != nil {
		return fmt.Errorf("insert first log: %w", err)
	}
	return nil
}

// logged is a line that goes into the logs of several tasks.
type logged struct {
	at           time.Time
	what, detail string
}

// logTasks writes l into the log of every task that where chooses. Call it before the
// change, while where still chooses them.
func logTasks(ctx context.Context, tx *sql.Tx, l logged, where string, args ...any) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO task_log (task, at_ms, attempt, what, detail)
		SELECT id, ?, attempt, ?, ? FROM tasks WHERE `+where+` ORDER BY job, idx`,
		append([]any{l.at.UnixMilli(), l.what, l.detail}, args...)...)
	if err != nil {
		return fmt.Errorf("insert log: %w", err)
	}
	return nil
}
