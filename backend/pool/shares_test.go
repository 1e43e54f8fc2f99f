package pool_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inkpool/inkpool/backend/pool"
)

// work keeps n goroutines asking for slots of a kind, for pieces of that length, until ctx
// ends. It adds up the slot time.
func work(ctx context.Context, wg *sync.WaitGroup, slots *pool.Slots, r pool.Request, n int, length time.Duration, used *atomic.Int64) {
	for range n {
		wg.Go(func() {
			page := slots.Page(r)
			for ctx.Err() == nil {
				_ = page.Do(ctx, pool.Line, func() error {
					time.Sleep(length)
					used.Add(int64(length))
					return nil
				})
			}
		})
	}
}

// Kinds that always have work waiting get slot time by their weights, however long their
// pieces are.
func TestKindsGetTheirShares(t *testing.T) {
	const whole = 200 * time.Second
	for _, c := range []struct {
		slots   int
		weights [3]int
		want    [3]float64 // of the slot time
	}{
		{1, [3]int{1, 1, 1}, [3]float64{1. / 3, 1. / 3, 1. / 3}},
		{2, [3]int{1, 1, 1}, [3]float64{1. / 3, 1. / 3, 1. / 3}},
		{1, [3]int{3, 1, 0}, [3]float64{0.75, 0.25, 0}},
		{8, [3]int{2, 1, 1}, [3]float64{0.5, 0.25, 0.25}},
		{5, [3]int{8, 1, 1}, [3]float64{0.8, 0.1, 0.1}},
	} {
		t.Run(fmt.Sprint(c.slots, c.weights), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				slots := pool.New(c.slots)
				ctx, cancel := context.WithTimeout(t.Context(), whole)
				defer cancel()
				var used [3]atomic.Int64
				var wg sync.WaitGroup
				for k, length := range []time.Duration{250 * time.Millisecond, 25 * time.Millisecond, 2 * time.Second} {
					slots.SetWeight(pool.Kind(k), c.weights[k])
					work(ctx, &wg, slots, pool.Request{Kind: pool.Kind(k)}, 2*c.slots, length, &used[k])
				}
				wg.Wait()
				for k := range used {
					got := float64(used[k].Load()) / float64(whole) / float64(c.slots)
					if diff := got - c.want[k]; diff > 0.02 || diff < -0.02 {
						t.Errorf("kind %d: got %.3f of the slot time, want %.3f", k, got, c.want[k])
					}
				}
			})
		})
	}
}

// A share that nobody uses is lent at once, and comes back with the slots: without credit
// for the time before, and without debt.
func TestUnusedSharesAreLent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, piece = 4, 100 * time.Millisecond
		slots := pool.New(n)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		var reading, translating atomic.Int64
		during := func(d time.Duration, of *atomic.Int64) time.Duration { // slot time
			before := of.Load()
			time.Sleep(d)
			synctest.Wait()
			return time.Duration(of.Load() - before)
		}
		work(ctx, &wg, slots, pool.Request{Kind: pool.Reading}, 2*n, piece, &reading)
		if got, want := during(50*time.Second, &reading), n*50*time.Second; got < want {
			t.Errorf("alone: got %v of slot time, want %v", got, want)
		}
		second, stop := context.WithCancel(ctx)
		work(second, &wg, slots, pool.Request{Kind: pool.Translating}, 2*n, piece, &translating)
		if during(2*piece, &translating) == 0 {
			t.Error("its share had not come back after two pieces of work")
		}
		if got, want := during(20*time.Second, &translating), n*10*time.Second; got < want-2*n*piece || got > want+2*n*piece {
			t.Errorf("got %v of 20 s on %d slots, want half: %v", got, n, want)
		}
		stop()
		time.Sleep(2 * piece)
		if got, want := during(10*time.Second, &reading), n*10*time.Second; got < want {
			t.Errorf("alone again: got %v of slot time, want %v", got, want)
		}
		cancel()
		wg.Wait()
	})
}

// However work comes and goes, and slots with it: no slot is given out above the number
// there is, and none is idle while anybody waits. Nobody waits for ever: all work ends.
func TestSlotsAreNeitherLentTwiceNorIdle(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			n := 1 + r.IntN(6)
			slots := pool.New(n)
			var ledger ledger
			var wg sync.WaitGroup
			for range 100 {
				switch r.IntN(12) {
				case 0:
					n = 1 + r.IntN(6)
					slots.SetN(n)
				case 1:
					slots.SetWeight(pool.Kind(r.IntN(3)), r.IntN(4))
				default:
					ledger.submit(t, &wg, slots, r)
				}
				synctest.Wait()
				ledger.check(t, slots, n)
				time.Sleep(time.Duration(r.IntN(50)) * time.Millisecond)
				synctest.Wait()
				ledger.check(t, slots, n)
			}
			wg.Wait() // a deadlock fails the test
			if got := slots.Busy(); got != 0 {
				t.Errorf("seed %d: got %d slots held at the end", seed, got)
			}
		})
	}
}

// ledger counts pieces of work.
type ledger struct {
	mu              sync.Mutex
	waiting, atWork int // pieces of work
	most            int // slots at work when a piece began, beyond what there were
}

// submit asks for a slot, and sometimes gives up.
func (l *ledger) submit(t *testing.T, wg *sync.WaitGroup, slots *pool.Slots, r *rand.Rand) {
	page := slots.Page(pool.Request{Kind: pool.Kind(r.IntN(3)), Urgent: r.IntN(5) == 0})
	stage := pool.Stage(r.IntN(4))
	length, patience := time.Duration(r.IntN(200))*time.Millisecond, time.Hour
	if r.IntN(4) == 0 {
		patience = time.Duration(r.IntN(100)) * time.Millisecond
	}
	l.count(1, 0)
	wg.Go(func() {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		begun := false
		_ = page.Do(ctx, stage, func() error {
			begun = true
			l.count(-1, 1)
			time.Sleep(length)
			l.count(0, -1)
			return nil
		})
		if !begun {
			l.count(-1, 0)
		}
	})
}

func (l *ledger) count(waiting, atWork int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting += waiting
	l.atWork += atWork
}

// check looks at a moment in which nothing moves.
func (l *ledger) check(t *testing.T, slots *pool.Slots, n int) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if got := slots.Busy(); got != l.atWork {
		t.Fatalf("got %d slots held, %d are at work", got, l.atWork)
	}
	if l.waiting > 0 && l.atWork < n {
		t.Fatalf("%d wait while %d of %d slots are at work", l.waiting, l.atWork, n)
	}
	if l.atWork > n && l.atWork > l.most {
		t.Fatalf("%d slots at work, there are %d and were at most %d", l.atWork, n, l.most)
	}
	l.most = max(n, l.atWork)
}
