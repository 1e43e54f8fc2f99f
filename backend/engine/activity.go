package engine

import (
	"sync"
	"time"
)

// activity counts the work at hand, and does chores some time after the last of it has
// ended. It is safe for concurrent use.
type activity struct {
	chores []chore

	mu     sync.Mutex
	count  int
	timers []*time.Timer // of the chores, while there is no work
	closed bool
}

// chore is what is done once when there has been no work for a while. It runs on a
// goroutine of its own, while work waits to begin, so it must be quick. It is not done when
// after is zero.
type chore struct {
	after time.Duration
	do    func()
}

func newActivity(chores ...chore) *activity { return &activity{chores: chores} }

// begin counts a piece of work; no chore is done before its end.
func (a *activity) begin() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count++
	a.stop()
}

// end takes the piece of work off the count.
func (a *activity) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count--
	if a.count > 0 || a.closed {
		return
	}
	for _, c := range a.chores {
		if c.after > 0 {
			a.timers = append(a.timers, time.AfterFunc(c.after, func() { a.run(c) }))
		}
	}
}

// run does a chore unless work has begun since its timer was set.
func (a *activity) run(c chore) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.count == 0 && !a.closed {
		c.do()
	}
}

// stop forgets the timers.
func (a *activity) stop() {
	for _, t := range a.timers {
		t.Stop()
	}
	a.timers = nil
}

// close sees to it that no chore is done any more. It waits for one that is being done.
func (a *activity) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	a.stop()
}
