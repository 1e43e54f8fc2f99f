package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// write runs change in a transaction of the writer and commits it, or undoes it when
// change or the commit fails. op says what is being done, for logs.
func (s *Store) write(ctx context.Context, op string, change func(*sql.Tx) error) (err error) {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return storeError(op, err)
	}
	defer func() {
		// After a commit, and where SQLite has rolled back by itself (a full disk), there
		// is nothing left to undo, which is what we want.
		_ = tx.Rollback()
	}()
	if err := change(tx); err != nil {
		return storeError(op, err)
	}
	return storeError(op, tx.Commit())
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
