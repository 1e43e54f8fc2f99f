package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// doubtTimeout is how long the line of writers stands still for those who read from a log
// that shall begin anew: long enough for a list, too short to be felt.
const doubtTimeout = 100 * time.Millisecond

// writers is the line of those who want to change the history. The first to come leads: it
// applies everything that waits, its own change and those of others, in one transaction,
// which costs one sync of the disk for all of them. While it does so others queue up, and
// when it is done the first of those leads. A lone writer waits for nobody, and no
// goroutine stands by.
type writers struct {
	mu      sync.Mutex
	waiting []*entry
	led     bool
}

// entry is a change that waits to be applied.
type entry struct {
	apply func(*sql.Tx) error
	turn  chan struct{} // closed when the entry shall lead, or its err is known
	leads bool          // known when turn is closed
	err   error         // nil: on the disk
}

// join queues e up and reports whether it leads.
func (w *writers) join(e *entry) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = append(w.waiting, e)
	e.leads, w.led = !w.led, true
	return e.leads
}

// wait returns when e shall lead (true) or its err is known (false). An entry whose context
// ends while it waits goes home.
func (w *writers) wait(ctx context.Context, e *entry) bool {
	select {
	case <-e.turn:
	case <-ctx.Done():
		if w.leave(e) {
			e.err = ctx.Err()
			return false
		}
		<-e.turn // it has begun, or leads others
	}
	return e.leads
}

// leave takes e out of the line, and reports false when it is too late for that.
func (w *writers) leave(e *entry) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.waiting, e)
	if e.leads || i < 0 {
		return false
	}
	w.waiting = slices.Delete(w.waiting, i, i+1)
	return true
}

// take returns everything that waits.
func (w *writers) take() []*entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	batch := w.waiting
	w.waiting = nil
	return batch
}

// pass makes the first of those who wait by now lead.
func (w *writers) pass() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.led = len(w.waiting) > 0; w.led {
		w.waiting[0].leads = true
		close(w.waiting[0].turn)
	}
}

// lead applies what waits and tells those that it leads what became of theirs.
func (s *Store) lead() {
	defer s.line.pass()
	batch := s.line.take()
	err := s.applyAll(batch)
	for _, e := range batch {
		if e.err == nil {
			e.err = err
		}
		if !e.leads {
			close(e.turn)
		}
	}
}

// applyAll applies a batch in one transaction and sets the err of those that were refused.
// An error means that nothing of the batch is stored.
func (s *Store) applyAll(batch []*entry) (err error) {
	ctx := context.Background()
	conn, err := s.trusted(ctx)
	if err != nil {
		return err
	}
	defer func() {
		failed := func(e *entry) bool { return diskFailed(e.err) }
		s.giveBack(conn, diskFailed(err) || slices.ContainsFunc(batch, failed))
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		// After a commit, and where SQLite has rolled back by itself (a full disk), there
		// is nothing left to undo, which is what we want.
		_ = tx.Rollback()
	}()
	for _, e := range batch {
		if err := e.try(ctx, tx); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// try applies one change of a batch and undoes it alone when it is refused. An error means
// that the whole transaction is lost: SQLite ends it by itself when it runs out of disk or
// memory, or the disk fails.
func (e *entry) try(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `SAVEPOINT change`); err != nil {
		return fmt.Errorf("begin change: %w", err)
	}
	if e.err = e.apply(tx); e.err != nil {
		if _, err := tx.ExecContext(ctx, `ROLLBACK TO change`); err != nil {
			return e.err
		}
	}
	if _, err := tx.ExecContext(ctx, `RELEASE change`); err != nil {
		return fmt.Errorf("end change: %w", err)
	}
	return nil
}

// trusted returns the connection that writes. After the disk has failed it is a new one,
// and the log begins anew before anything is written behind what is in it.
func (s *Store) trusted(ctx context.Context) (*sql.Conn, error) {
	conn, err := s.writer.Conn(ctx)
	if err != nil || !s.doubted {
		return conn, err
	}
	if err := emptyLog(ctx, conn); err != nil {
		s.giveBack(conn, true)
		return nil, err
	}
	s.doubted = false
	return conn, nil
}

// emptyLog moves what is committed from the log into the file, syncs that, and truncates
// the log. When a sync fails, Linux takes the pages that it could not write for clean: the
// next sync succeeds without them, and after a power cut the log ends where they are missing,
// whatever has been committed behind them.
//
// While somebody reads from the log it cannot be truncated. It is not enough then that all
// of it is in the file: the next commit would still go behind the gap. So changes are
// refused until the reader is through, with CodeUnavailable, which is tried again; nothing
// accepted can be lost, and since neither waits for the other, a long export and the writers
// cannot lock each other out. The history's own reads take milliseconds.
func emptyLog(ctx context.Context, conn *sql.Conn) error {
	if err := setBusyTimeout(ctx, conn, doubtTimeout); err != nil {
		return err
	}
	var busy bool
	var frames, moved int // busy comes as a row, not as an error
	row := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	if err := row.Scan(&busy, &frames, &moved); err != nil {
		return fmt.Errorf("empty the log: %w", err)
	}
	if busy || frames != moved {
		return logInUse().WithCause(fmt.Errorf("empty the log: busy %v, moved %d of %d frames", busy, moved, frames))
	}
	return setBusyTimeout(ctx, conn, busyTimeout)
}

func setBusyTimeout(ctx context.Context, conn *sql.Conn, d time.Duration) error {
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, d.Milliseconds())); err != nil {
		return fmt.Errorf("set busy timeout: %w", err)
	}
	return nil
}

// giveBack ends the use of the connection that writes; one that is doubted is closed. What
// was committed stays so, whatever goes wrong here.
func (s *Store) giveBack(conn *sql.Conn, doubted bool) {
	if doubted {
		s.doubted = true
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // makes database/sql close it
	}
	_ = conn.Close()
}

// diskFailed reports whether reading, writing or syncing went wrong.
func diskFailed(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrIoErr
}
