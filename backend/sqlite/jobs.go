package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

const jobColumns = `id, title, created_ms, reading, steps, urgent, paused, queued, running, done, failed, cancelled, quarantined`

// AddJob implements inkpool.Store. Other changes stand in line meanwhile: a job is there as
// a whole or not at all, and one of 100,000 tasks takes some 0.6 s (measured on 2 shared
// cores). Reading goes on.
func (s *Store) AddJob(ctx context.Context, job inkpool.NewJob) (added inkpool.Job, err error) {
	err = s.write(ctx, "add job", func(ctx context.Context, tx *sql.Tx) error {
		added, err = addJob(ctx, tx, job, s.now())
		return err
	})
	if err != nil {
		return inkpool.Job{}, err
	}
	return added, nil
}

func addJob(ctx context.Context, tx *sql.Tx, job inkpool.NewJob, now time.Time) (inkpool.Job, error) {
	reading, err := encodeSettings(job.Reading)
	if err != nil {
		return inkpool.Job{}, err
	}
	steps, err := encodeSettings(job.Steps)
	if err != nil {
		return inkpool.Job{}, err
	}
	var id inkpool.JobID
	row := tx.QueryRowContext(ctx, `INSERT INTO jobs (title, created_ms, reading, steps, urgent) VALUES (?, ?, ?, ?, ?) RETURNING id`,
		[]byte(job.Title), now.UnixMilli(), reading, steps, job.Urgent)
	if err := row.Scan(&id); err != nil {
		return inkpool.Job{}, fmt.Errorf("insert job: %w", err)
	}
	if err := addTasks(ctx, tx, id, job.Tasks, now); err != nil {
		return inkpool.Job{}, err
	}
	return jobByID(ctx, tx, id)
}

// Job implements inkpool.Store.
func (s *Store) Job(ctx context.Context, id inkpool.JobID) (inkpool.Job, error) {
	job, err := jobByID(ctx, s.readers, id)
	return job, s.readFault("read job", err)
}

// Jobs implements inkpool.Store.
func (s *Store) Jobs(ctx context.Context, before inkpool.JobID, limit int) ([]inkpool.Job, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := s.readers.QueryContext(ctx,
		`SELECT `+jobColumns+` FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?`, before, max(limit, 0))
	if err != nil {
		return nil, s.readFault("list jobs", err)
	}
	jobs, err := collect(rows, scanJob)
	return jobs, s.readFault("list jobs", err)
}

// querier runs a query that gives one row: the readers, or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func jobByID(ctx context.Context, q querier, id inkpool.JobID) (inkpool.Job, error) {
	job, err := scanJob(q.QueryRowContext(ctx, `SELECT `+jobColumns+` FROM jobs WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return inkpool.Job{}, noJob(id)
	}
	return job, err
}

func scanJob(row scanner) (inkpool.Job, error) {
	var j inkpool.Job
	var createdMs int64
	var reading, steps string
	c := &j.Counts
	err := row.Scan(&j.ID, &j.Title, &createdMs, &reading, &steps, &j.Urgent, &j.Paused,
		&c.Queued, &c.Running, &c.Done, &c.Failed, &c.Cancelled, &c.Quarantined)
	if err != nil {
		return inkpool.Job{}, err
	}
	j.CreatedAt = fromMs(createdMs)
	return j, errors.Join(decodeSettings(reading, &j.Reading), decodeSettings(steps, &j.Steps))
}
