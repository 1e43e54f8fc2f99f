package layout

import (
	"cmp"
	"math"
	"slices"
)

// row is boxes side by side, by growing u.
type row []box

func (r row) centreV() float64 {
	sum, all, n := 0.0, 0.0, 0
	for _, b := range r {
		all += b.centreV()
		if !b.spanning {
			sum += b.centreV()
			n++
		}
	}
	if n == 0 {
		return all / float64(len(r))
	}
	return sum / float64(n)
}

func (r row) top() float64 {
	return slices.MinFunc(r, func(a, b box) int { return cmp.Compare(a.v0, b.v0) }).v0
}

func (r row) bottom() float64 {
	return slices.MaxFunc(r, func(a, b box) int { return cmp.Compare(a.v1, b.v1) }).v1
}

// Neighbours of a row are level.
const (
	rowTolerance = 0.5 // how far apart they may be, in heights of the lower one
	rowOverlap   = 0.5 // how far into one another they may reach, in widths of the narrower one
)

// formRows joins boxes to rows, from top to bottom. A row is a chain of neighbours, each level
// with the next one: a row may bend or climb, as those of a creased receipt do, where one
// measure for the whole row would tear it.
func formRows(boxes []box) []row {
	boxes = slices.Clone(boxes)
	slices.SortStableFunc(boxes, func(a, b box) int {
		return cmp.Or(cmp.Compare(a.centreV(), b.centreV()), cmp.Compare(a.u0, b.u0))
	})
	next, hasLeft := neighbours(boxes)
	var rows []row
	for i := range boxes {
		if hasLeft[i] {
			continue
		}
		var r row
		for j := i; j >= 0; j = next[j] {
			r = append(r, boxes[j])
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.centreV(), b.centreV()), cmp.Compare(a[0].u0, b[0].u0))
	})
	return rows
}

// neighbours finds for each box the next one in its row, -1 at the end of a row. Two boxes
// are neighbours when each is the nearest to the other.
func neighbours(boxes []box) (next []int, hasLeft []bool) {
	right, left := nearest(boxes)
	next, hasLeft = right, make([]bool, len(boxes))
	for i, j := range right {
		if j >= 0 && left[j] == i {
			hasLeft[j] = true
			continue
		}
		next[i] = -1
	}
	return next, hasLeft
}

// nearest finds for each box the nearest level one on either side, -1 if there is none. Boxes
// are sorted by their middle.
func nearest(boxes []box) (right, left []int) {
	right, left = make([]int, len(boxes)), make([]int, len(boxes))
	for i := range boxes {
		right[i], left[i] = -1, -1
	}
	for i, a := range boxes {
		for j := i + 1; j < len(boxes) && boxes[j].centreV()-a.centreV() < a.height(); j++ {
			from, to := i, j
			if boxes[j].before(a) {
				from, to = j, i
			}
			if !boxes[from].level(boxes[to]) {
				continue
			}
			if k := right[from]; k < 0 || boxes[to].u0 < boxes[k].u0 {
				right[from] = to
			}
			if k := left[to]; k < 0 || boxes[from].u1 > boxes[k].u1 {
				left[to] = from
			}
		}
	}
	return right, left
}

func (b box) before(o box) bool {
	return b.u0 < o.u0 || b.u0 == o.u0 && b.u1 < o.u1
}

// level reports whether o, which lies to the right of b, continues its row.
func (b box) level(o box) bool {
	low := min(b.height(), o.height())
	return b.u1-o.u0 < rowOverlap*min(b.width(), o.width()) &&
		math.Abs(o.left-b.right) < rowTolerance*low &&
		math.Abs(o.centreV()-b.centreV()) < low
}
