package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// chosen is a condition of SQL that chooses tasks, or jobs.
type chosen struct {
	where string
	args  []any
}

// and narrows a condition.
func (c chosen) and(where string) chosen { return chosen{c.where + ` AND ` + where, c.args} }

// edit is one change of many tasks at once, with a line in the log of each.
type edit struct {
	set    string // what changes, in SQL
	values []any  // of set

	what, detail string // the line in the log
	at           time.Time
}

// apply makes the change and returns how many tasks it met.
func (e edit) apply(ctx context.Context, tx *sql.Tx, tasks chosen) (int, error) {
	// The log goes first, while the condition still chooses the tasks.
	if err := e.log(ctx, tx, tasks); err != nil {
		return 0, err
	}
	res, err := tx.ExecContext(ctx, `UPDATE tasks SET `+e.set+` WHERE `+tasks.where, slices.Concat(e.values, tasks.args)...)
	if err != nil {
		return 0, fmt.Errorf("update tasks: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// applyTo makes the change and returns the jobs of the tasks that it met.
func (e edit) applyTo(ctx context.Context, tx *sql.Tx, tasks chosen) ([]inkpool.JobID, error) {
	touched, err := jobIDs(ctx, tx, `SELECT DISTINCT job FROM tasks WHERE `+tasks.where, tasks.args...)
	if err != nil || len(touched) == 0 {
		return nil, err
	}
	_, err = e.apply(ctx, tx, tasks)
	return touched, err
}

// log writes the line of e into the log of every chosen task.
func (e edit) log(ctx context.Context, tx *sql.Tx, tasks chosen) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO task_log (task, at_ms, attempt, what, detail)
		SELECT id, ?, attempt, ?, ? FROM tasks WHERE `+tasks.where,
		slices.Concat([]any{e.at.UnixMilli(), e.what, e.detail}, tasks.args)...)
	if err != nil {
		return fmt.Errorf("insert log: %w", err)
	}
	return nil
}

// jobIDs runs a statement whose rows are ids of jobs.
func jobIDs(ctx context.Context, tx *sql.Tx, statement string, args ...any) ([]inkpool.JobID, error) {
	rows, err := tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("choose jobs: %w", err)
	}
	return collect(rows, func(row scanner) (id inkpool.JobID, err error) { return id, row.Scan(&id) })
}
