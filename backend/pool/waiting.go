package pool

import "container/heap"

// turn is whose turn it is: urgent pages before others, older ones before younger.
type turn struct {
	urgent bool
	ticket int64
}

func (t turn) before(o turn) bool {
	if t.urgent != o.urgent {
		return t.urgent
	}
	return t.ticket < o.ticket
}

// waiter is a goroutine that waits for a slot.
type waiter struct {
	request Request
	stage   Stage
	turn    turn
	index   int           // in the queue; -1 when it has left
	ready   chan struct{} // closed when the slot is the waiter's
}

// queue is a heap: later stages first, then older pages. Urgent waiters have one of their own.
type queue []*waiter

// remove takes w out, and reports whether it was there.
func (q *queue) remove(w *waiter) bool {
	if w.index < 0 {
		return false
	}
	heap.Remove(q, w.index)
	return true
}

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].stage != q[j].stage {
		return q[i].stage > q[j].stage
	}
	return q[i].turn.before(q[j].turn)
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
