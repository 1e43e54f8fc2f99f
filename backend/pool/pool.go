// Package pool shares the cores of the machine among the stages of all pages at work.
//
// A slot is the right to use one core. Every decode and every model run holds one while it
// works, so that no more threads compute than there are slots, however many pages and
// lines wait. Slots go to the stage that is nearest to a result, and among equals to the
// oldest page: lines before detections before decodes. That keeps the number of decoded
// pages and feature maps in memory small.
//
// All methods are safe for concurrent use. The package starts no goroutines.
package pool

import (
	"container/heap"
	"context"
	"sync"
	"sync/atomic"

	"github.com/shirou/gopsutil/v4/cpu"
)

// Stage is a step in reading a page. A later stage goes first.
type Stage int

// The stages in the order in which a page passes them.
const (
	Decode Stage = iota // bytes to pixels
	Detect              // pixels to boxes
	Line                // one box to its text
	Show                // a picture that a person is waiting to see
)

// Slots are the cores that may be used at once.
type Slots struct {
	n       int
	tickets atomic.Int64

	mu      sync.Mutex
	free    int
	waiting queue
}

// New returns n slots; n below 1 counts as 1.
func New(n int) *Slots {
	n = max(n, 1)
	return &Slots{n: n, free: n}
}

// N is the number of slots.
func (s *Slots) N() int { return s.n }

// Page returns a new page's view of the slots: pages that asked earlier go first.
func (s *Slots) Page() *Page {
	return &Page{slots: s, ticket: s.tickets.Add(1)}
}

// Page is one page's view of the slots.
type Page struct {
	slots  *Slots
	ticket int64
}

// N is the number of slots that the page may use when it is alone.
func (p *Page) N() int { return p.slots.n }

// Do waits for a slot, runs work on the caller's goroutine and gives the slot back, also
// when work panics. It returns ctx's error when ctx ends while waiting, else work's error.
// work must not call Do: with one slot it would wait for itself.
func (p *Page) Do(ctx context.Context, stage Stage, work func() error) error {
	if err := p.slots.acquire(ctx, stage, p.ticket); err != nil {
		return err
	}
	defer p.slots.release()
	return work()
}

// Physical is the number of physical cores: hyper-threads add nothing to inference, which
// keeps a core's vector units busy. Where the system does not tell, it is what Go sees.
func Physical(ctx context.Context, goCPUs int) int {
	n, err := cpu.CountsWithContext(ctx, false)
	if err != nil || n < 1 || n > goCPUs {
		return goCPUs // n > goCPUs: a container or taskset allows fewer
	}
	return n
}

func (s *Slots) acquire(ctx context.Context, stage Stage, ticket int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return nil
	}
	w := &waiter{stage: stage, ticket: ticket, ready: make(chan struct{})}
	heap.Push(&s.waiting, w)
	s.mu.Unlock()

	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	if w.index >= 0 {
		heap.Remove(&s.waiting, w.index)
		s.mu.Unlock()
		return ctx.Err()
	}
	s.mu.Unlock()
	s.release() // the slot came in the same moment
	return ctx.Err()
}

func (s *Slots) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting.Len() == 0 {
		s.free++
		return
	}
	next := heap.Pop(&s.waiting).(*waiter)
	close(next.ready) // the slot passes on without ever being free
}

// waiter is a goroutine that waits for a slot.
type waiter struct {
	stage  Stage
	ticket int64
	ready  chan struct{} // closed when the slot is the waiter's
	index  int           // in the queue; -1 when it has left
}

// queue is a heap: later stages first, then older pages.
type queue []*waiter

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].stage != q[j].stage {
		return q[i].stage > q[j].stage
	}
	return q[i].ticket < q[j].ticket
}
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}
func (q *queue) Push(x any) {
	w := x.(*waiter)
	w.index = len(*q)
	*q = append(*q, w)
}
func (q *queue) Pop() any {
	last := len(*q) - 1
	w := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	w.index = -1
	return w
}
