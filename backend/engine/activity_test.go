package engine

import (
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// chores counts how often two chores have been done, after 1 and 10 seconds.
func chores() (a *activity, done func() [2]int64) {
	var counts [2]atomic.Int64
	return newActivity(
		chore{after: time.Second, do: func() { counts[0].Add(1) }},
		chore{after: 10 * time.Second, do: func() { counts[1].Add(1) }},
		chore{after: 0, do: func() { panic("a chore without a time") }},
	), func() [2]int64 { return [2]int64{counts[0].Load(), counts[1].Load()} }
}

func TestChoresAreDoneOnceWorkHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, done := chores()
		wait := func(d time.Duration, want [2]int64) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			if got := done(); got != want {
				t.Errorf("got %v chores, want %v", got, want)
			}
		}
		wait(time.Hour, [2]int64{0, 0}) // there has been nothing to tidy up after
		a.begin()
		a.begin()
		wait(time.Hour, [2]int64{0, 0})
		a.end()
		wait(time.Hour, [2]int64{0, 0}) // one is still at work
		a.end()
		wait(999*time.Millisecond, [2]int64{0, 0})
		wait(2*time.Millisecond, [2]int64{1, 0})
		a.begin()
		a.end()
		wait(9*time.Second, [2]int64{2, 0}) // the pause begins anew
		wait(2*time.Second, [2]int64{2, 1})
		wait(time.Hour, [2]int64{2, 1})
	})
}

func TestNoChoreAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, done := chores()
		a.begin()
		a.end()
		a.close()
		a.begin() // a picture that is asked for too late
		a.end()
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := done(); got != [2]int64{} {
			t.Errorf("got %v chores after close", got)
		}
	})
}

// Work that begins while a chore is done waits for it: models are never closed under it.
func TestWorkWaitsForTheChore(t *testing.T) {
	begun, busy := make(chan struct{}), false
	a := newActivity(chore{after: time.Nanosecond, do: func() {
		busy = true
		close(begun)
		for range 1000 {
			runtime.Gosched()
		}
		busy = false
	}})
	a.begin()
	a.end()
	<-begun
	a.begin()
	if busy {
		t.Error("work began in the middle of a chore")
	}
}
