package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// What becomes of a running task. The statement itself says from which state and for which
// owner it holds, so that of two that race one wins.

// FinishTask implements inkpool.Store.
func (s *Store) FinishTask(ctx context.Context, owner string, id inkpool.TaskID, r inkpool.Result) error {
	columns, err := encodeResult(r) // here, where it holds up nobody else
	if err != nil {
		return s.fault("finish task", err)
	}
	return s.write(ctx, "finish task", func(ctx context.Context, tx *sql.Tx) error {
		now := s.now()
		task, err := endTask(ctx, tx, owner, id, ending{state: inkpool.StateDone, kind: r.Kind, at: now})
		if err != nil {
			return err
		}
		if err := putResult(ctx, tx, id, columns); err != nil {
			return err
		}
		if r.Complete() { // else what there is of a translation is for the next try
			if err := forgetSentences(ctx, tx, id); err != nil {
				return err
			}
		}
		return addLog(ctx, tx, inkpool.LogEntry{
			Task: id, At: now, Attempt: task.Attempt, What: string(inkpool.StateDone),
			Detail: stages(r.Timing), Took: r.Timing.Total,
		})
	})
}

// stages says where the time of a task went: "decode 55ms, detect 210ms, lines 683ms,
// translate 1.2s, waited 3ms". What took no time is not mentioned.
func stages(t inkpool.Timing) string {
	var said []string
	for _, stage := range []struct {
		name string
		took time.Duration
	}{{"decode", t.Decode}, {"detect", t.Detect}, {"lines", t.Lines}, {"label", t.Label}, {"translate", t.Translate}, {"waited", t.Wait}} {
		if stage.took > 0 {
			said = append(said, fmt.Sprint(stage.name, " ", rounded(stage.took)))
		}
	}
	return strings.Join(said, ", ")
}

// rounded leaves about three digits of a duration.
func rounded(d time.Duration) time.Duration {
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Millisecond)
}

// FailTask implements inkpool.Store. To quarantine a task counts a crash.
func (s *Store) FailTask(ctx context.Context, owner string, id inkpool.TaskID, state inkpool.State, why *inkpool.Error) error {
	if !failure(state) {
		return inkpool.Errorf(inkpool.CodeInvalid, "a task cannot fail as %q", state)
	}
	if why == nil {
		return inkpool.Errorf(inkpool.CodeInvalid, "a task cannot fail without a reason")
	}
	return s.write(ctx, "fail task", func(ctx context.Context, tx *sql.Tx) error {
		now := s.now()
		task, err := endTask(ctx, tx, owner, id, ending{state: state, why: why, at: now})
		if err != nil {
			return err
		}
		return addLog(ctx, tx, inkpool.LogEntry{
			Task: id, At: now, Attempt: task.Attempt, What: string(state),
			Detail: reason(why), Took: now.Sub(task.StartedAt),
		})
	})
}

// failure reports whether a task in state has not come to its result.
func failure(state inkpool.State) bool {
	switch state {
	case inkpool.StateFailed, inkpool.StateCancelled, inkpool.StateQuarantined:
		return true
	}
	return false
}

// reason is an error as the log holds it.
func reason(why *inkpool.Error) string { return fmt.Sprintf("%s: %s", why.Code, why.Message) }

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
		SET state = ?1, kind = coalesce(nullif(?2, ''), kind), owner = '', held = 0, crashes = crashes + (?1 = 'quarantined'),
			error_code = ?3, error_message = ?4, error_hint = ?5, ended_ms = ?6
		WHERE id = ?7 AND state = 'running' AND owner = ?8 RETURNING `+taskColumns,
		e.state, e.kind, code, message, hint, e.at.UnixMilli(), id, owner))
	if errors.Is(err, sql.ErrNoRows) {
		return inkpool.Task{}, notRunning(ctx, tx, id)
	}
	return task, err
}

// RequeueTask implements inkpool.Store.
func (s *Store) RequeueTask(ctx context.Context, owner string, id inkpool.TaskID, r inkpool.Requeue) error {
	return s.write(ctx, "requeue task", func(ctx context.Context, tx *sql.Tx) error {
		now := s.now()
		dueMs := int64(0)
		if r.NotBefore.After(now) {
			dueMs = r.NotBefore.Add(time.Millisecond - 1).UnixMilli() // never too early
		}
		var attempt int
		err := tx.QueryRowContext(ctx, `UPDATE tasks
			SET state = 'queued', owner = '', started_ms = NULL, crashes = crashes + ?, not_before_ms = ?
			WHERE id = ? AND state = 'running' AND owner = ? RETURNING attempt`,
			r.Crashed, dueMs, id, owner).Scan(&attempt)
		if errors.Is(err, sql.ErrNoRows) {
			return notRunning(ctx, tx, id)
		}
		if err != nil {
			return fmt.Errorf("requeue task: %w", err)
		}
		return addLog(ctx, tx, inkpool.LogEntry{
			Task: id, At: now, Attempt: attempt, What: "requeued", Detail: requeued(r, now),
		})
	})
}

// requeued says why a task goes back, and how long it waits.
func requeued(r inkpool.Requeue, now time.Time) string {
	detail := "given back"
	if r.Why != nil {
		detail = reason(r.Why)
	}
	if r.NotBefore.After(now) {
		detail += fmt.Sprintf("; again in %v", rounded(r.NotBefore.Sub(now)))
	}
	return detail
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
