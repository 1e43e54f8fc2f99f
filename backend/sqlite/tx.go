package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// change is what a method does to the history within a transaction. Its statements take
// the context that it is given, which does not end: SQLite answers an interrupted statement
// by undoing the whole transaction, in which there may be changes of others.
type change func(ctx context.Context, tx *sql.Tx) error

// write applies c and returns when it is on the disk, or has left no trace. Changes that
// come at once share a transaction (see writers). A context that ends before c has begun
// keeps it from being begun; one that ends later changes nothing. op says what is being
// done, for logs.
func (s *Store) write(ctx context.Context, op string, c change) error {
	e := &entry{turn: make(chan struct{}), apply: func(tx *sql.Tx) (err error) {
		if err := ctx.Err(); err != nil {
			return err
		}
		defer inkpool.Recover(&err) // it runs on another caller's goroutine
		return c(context.WithoutCancel(ctx), tx)
	}}
	if s.line.join(e) || s.line.wait(ctx, e) {
		s.lead()
	}
	return s.fault(op, e.err)
}

// now is the time as the history stores it: milliseconds, UTC.
func (s *Store) now() time.Time { return fromMs(s.clock().UnixMilli()) }

func fromMs(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func fromNullMs(ms sql.Null[int64]) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return fromMs(ms.V)
}

// scanner is a row of a query: *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// collect reads every row and closes rows.
func collect[T any](rows *sql.Rows, scan func(scanner) (T, error)) (all []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
