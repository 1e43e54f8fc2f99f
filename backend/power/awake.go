package power

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Lock keeps the machine from sleeping until release is called, which is done once and must
// not block. It stops waiting when ctx ends. SystemLock is the system's.
type Lock func(ctx context.Context) (release func(), err error)

// Awake keeps the machine from sleeping while somebody holds it. Where the system does not
// allow that, holding does nothing. Its methods may be called from many goroutines, and
// none blocks for more than two seconds, nor at all when the system answers.
type Awake struct {
	lock Lock
	log  *slog.Logger

	mu      sync.Mutex
	held    int       // Acquire less Release
	release func()    // nil while the machine may sleep
	again   time.Time // the next attempt, after one that failed
	said    bool      // the log knows that the machine cannot be kept awake
}

// retryAfter is the time to wait after the system refused. Jobs come and go by the second,
// and a dead bus costs patience each time.
const retryAfter = 10 * time.Minute

// NewAwake returns one that nobody holds. A nil log says nothing.
func NewAwake(lock Lock, log *slog.Logger) *Awake {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Awake{lock: lock, log: log}
}

// Acquire keeps the machine awake until Release was called as often as Acquire. After the
// system refused, it is asked again by an Acquire ten minutes later.
func (a *Awake) Acquire(ctx context.Context) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.held++
	if a.release != nil || time.Now().Before(a.again) {
		return
	}
	release, err := a.attempt(ctx)
	if err == nil {
		a.release = release
		return
	}
	if ctx.Err() != nil {
		return // whoever asked has gone, which says nothing about the system
	}
	a.again = time.Now().Add(retryAfter)
	if !a.said {
		a.said = true
		a.log.Info("the machine cannot be kept awake", "error", err)
	}
}

// Release undoes one Acquire. The last one lets the machine sleep.
func (a *Awake) Release() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.held == 0 {
		panic("power: internal error: Release without Acquire")
	}
	a.held--
	if a.held > 0 || a.release == nil {
		return
	}
	a.release()
	a.release = nil
}

// attempt takes the lock within patience. Locks talk to other programs, some through
// libraries that do not give up when they are told: one that comes too late is released at
// once by the goroutine that waits for it, which nobody else waits for.
func (a *Awake) attempt(ctx context.Context) (func(), error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	type answer struct {
		release func()
		err     error
	}
	answers := make(chan answer) // unbuffered: what nobody takes is known to be late
	go func() {
		defer cancel()
		release, err := a.safely(ctx)
		select {
		case answers <- answer{release, err}:
		case <-ctx.Done():
			if err == nil {
				release()
			}
		}
	}()
	select {
	case got := <-answers:
		return got.release, got.err
	case <-ctx.Done():
		return nil, fmt.Errorf("no answer: %w", ctx.Err())
	}
}

// safely calls the lock, and takes a panic for an error: being awake is not worth a crash.
func (a *Awake) safely(ctx context.Context) (release func(), err error) {
	defer inkpool.Recover(&err)
	return a.lock(ctx)
}
