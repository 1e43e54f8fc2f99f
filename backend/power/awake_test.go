package power_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inkpool/inkpool/backend/power"
)

// machine is a fake system whose locks are counted.
type machine struct {
	err          error
	asked, awake atomic.Int32
}

func (m *machine) lock(context.Context) (func(), error) {
	m.asked.Add(1)
	if m.err != nil {
		return nil, m.err
	}
	m.awake.Add(1)
	return func() { m.awake.Add(-1) }, nil
}

func (m *machine) want(t *testing.T, when string, asked, awake int32) {
	t.Helper()
	if gotAsked, gotAwake := m.asked.Load(), m.awake.Load(); gotAsked != asked || gotAwake != awake {
		t.Errorf("%s: got asked %d times with %d locks, want %d with %d", when, gotAsked, gotAwake, asked, awake)
	}
}

func TestAwakeCounts(t *testing.T) {
	var m machine
	awake := power.NewAwake(m.lock, nil)
	m.want(t, "at first", 0, 0)
	awake.Acquire(t.Context())
	m.want(t, "held", 1, 1)
	awake.Acquire(t.Context())
	m.want(t, "held twice", 1, 1)
	awake.Release()
	m.want(t, "held once again", 1, 1)
	awake.Release()
	m.want(t, "let go", 1, 0)
	awake.Acquire(t.Context())
	m.want(t, "held anew", 2, 1)
	awake.Release()
	m.want(t, "at last", 2, 0)
}

func TestAwakeByMany(t *testing.T) {
	var m machine
	awake := power.NewAwake(m.lock, nil)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			awake.Acquire(t.Context())
			if m.awake.Load() != 1 {
				t.Errorf("got %d locks while held, want 1", m.awake.Load())
			}
			awake.Release()
		})
	}
	all.Wait()
	if got := m.awake.Load(); got != 0 {
		t.Errorf("got %d locks after all, want none", got)
	}
}

func TestReleaseWithoutAcquirePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an invariant was broken in silence")
		}
	}()
	power.NewAwake(new(machine).lock, nil).Release()
}

func TestAwakeWhereItIsNotPossible(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := machine{err: errors.New("no bus")}
		var log bytes.Buffer
		awake := power.NewAwake(m.lock, slog.New(slog.NewTextHandler(&log, nil)))
		for range 3 {
			awake.Acquire(t.Context())
			awake.Release()
		}
		m.want(t, "refused", 1, 0)
		time.Sleep(10 * time.Minute)
		awake.Acquire(t.Context())
		m.want(t, "refused again", 2, 0)
		if got := strings.Count(log.String(), "no bus"); got != 1 {
			t.Errorf("the log says it %d times, want once:\n%s", got, log.String())
		}
		m.err = nil
		time.Sleep(10 * time.Minute)
		awake.Acquire(t.Context())
		m.want(t, "possible at last", 3, 1)
		awake.Release()
		m.want(t, "held by one of two", 3, 1)
		awake.Release()
		m.want(t, "let go", 3, 0)
	})
}

func TestAwakeSurvivesAPanic(t *testing.T) {
	awake := power.NewAwake(func(context.Context) (func(), error) { panic("a library's mistake") }, nil)
	awake.Acquire(t.Context())
	awake.Release()
}

// TestAwakeDoesNotWaitForADeadBus has a lock that does not even listen to its context, and
// then comes through after all.
func TestAwakeDoesNotWaitForADeadBus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var released atomic.Bool
		awake := power.NewAwake(func(context.Context) (func(), error) {
			time.Sleep(time.Hour)
			return func() { released.Store(true) }, nil
		}, nil)
		start := time.Now()
		awake.Acquire(t.Context())
		awake.Acquire(t.Context())
		awake.Release()
		awake.Release()
		if got := time.Since(start); got > 2*time.Second {
			t.Errorf("waited %v, want at most 2 s", got)
		}
		time.Sleep(2 * time.Hour)
		if !released.Load() {
			t.Error("the lock that came too late is held for ever")
		}
	})
}

func TestAwakeWhenWhoeverAskedHasGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m machine
		slow := func(ctx context.Context) (func(), error) {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(time.Second):
				return m.lock(ctx)
			}
		}
		awake := power.NewAwake(slow, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		awake.Acquire(ctx)
		awake.Acquire(t.Context())
		m.want(t, "the second one waits", 1, 1)
		awake.Release()
		awake.Release()
		m.want(t, "let go", 1, 0)
	})
}
