package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// RecoverTasks implements inkpool.Store.
func (s *Store) RecoverTasks(ctx context.Context, owner string, blame bool) (r inkpool.Recovered, err error) {
	err = s.write(ctx, "recover tasks", func(ctx context.Context, tx *sql.Tx) error {
		if err := wake(ctx, tx, math.MaxInt64); err != nil {
			return err
		}
		r.Quarantined = 0
		if blame {
			if r.Quarantined, err = blameTasks(ctx, tx, owner, s.now()); err != nil {
				return err
			}
		}
		back := edit{
			set:  `state = 'queued', owner = '', started_ms = NULL`,
			what: "requeued", detail: "its process ended", at: s.now(),
		}
		r.Queued, err = back.apply(ctx, tx, chosen{`state = 'running' AND owner <> ?`, []any{owner}})
		return err
	})
	if err != nil {
		return inkpool.Recovered{}, err
	}
	return r, nil
}

// blameTasks counts a crash of every running task that owner does not own, sets those aside
// that have seen too many, and returns how many these are.
func blameTasks(ctx context.Context, tx *sql.Tx, owner string, now time.Time) (int, error) {
	_, err := tx.ExecContext(ctx,
		`UPDATE tasks SET crashes = crashes + 1 WHERE state = 'running' AND owner <> ?`, owner)
	if err != nil {
		return 0, fmt.Errorf("count crashes: %w", err)
	}
	why := inkpool.Errorf(inkpool.CodeEngineCrashed, "Inkpool stopped unexpectedly each time it read this file").
		WithHint("It is set aside so that it does not stop the others. Save it again in another program and add the new file.")
	aside := edit{
		set:    `state = 'quarantined', owner = '', held = 0, error_code = ?, error_message = ?, error_hint = ?, ended_ms = ?`,
		values: []any{why.Code, why.Message, why.Hint, now.UnixMilli()},
		what:   string(inkpool.StateQuarantined), detail: reason(why), at: now,
	}
	return aside.apply(ctx, tx, chosen{`state = 'running' AND owner <> ? AND crashes >= ?`, []any{owner, inkpool.MaxCrashes}})
}
