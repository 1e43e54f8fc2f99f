// Package pool shares the machine among the stages of all pages at work: its cores, and the
// memory that they may take.
//
// A slot is the right to use one core. Every decode and every model run holds one while it
// works, so that no more threads compute than there are slots, however many pages and
// lines wait. Urgent pages go first; then each kind of work gets its share of the time; and
// within a kind slots go to the stage that is nearest to a result, and among equals to the
// oldest page: lines before detections before decodes. That keeps the number of decoded
// pages and feature maps in memory small.
//
// A Budget admits pages by the memory that they are predicted to take. Physical and Memory say
// what the machine has.
//
// All methods are safe for concurrent use. The package starts no goroutines.
package pool

import (
	"container/heap"
	"context"
	"sync"
	"sync/atomic"
	"time"

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
	tickets atomic.Int64

	mu     sync.Mutex
	n      int
	held   int // more than n for a while after SetN has made n smaller
	urgent queue
	shares shares
}

// New returns n slots, of which each kind of work may take as much as any other; n below 1
// counts as 1.
func New(n int) *Slots {
	return &Slots{n: max(n, 1), shares: evenShares()}
}

// N is the number of slots.
func (s *Slots) N() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

// SetN changes the number of slots; n below 1 counts as 1. More are given out at once; fewer
// take effect as slots come back, because work that has begun is not interrupted.
func (s *Slots) SetN(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n = max(n, 1)
	s.hand()
}

// SetWeight changes the share of a kind of work: while several kinds wait, each gets slot
// time in proportion to its weight. With 0, or less, it gets what no other kind wants.
func (s *Slots) SetWeight(k Kind, weight int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shares.of[k].setWeight(weight, time.Now())
}

// Busy is the number of slots at work.
func (s *Slots) Busy() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}

// Request says what a page's work is.
type Request struct {
	Kind   Kind // the zero value is Reading
	Urgent bool // goes before all that is not, and on nobody's share
}

// Page returns a new page's view of the slots: among equals, pages that asked earlier go
// first.
func (s *Slots) Page(r Request) *Page {
	return &Page{slots: s, request: r, ticket: s.tickets.Add(1)}
}

// Page is one page's view of the slots.
type Page struct {
	slots   *Slots
	request Request
	ticket  int64

	waited, worked atomic.Int64 // nanoseconds
}

// Times is how long work of the page has waited for slots, and how long it has held them, each
// summed over all of them.
func (p *Page) Times() (waited, worked time.Duration) {
	return time.Duration(p.waited.Load()), time.Duration(p.worked.Load())
}

// N is the number of slots that the page may use when it is alone.
func (p *Page) N() int { return p.slots.N() }

// Do waits for a slot, runs work on the caller's goroutine and gives the slot back, also
// when work panics. It returns ctx's error when ctx ends while waiting, else work's error.
// work must not call Do: with one slot it would wait for itself.
func (p *Page) Do(ctx context.Context, stage Stage, work func() error) error {
	asked := time.Now()
	err := p.slots.acquire(ctx, stage, p)
	began := time.Now()
	p.waited.Add(int64(began.Sub(asked)))
	if err != nil {
		return err
	}
	defer func() {
		p.worked.Add(int64(time.Since(began)))
		p.slots.take(p.request, -1)
	}()
	return work()
}

// Reserve waits until amount of a budget is the page's. Urgent pages go before others, and
// among equals older ones first. The reservation must be released.
func (p *Page) Reserve(ctx context.Context, b *Budget, amount int64) (*Reservation, error) {
	return b.acquire(ctx, amount, turn{urgent: p.request.Urgent, ticket: p.ticket})
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

// acquire waits for a slot.
func (s *Slots) acquire(ctx context.Context, stage Stage, p *Page) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w := &waiter{stage: stage, turn: turn{p.request.Urgent, p.ticket}, ready: make(chan struct{}), request: p.request}
	s.mu.Lock()
	if w.request.Urgent {
		heap.Push(&s.urgent, w)
	} else {
		s.shares.add(w.request.Kind, w, time.Now())
	}
	s.hand()
	s.mu.Unlock()

	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
	}
	if !s.leave(w) {
		s.take(p.request, -1) // the slot came in the same moment
	}
	return ctx.Err()
}

// leave takes out a waiter that gives up; false: it has been given a slot.
func (s *Slots) leave(w *waiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.request.Urgent {
		return s.urgent.remove(w)
	}
	return s.shares.of[w.request.Kind].waiting.remove(w)
}

// hand gives free slots to those who wait: the two are never there at the same time.
func (s *Slots) hand() {
	for s.held < s.n {
		w := s.next()
		if w == nil {
			return
		}
		s.count(w.request, 1)
		close(w.ready)
	}
}

// next takes out whose turn it is; nil when nobody waits.
func (s *Slots) next() *waiter {
	if s.urgent.Len() > 0 {
		return heap.Pop(&s.urgent).(*waiter)
	}
	return s.shares.next(time.Now())
}

// take counts n more slots for a request, or fewer when n is negative.
func (s *Slots) take(r Request, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count(r, n)
	s.hand()
}

func (s *Slots) count(r Request, n int) {
	s.held += n
	if !r.Urgent {
		s.shares.of[r.Kind].take(n, time.Now())
	}
}
