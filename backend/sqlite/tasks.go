package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

const taskColumns = `id, job, idx, path, name, page,
	(SELECT urgent FROM jobs WHERE jobs.id = tasks.job), (SELECT reading FROM jobs WHERE jobs.id = tasks.job),
	(SELECT steps FROM jobs WHERE jobs.id = tasks.job),
	state, kind, attempt, crashes, held, owner,
	error_code, error_message, error_hint, created_ms, started_ms, ended_ms`

// Task implements inkpool.Store.
func (s *Store) Task(ctx context.Context, id inkpool.TaskID) (inkpool.Task, error) {
	task, err := taskByID(ctx, s.readers, id)
	return task, s.readFault("read task", err)
}

// Tasks implements inkpool.Store.
func (s *Store) Tasks(ctx context.Context, job inkpool.JobID, from, limit int) ([]inkpool.Task, error) {
	rows, err := s.readers.QueryContext(ctx,
		`SELECT `+taskColumns+` FROM tasks WHERE job = ? AND idx >= ? ORDER BY idx LIMIT ?`,
		job, from, max(limit, 0))
	if err != nil {
		return nil, s.readFault("list tasks", err)
	}
	tasks, err := collect(rows, scanTask)
	if err == nil && len(tasks) == 0 {
		_, err = jobByID(ctx, s.readers, job) // an empty page, or no such job?
	}
	return tasks, s.readFault("list tasks", err)
}

// tasksPerInsert is how many tasks one statement stores. SQLite keeps what a statement and
// a savepoint may have to undo in a temporary file: with a statement for each task that is
// 2 GB for 100,000 tasks, with one for 100 it is 40 MB.
const tasksPerInsert = 100

// addTasks stores the tasks of a new job and the first line of their logs.
func addTasks(ctx context.Context, tx *sql.Tx, job inkpool.JobID, tasks []inkpool.Task, now time.Time) error {
	first := 0
	for some := range slices.Chunk(tasks, tasksPerInsert) {
		if err := insertTasks(ctx, tx, job, first, some, now.UnixMilli()); err != nil {
			return fmt.Errorf("insert tasks from %d on: %w", first, err)
		}
		first += len(some)
	}
	return logNewTasks(ctx, tx, job, now.UnixMilli())
}

// insertTasks stores tasks of a job by one statement; the first has index first.
func insertTasks(ctx context.Context, tx *sql.Tx, job inkpool.JobID, first int, tasks []inkpool.Task, nowMs int64) error {
	const row = `(?1, ?2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)` // job, created_ms, …
	args := []any{job, nowMs}
	for i, t := range tasks {
		state, endedMs := inkpool.StateQueued, sql.Null[int64]{}
		if t.Error != nil {
			state, endedMs = inkpool.StateFailed, sql.Null[int64]{V: nowMs, Valid: true}
		}
		code, message, hint := errorColumns(t.Error)
		args = append(args, first+i, []byte(t.Path), []byte(t.Name), t.Page, t.Kind, state, code, message, hint, endedMs)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO tasks
		(job, created_ms, idx, path, name, page, kind, state, error_code, error_message, error_hint, ended_ms)
		VALUES `+strings.Repeat(row+", ", len(tasks)-1)+row, args...)
	return err
}

func taskByID(ctx context.Context, q querier, id inkpool.TaskID) (inkpool.Task, error) {
	task, err := scanTask(q.QueryRowContext(ctx, `SELECT `+taskColumns+` FROM tasks WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return inkpool.Task{}, noTask(id)
	}
	return task, err
}

func scanTask(row scanner) (inkpool.Task, error) {
	var t inkpool.Task
	var code, message, hint sql.Null[string]
	var reading, steps string
	var createdMs int64
	var startedMs, endedMs sql.Null[int64]
	err := row.Scan(&t.ID, &t.Job, &t.Index, &t.Path, &t.Name, &t.Page, &t.Urgent, &reading, &steps,
		&t.State, &t.Kind, &t.Attempt, &t.Crashes, &t.Held, &t.Owner,
		&code, &message, &hint, &createdMs, &startedMs, &endedMs)
	if err != nil {
		return inkpool.Task{}, err
	}
	if code.Valid {
		t.Error = inkpool.Errorf(inkpool.Code(code.V), "%s", message.V).WithHint(hint.V)
	}
	t.CreatedAt, t.StartedAt, t.EndedAt = fromMs(createdMs), fromNullMs(startedMs), fromNullMs(endedMs)
	return t, errors.Join(decodeSettings(reading, &t.Reading), decodeSettings(steps, &t.Steps))
}

// errorColumns returns what is stored of an error: its words, never its cause. No error is
// three NULLs.
func errorColumns(e *inkpool.Error) (code, message, hint sql.Null[string]) {
	if e == nil {
		return code, message, hint
	}
	text := func(s string) sql.Null[string] { return sql.Null[string]{V: s, Valid: true} }
	return text(string(e.Code)), text(e.Message), text(e.Hint)
}
