package pool_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inkpool/inkpool/backend/pool"
)

// queueUp lets pages reserve one after the other and records the order in which they get in.
type queueUp struct {
	t      *testing.T
	budget *pool.Budget
	slots  *pool.Slots

	mu sync.Mutex
	in []string
}

// ask reserves in the background and returns how to release.
func (q *queueUp) ask(name string, amount int64, urgent bool) (release func()) {
	page, leave := q.slots.Page(pool.Request{Urgent: urgent}), make(chan struct{})
	go func() {
		r, err := page.Reserve(q.t.Context(), q.budget, amount)
		if err != nil {
			return // the test has ended
		}
		q.mu.Lock()
		q.in = append(q.in, name)
		q.mu.Unlock()
		<-leave
		r.Release()
	}()
	synctest.Wait()
	return func() { close(leave); synctest.Wait() }
}

func (q *queueUp) want(in ...string) {
	q.t.Helper()
	q.mu.Lock()
	defer q.mu.Unlock()
	if !slices.Equal(q.in, in) {
		q.t.Errorf("got in: %v, want %v", q.in, in)
	}
}

func TestBudgetLetsInWhatFitsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &queueUp{t: t, budget: pool.NewBudget(10), slots: pool.New(1)}
		a, b := q.ask("a", 4, false), q.ask("b", 5, false)
		c := q.ask("c", 5, false)
		d := q.ask("d", 1, false) // would fit, but is not passed on to before c
		q.want("a", "b")
		e := q.ask("e", 1, true)
		q.want("a", "b", "e") // urgent
		b()
		q.want("a", "b", "e", "c")
		if got := q.budget.Taken(); got != 10 {
			t.Errorf("got %d taken, want 4+1+5", got)
		}
		a()
		q.want("a", "b", "e", "c", "d")
		for _, release := range []func(){c, d, e} {
			release()
		}
		if got := q.budget.Taken(); got != 0 {
			t.Errorf("got %d taken at the end", got)
		}
	})
}

func TestBudgetLetsInWhatIsTooLargeAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &queueUp{t: t, budget: pool.NewBudget(10), slots: pool.New(1)}
		a, b := q.ask("a", 4, false), q.ask("b", 4, false)
		huge := q.ask("huge", 1000, false)
		c := q.ask("c", 1, false)
		a()
		q.want("a", "b")
		b()
		q.want("a", "b", "huge")
		huge()
		q.want("a", "b", "huge", "c")
		c()
	})
}

func TestBudgetChangesWhileItIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &queueUp{t: t, budget: pool.NewBudget(10), slots: pool.New(1)}
		a, b := q.ask("a", 8, false), q.ask("b", 8, false)
		q.want("a")
		q.budget.SetSize(16)
		synctest.Wait()
		q.want("a", "b")
		q.budget.SetSize(1)
		a()
		c := q.ask("c", 1, false)
		q.want("a", "b")
		b()
		q.want("a", "b", "c")
		c()
	})
}

func TestReservationsShrink(t *testing.T) {
	page, b := pool.New(1).Page(pool.Request{}), pool.NewBudget(10)
	r, err := page.Reserve(t.Context(), b, 7)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ to, want int64 }{{9, 7}, {3, 3}, {5, 3}, {-1, 0}} {
		if r.Shrink(c.to); b.Taken() != c.want {
			t.Errorf("shrunk to %d: got %d taken, want %d", c.to, b.Taken(), c.want)
		}
	}
	r.Release()
	r.Release()
	if b.Taken() != 0 {
		t.Errorf("got %d taken after releasing twice", b.Taken())
	}
}

func TestGivingUpLeavesTheBudgetToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &queueUp{t: t, budget: pool.NewBudget(10), slots: pool.New(1)}
		a := q.ask("a", 4, false)
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error)
		go func() {
			_, err := q.slots.Page(pool.Request{}).Reserve(ctx, q.budget, 10)
			gaveUp <- err
		}()
		synctest.Wait()
		b := q.ask("b", 5, false)
		q.want("a")
		cancel()
		if err := <-gaveUp; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		synctest.Wait()
		q.want("a", "b")
		a()
		b()
	})
}

// However pages come and go: the budget is exceeded only by one that is alone, and all get in.
func TestBudgetIsKept(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 2))
			const size = 100
			b, slots := pool.NewBudget(size), pool.New(1)
			var mu sync.Mutex
			var amount, in int64
			count := func(a, n int64) {
				mu.Lock()
				defer mu.Unlock()
				amount, in = amount+a, in+n
				if amount > size && in > 1 {
					t.Errorf("seed %d: %d pages hold %d of %d", seed, in, amount, size)
				}
			}
			var wg sync.WaitGroup
			for range 100 {
				page, n := slots.Page(pool.Request{Urgent: r.IntN(5) == 0}), 1+r.Int64N(130)
				length, patience := time.Duration(r.IntN(90))*time.Millisecond, time.Hour
				if r.IntN(4) == 0 {
					patience = length
				}
				wg.Go(func() {
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					held, err := page.Reserve(ctx, b, n)
					if err != nil {
						return
					}
					count(n, 1)
					time.Sleep(length)
					count((n+1)/2-n, 0)
					held.Shrink((n + 1) / 2)
					time.Sleep(length)
					count(-(n+1)/2, -1)
					held.Release()
				})
				time.Sleep(time.Duration(r.IntN(30)) * time.Millisecond)
			}
			wg.Wait() // a deadlock fails the test
			if got := b.Taken(); got != 0 {
				t.Errorf("seed %d: got %d taken at the end", seed, got)
			}
		})
	}
}
