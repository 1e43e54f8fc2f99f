package tokenize

import "sync"

// symbol is one piece of a text on its way through byte pair encoding: a link in a list.
type symbol struct {
	span
	prev, next int32 // places in the list of symbols; -1: none
}

// merge is two neighbouring symbols that may become one. The one with the lowest rank is
// done first, and of equal ones the leftmost.
type merge struct {
	rank int32
	left int32 // place of the left one in the list of symbols
	id   int32 // of the piece that comes of it
}

func (m merge) before(other merge) bool {
	return m.rank < other.rank || m.rank == other.rank && m.left < other.left
}

// merger does byte pair encoding (Sennrich 2016, arXiv:1508.07909) in time n·log n.
type merger struct {
	symbols []symbol
	queue   []merge // a heap
}

// mergers keeps mergers for the next text.
type mergers struct{ pool sync.Pool }

func (p *mergers) borrow() *merger {
	if m, ok := p.pool.Get().(*merger); ok {
		m.symbols, m.queue = m.symbols[:0], m.queue[:0]
		return m
	}
	return &merger{}
}

func (p *mergers) giveBack(m *merger) {
	if cap(m.symbols) <= maxKept {
		p.pool.Put(m)
	}
}

// add appends a symbol to the list.
func (m *merger) add(s span) {
	n := int32(len(m.symbols))
	m.symbols = append(m.symbols, symbol{s, n - 1, n + 1})
}

// run merges until nothing is left to merge. find says what becomes of two neighbours.
func (m *merger) run(find func(left, right span) (rank, id int32, ok bool)) {
	if len(m.symbols) == 0 {
		return
	}
	m.symbols[len(m.symbols)-1].next = -1
	offer := func(left int32) {
		if left < 0 || m.symbols[left].next < 0 {
			return
		}
		if rank, id, ok := find(m.symbols[left].span, m.symbols[m.symbols[left].next].span); ok {
			m.push(merge{rank, left, id})
		}
	}
	for i := range m.symbols {
		offer(int32(i))
	}
	for len(m.queue) > 0 {
		best := m.pop()
		left := &m.symbols[best.left]
		if left.start == left.end || left.next < 0 {
			continue
		}
		right := &m.symbols[left.next]
		// One of the two may have become part of something else meanwhile.
		if _, id, ok := find(left.span, right.span); !ok || id != best.id {
			continue
		}
		left.id, left.end, left.next = best.id, right.end, right.next
		right.start = right.end
		if left.next >= 0 {
			m.symbols[left.next].prev = best.left
		}
		offer(left.prev)
		offer(best.left)
	}
}

// each calls f for the symbols that are left, in order.
func (m *merger) each(f func(span)) {
	for i := int32(0); i >= 0 && int(i) < len(m.symbols); i = m.symbols[i].next {
		f(m.symbols[i].span)
	}
}

func (m *merger) push(x merge) {
	m.queue = append(m.queue, x)
	for i := len(m.queue) - 1; i > 0; {
		parent := (i - 1) / 2
		if !m.queue[i].before(m.queue[parent]) {
			return
		}
		m.queue[i], m.queue[parent] = m.queue[parent], m.queue[i]
		i = parent
	}
}

func (m *merger) pop() merge {
	best, last := m.queue[0], len(m.queue)-1
	m.queue[0] = m.queue[last]
	m.queue = m.queue[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return best
		}
		if child+1 < last && m.queue[child+1].before(m.queue[child]) {
			child++
		}
		if !m.queue[child].before(m.queue[i]) {
			return best
		}
		m.queue[i], m.queue[child] = m.queue[child], m.queue[i]
		i = child
	}
}
