package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/inkpool/inkpool/backend/inkpool"
)

const logOfTask = `SELECT task, at_ms, attempt, what, detail, took_ns FROM task_log WHERE task = ? ORDER BY id`

// Log implements inkpool.Store.
func (s *Store) Log(ctx context.Context, id inkpool.TaskID) ([]inkpool.LogEntry, error) {
	rows, err := s.readers.QueryContext(ctx, logOfTask, id)
	if err != nil {
		return nil, s.readFault("read log", err)
	}
	entries, err := collect(rows, scanLog)
	if err == nil && len(entries) == 0 {
		err = noTask(id) // every task has a line from its first moment
	}
	return entries, s.readFault("read log", err)
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
