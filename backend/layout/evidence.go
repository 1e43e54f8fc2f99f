package layout

import (
	"cmp"
	"math"
	"slices"
)

// columns reports whether the two sides of a band are read one after the other. Cells of
// tables and receipts are not: reading those column by column would tear rows apart. Neither
// is what never lies side by side, such as the bubbles of a chat.
func (b band) columns() bool {
	few, many := b.left, b.right
	if len(few) > len(many) {
		few, many = many, few
	}
	if len(few) == 0 {
		return false
	}
	m := b.meet()
	if float64(m.beside) < leastBeside*float64(len(few)) {
		return false
	}
	return isProse(b.left) && isProse(b.right) ||
		m.isIndependent(len(few)) && isContent(b.left) && isContent(b.right) ||
		m.level == 0 && len(many) >= textBesideNotes && isProse(many) && len(columnsOf(many)) == 1
}

// sure reports whether a band can only be columns of prose.
func (b band) sure() bool {
	return len(b.left) >= sureRows && len(b.right) >= sureRows && isProse(b.left) && isProse(b.right)
}

// likeColumns reports whether a band may be the short end of columns that are certain
// elsewhere on the page.
func (b band) likeColumns() bool {
	return len(b.left) > 0 && len(b.right) > 0 && longRows(b.left) == len(b.left) && longRows(b.right) == len(b.right)
}

// Columns of prose have long lines that fill them.
const (
	proseRows   = 3    // on each side at least
	sureRows    = 6    // on each side, from which columns need no other evidence
	proseAspect = 7.0  // width : height of a long line at least; about 7 Chinese or 14 Latin characters
	proseShare  = 0.5  // part of the rows that are long at least; the others may belong to a table
	proseFill   = 0.65 // part of the columns that it touches which the median long row fills at least; cells of a table differ more
)

func isProse(rows []row) bool {
	long := longRows(rows)
	if long < proseRows || float64(long) < proseShare*float64(len(rows)) {
		return false
	}
	columns := columnsOf(rows)
	var fills []float64
	for _, r := range rows {
		if first, last := r[0], r[len(r)-1]; r.isLong() {
			fills = append(fills, (last.u1-first.u0)/max(1, columns.at(last).to-columns.at(first).from))
		}
	}
	return median(fills) >= proseFill
}

// columnsOf are the stretches from left to right on which boxes lie, with nothing between them.
func columnsOf(rows []row) stretches {
	var all stretches
	for _, b := range boxesOf(rows) {
		all = append(all, stretch{b.u0, b.u1})
	}
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	joined := all[:min(1, len(all))]
	for _, s := range all[len(joined):] {
		if last := &joined[len(joined)-1]; s.from < last.to {
			last.to = max(last.to, s.to)
		} else {
			joined = append(joined, s)
		}
	}
	return joined
}

// stretch is a part of the axis along the lines.
type stretch struct{ from, to float64 }

type stretches []stretch

// at is the stretch on which a box lies.
func (s stretches) at(b box) stretch {
	return s[slices.IndexFunc(s, func(one stretch) bool { return one.from <= b.u0 && b.u1 <= one.to })]
}

func longRows(rows []row) int {
	n := 0
	for _, r := range rows {
		if r.isLong() {
			n++
		}
	}
	return n
}

// isLong reports whether one box of a row is as long as a line of prose, and more than figures:
// dates and amounts are cells however long they are.
func (r row) isLong() bool { return slices.ContainsFunc(r, box.isLong) }

func (b box) isLong() bool { return b.aspect() >= proseAspect && !b.figures }

// extent is from where to where rows reach.
func extent(rows []row) (left, right float64) {
	left, right = math.Inf(1), math.Inf(-1)
	for _, r := range rows {
		for _, b := range r {
			left, right = min(left, b.u0), max(right, b.u1)
		}
	}
	return left, right
}

// Sides whose rows are not level have nothing to do with each other: a window's sidebar and
// its content, a note in the margin. In a table nearly every cell has a neighbour; rows spaced
// by chance meet in about a third of the cases.
const (
	leastBeside     = 0.25 // part of the shorter side's rows that have something beside them
	besideOverlap   = 0.2  // by how much, in heights of the lower one
	independentRows = 4    // on each side at least
	levelTolerance  = 0.3  // how far apart the middles of a shared row may be, in heights of the lower one
	sharedRows      = 0.5  // part of the shorter side's rows that are shared, from which it is a table
	textBesideNotes = 6    // rows of one column of prose that may have notes beside them, at least
)

// meeting says how the rows of the shorter side of a band lie to those of the other.
type meeting struct {
	beside int // rows that have one beside them
	level  int // rows that are level with one
}

func (m meeting) isIndependent(rows int) bool {
	return rows >= independentRows && float64(m.level) < sharedRows*float64(rows)
}

// meet compares the ends of rows at the gutter, where they are nearest.
func (b band) meet() meeting {
	few, many := make([]end, len(b.left)), make([]end, len(b.right))
	for i, r := range b.left {
		few[i] = end{v: r[len(r)-1].right, height: r[len(r)-1].height()}
	}
	for i, r := range b.right {
		many[i] = end{v: r[0].left, height: r[0].height()}
	}
	if len(few) > len(many) {
		few, many = many, few
	}
	slices.SortFunc(many, func(a, b end) int { return cmp.Or(cmp.Compare(a.v, b.v), cmp.Compare(a.height, b.height)) })
	var m meeting
	for _, e := range few {
		at, _ := slices.BinarySearchFunc(many, e, func(a, b end) int { return cmp.Compare(a.v, b.v) })
		near := many[max(0, at-1):min(len(many), at+1)]
		if slices.ContainsFunc(near, e.isBeside) {
			m.beside++
		}
		if slices.ContainsFunc(near, e.isLevel) {
			m.level++
		}
	}
	return m
}

// end is the end of a row at a gutter.
type end struct{ v, height float64 }

func (e end) isBeside(o end) bool {
	return (e.height+o.height)/2-math.Abs(e.v-o.v) > besideOverlap*min(e.height, o.height)
}

func (e end) isLevel(o end) bool {
	return math.Abs(e.v-o.v) < levelTolerance*min(e.height, o.height)
}

// The sides of an interface begin their lines at the same place, which words in photos do not,
// and say something, which prices do not.
const (
	flushTolerance = 1.5 // how far left edges may differ, in median heights (icons, indents)
	flushRows      = 0.7 // part of a side's rows that must be flush on the left
	wordRows       = 0.5 // part of a side's rows that must have letters
)

func isContent(rows []row) bool {
	edges, heights := make([]float64, len(rows)), make([]float64, len(rows))
	words := 0
	for i, r := range rows {
		edges[i], heights[i] = r[0].u0, r[0].height()
		if !r[0].figures {
			words++
		}
	}
	edge, tolerance := median(slices.Clone(edges)), flushTolerance*median(heights)
	flush := 0
	for _, e := range edges {
		if math.Abs(e-edge) <= tolerance {
			flush++
		}
	}
	return float64(flush) >= flushRows*float64(len(rows)) && float64(words) >= wordRows*float64(len(rows))
}
