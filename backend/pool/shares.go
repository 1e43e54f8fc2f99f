package pool

import (
	"container/heap"
	"time"
)

// Kind is a kind of work that has a share of the slots of its own.
type Kind int

// The kinds of work.
const (
	Reading     Kind = iota // pictures to text
	Translating             // texts to other languages
	Labelling               // pictures and texts to labels
	kinds                   // how many there are
)

// shares choose whose turn it is among kinds of work: start-time fair queueing (Goyal, Vin
// and Cheng, 1996) by the time that slots are held. Each kind has a clock that runs as fast
// as it uses slots, divided by its weight, and a free slot goes to the kind whose clock is
// behind. Time, and not the number of pieces or of slots held: a detection takes as long as
// ten lines, and with one slot nobody holds any at the moment of the choice.
//
// A kind that alone has work gets every slot. Who begins to wait starts at the clock of who
// was served last, without credit for the time before: so a share that was lent comes back
// as slots do, and nobody waits for longer than the pieces at work and the others' shares.
type shares struct {
	of    [kinds]share
	clock time.Duration // of the kind that was served last, when it was
}

// share is one kind of work.
type share struct {
	weight  int
	waiting queue

	used  time.Duration // slot time by weight, up to since
	held  int           // slots at work
	since time.Time
}

func evenShares() (s shares) {
	for k := range s.of {
		s.of[k].weight = 1
	}
	return s
}

// add queues a waiter of a kind.
func (s *shares) add(k Kind, w *waiter, now time.Time) {
	of := &s.of[k]
	of.charge(now)
	if of.waiting.Len() == 0 {
		of.used = max(of.used, s.clock)
	}
	heap.Push(&of.waiting, w)
}

// next takes out whose turn it is; nil when nobody waits.
func (s *shares) next(now time.Time) *waiter {
	var best *share
	for k := range s.of {
		of := &s.of[k]
		of.charge(now)
		if of.waiting.Len() > 0 && (best == nil || of.before(best)) {
			best = of
		}
	}
	if best == nil {
		return nil
	}
	s.clock = max(s.clock, best.used)
	return heap.Pop(&best.waiting).(*waiter)
}

// before reports whether a is further behind its share than b; those without one come last.
func (a *share) before(b *share) bool {
	if (a.weight > 0) != (b.weight > 0) {
		return a.weight > 0
	}
	if a.used != b.used {
		return a.used < b.used
	}
	return (a.held+1)*max(1, b.weight) < (b.held+1)*max(1, a.weight)
}

// take counts n more slots from now on, or fewer when n is negative.
func (a *share) take(n int, now time.Time) {
	a.charge(now)
	a.held += n
}

// setWeight changes the weight from now on.
func (a *share) setWeight(weight int, now time.Time) {
	a.charge(now)
	a.weight = max(0, weight)
}

// charge brings the clock up to now.
func (a *share) charge(now time.Time) {
	if a.held > 0 {
		a.used += time.Duration(a.held) * now.Sub(a.since) / time.Duration(max(1, a.weight))
	}
	a.since = now
}
