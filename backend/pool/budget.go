package pool

import (
	"context"
	"slices"
	"sync"
)

// Budget is an amount of something, such as bytes of memory, that those who reserve parts of
// it may not exceed together. What is larger than the whole budget waits until nothing else
// is in, and is then alone. Nobody is passed over for being large: those who come later wait
// behind it.
//
// There is no deadlock as long as nobody who holds a part waits for another part.
type Budget struct {
	mu      sync.Mutex
	size    int64
	taken   int64
	waiting []*claim // in the order in which they get in
}

// NewBudget returns a budget of that size; below 1 counts as 1.
func NewBudget(size int64) *Budget { return &Budget{size: max(1, size)} }

// Size is the whole budget.
func (b *Budget) Size() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.size
}

// SetSize changes the size; below 1 counts as 1. What is in stays in.
func (b *Budget) SetSize(size int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.size = max(1, size)
	b.admit()
}

// Taken is what is reserved now; more than Size while something larger is alone in it.
func (b *Budget) Taken() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.taken
}

// Reservation is a part of a Budget.
type Reservation struct {
	budget *Budget
	amount int64 // guarded by the budget's mutex
}

// Shrink gives back what is above amount. It never takes more.
func (r *Reservation) Shrink(amount int64) {
	b := r.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	if amount = max(0, amount); amount < r.amount {
		b.taken -= r.amount - amount
		r.amount = amount
		b.admit()
	}
}

// Release gives everything back. Releasing again does nothing.
func (r *Reservation) Release() { r.Shrink(0) }

// claim is somebody who waits for a part of a budget.
type claim struct {
	turn   turn
	amount int64
	ready  chan struct{} // closed when the part is theirs
}

func (b *Budget) acquire(ctx context.Context, amount int64, t turn) (*Reservation, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c := &claim{turn: t, amount: max(0, amount), ready: make(chan struct{})}
	granted := &Reservation{budget: b, amount: c.amount}
	b.mu.Lock()
	b.enqueue(c)
	b.admit()
	b.mu.Unlock()

	select {
	case <-c.ready:
		return granted, nil
	case <-ctx.Done():
	}
	if !b.leave(c) {
		granted.Release() // it was admitted in the same moment
	}
	return nil, ctx.Err()
}

// enqueue puts a claim behind those whose turn is not after it.
func (b *Budget) enqueue(c *claim) {
	at := len(b.waiting)
	for at > 0 && c.turn.before(b.waiting[at-1].turn) {
		at--
	}
	b.waiting = slices.Insert(b.waiting, at, c)
}

// leave takes out a claim that is given up; false: it has been admitted.
func (b *Budget) leave(c *claim) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := slices.Index(b.waiting, c)
	if at < 0 {
		return false
	}
	b.waiting = slices.Delete(b.waiting, at, at+1)
	b.admit() // those behind it may fit
	return true
}

// admit lets in, in their order, those who fit.
func (b *Budget) admit() {
	for len(b.waiting) > 0 {
		c := b.waiting[0]
		if b.taken > 0 && b.taken+c.amount > b.size {
			return
		}
		b.taken += c.amount
		b.waiting = slices.Delete(b.waiting, 0, 1)
		close(c.ready)
	}
}
