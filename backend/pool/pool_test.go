package pool_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/inkpool/inkpool/backend/pool"
)

func TestNeverMoreThanNAtWork(t *testing.T) {
	for _, n := range []int{1, 2, 8} {
		slots := pool.New(n)
		var now, most atomic.Int64
		var wg sync.WaitGroup
		for range 20 {
			page := slots.Page(pool.Request{})
			for range 20 {
				wg.Go(func() {
					err := page.Do(t.Context(), pool.Line, func() error {
						for at := now.Add(1); ; {
							was := most.Load()
							if at <= was || most.CompareAndSwap(was, at) {
								break
							}
						}
						now.Add(-1)
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		if got := most.Load(); got > int64(n) {
			t.Errorf("%d slots: got %d at work at once", n, got)
		}
	}
}

func TestLaterStagesAndOlderPagesGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slots := pool.New(1)
		old, young := slots.Page(pool.Request{}), slots.Page(pool.Request{})
		hold := make(chan struct{})
		go func() {
			_ = slots.Page(pool.Request{}).Do(t.Context(), pool.Decode, func() error { <-hold; return nil })
		}()
		synctest.Wait()

		var order []string // written by one goroutine at a time: there is one slot
		for _, ask := range []struct {
			page  *pool.Page
			stage pool.Stage
			name  string
		}{
			{young, pool.Decode, "young decode"}, {old, pool.Decode, "old decode"},
			{young, pool.Detect, "young detect"}, {young, pool.Line, "young line"},
			{old, pool.Line, "old line"},
		} {
			go func() {
				_ = ask.page.Do(t.Context(), ask.stage, func() error {
					order = append(order, ask.name)
					return nil
				})
			}()
			synctest.Wait()
		}
		close(hold)
		synctest.Wait()

		want := []string{"old line", "young line", "young detect", "old decode", "young decode"}
		if !slices.Equal(order, want) {
			t.Errorf("got %v, want %v", order, want)
		}
	})
}

// A file dropped by hand goes before a long job, whatever stages its pages are in.
func TestUrgentPagesGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slots := pool.New(1)
		old, urgent := slots.Page(pool.Request{}), slots.Page(pool.Request{Urgent: true})
		younger := slots.Page(pool.Request{Kind: pool.Translating, Urgent: true})
		hold := make(chan struct{})
		go func() {
			_ = old.Do(t.Context(), pool.Decode, func() error { <-hold; return nil })
		}()
		synctest.Wait()
		var order []string // written by one goroutine at a time: there is one slot
		for _, ask := range []struct {
			page  *pool.Page
			stage pool.Stage
			name  string
		}{
			{old, pool.Line, "line"}, {younger, pool.Decode, "younger"},
			{urgent, pool.Decode, "urgent"}, {urgent, pool.Detect, "urgent detect"},
		} {
			go func() {
				_ = ask.page.Do(t.Context(), ask.stage, func() error {
					order = append(order, ask.name)
					return nil
				})
			}()
			synctest.Wait()
		}
		close(hold)
		synctest.Wait()
		if want := []string{"urgent detect", "urgent", "younger", "line"}; !slices.Equal(order, want) {
			t.Errorf("got %v, want %v", order, want)
		}
	})
}

func TestTheNumberOfSlotsChangesLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slots := pool.New(1)
		end := make(chan struct{})
		for range 6 {
			go func() {
				_ = slots.Page(pool.Request{}).Do(t.Context(), pool.Line, func() error { <-end; return nil })
			}()
		}
		for _, c := range []struct{ set, ended, want int }{
			{1, 0, 1}, {4, 0, 4}, {2, 0, 4}, {2, 1, 3}, {2, 1, 2}, {2, 1, 2}, {0, 1, 1}, {8, 0, 2},
		} {
			slots.SetN(c.set)
			for range c.ended {
				end <- struct{}{}
			}
			synctest.Wait()
			if got := slots.Busy(); got != c.want || slots.N() != max(1, c.set) {
				t.Errorf("set to %d: got %d of %d at work, want %d", c.set, got, slots.N(), c.want)
			}
		}
		close(end)
	})
}

func TestGivingUpLosesNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slots := pool.New(1)
		hold := make(chan struct{})
		go func() {
			_ = slots.Page(pool.Request{}).Do(t.Context(), pool.Line, func() error { <-hold; return nil })
		}()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error)
		go func() { gaveUp <- slots.Page(pool.Request{}).Do(ctx, pool.Line, func() error { return nil }) }()
		synctest.Wait()
		cancel()
		if err := <-gaveUp; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		close(hold)
		if err := slots.Page(pool.Request{}).Do(t.Context(), pool.Line, func() error { return nil }); err != nil {
			t.Errorf("slot was lost: %v", err)
		}
	})
}

func TestPanicGivesTheSlotBack(t *testing.T) {
	slots := pool.New(1)
	func() {
		defer func() { _ = recover() }()
		_ = slots.Page(pool.Request{}).Do(t.Context(), pool.Line, func() error { panic("boom") })
	}()
	if err := slots.Page(pool.Request{}).Do(t.Context(), pool.Line, func() error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestPhysicalStaysWithinWhatGoMayUse(t *testing.T) {
	for _, cpus := range []int{1, 2, 1024} {
		if got := pool.Physical(t.Context(), cpus); got < 1 || got > cpus {
			t.Errorf("with %d CPUs: got %d", cpus, got)
		}
	}
}
