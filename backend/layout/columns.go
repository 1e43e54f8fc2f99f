package layout

import (
	"cmp"
	"math"
	"slices"
)

// readColumns orders the boxes of a part of the page into regions of rows. Where a gutter
// splits them into columns, the rows that cross it (headings, footers) part the page into
// bands; each band is read column by column, every column again by this function. Without a
// gutter it is one region.
func readColumns(boxes []box) [][]row {
	rows := formRows(boxes)
	g, ok := findGutter(boxes, rows)
	if !ok {
		return [][]row{wrapCells(settleSpans(rows))}
	}
	var out [][]row
	var rest []box // rows above the next columns
	flush := func() {
		if len(rest) > 0 {
			out = append(out, readColumns(rest)...)
		}
		rest = nil
	}
	for _, b := range bands(rows, g.at) {
		if b.columns() || g.sure && b.likeColumns() {
			flush()
			out = append(out, readColumns(boxesOf(b.left))...)
			out = append(out, readColumns(boxesOf(b.right))...)
			continue
		}
		rest = append(rest, boxesOf(b.rows)...)
	}
	flush()
	return out
}

func boxesOf(rows []row) []box {
	var out []box
	for _, r := range rows {
		out = append(out, r...)
	}
	return out
}

// gutter is the space to the left of a column.
type gutter struct {
	at    float64 // u of the column's left edge
	boxes int     // in the bands of columns beside it
	width float64 // in pixels, where it is narrowest; negative where boxes reach over it
	sure  bool    // some band beside it leaves no doubt
}

// gutterTries is how many places are looked at closely. Pages have few columns; tables with
// ragged cells offer hundreds of places, of which the emptiest come first.
const gutterTries = 24

// findGutter returns the place that has the most boxes in columns beside it, the widest of
// several.
func findGutter(boxes []box, rows []row) (found gutter, ok bool) {
	for i, c := range gutterCandidates(boxes) {
		if i == gutterTries || c.clear < found.boxes {
			break
		}
		if g := gutterAt(rows, c.at); g.boxes > found.boxes || g.boxes == found.boxes && g.width > found.width {
			found = g
		}
	}
	// Half of the boxes at least where there is doubt: else one table cell that happens to
	// align would do.
	return found, found.sure || found.boxes*2 > len(boxes)
}

// candidate is a place where columns may start.
type candidate struct {
	at    float64
	clear int // boxes that do not cross it
}

// gutterCandidates are the left edges of boxes, those of them as one that are less than a line
// apart, by how few boxes cross them.
func gutterCandidates(boxes []box) []candidate {
	edges, heights := make([]float64, len(boxes)), make([]float64, len(boxes))
	var enter, leave []float64 // where boxes begin and cease to cross
	for i, b := range boxes {
		edges[i], heights[i] = b.u0, b.height()
		if from, to := b.crossed(); from < to {
			enter, leave = append(enter, from), append(leave, to)
		}
	}
	slices.Sort(edges)
	slices.Sort(enter)
	slices.Sort(leave)
	apart := median(heights)
	var out []candidate
	for i, e := range edges {
		if i > 0 && e-edges[i-1] < apart && e-out[len(out)-1].at < apart {
			continue
		}
		entered, _ := slices.BinarySearch(enter, e)
		left, _ := slices.BinarySearch(leave, e)
		out = append(out, candidate{at: e, clear: len(boxes) - (entered - left)})
	}
	slices.SortStableFunc(out, func(a, b candidate) int { return cmp.Compare(b.clear, a.clear) })
	return out
}

// gutterAt judges a place by the bands of columns around it.
func gutterAt(rows []row, at float64) gutter {
	g := gutter{at: at, width: math.Inf(1)}
	for _, b := range bands(rows, at) {
		if b.columns() {
			_, end := extent(b.left)
			start, _ := extent(b.right)
			g.boxes += len(boxesOf(b.rows))
			g.width = min(g.width, start-end)
			g.sure = g.sure || b.sure()
		}
	}
	return g
}

// side says where a box lies.
type side int

const (
	leftSide side = iota
	rightSide
	bothSides
)

// overshoot is how far a box may reach over a gutter, in heights: outlines are drawn a little
// wider than the text.
const overshoot = 0.5

// crossed is from where to where gutters cross a box; nowhere, unless from < to.
func (b box) crossed() (from, to float64) {
	small := overshoot * b.height()
	return b.u0 + small, b.u1 - small
}

func (b box) sideOf(gutter float64) side {
	from, to := b.crossed()
	switch {
	case from < gutter && gutter < to:
		return bothSides
	case gutter-b.u0 >= b.u1-gutter:
		return leftSide
	}
	return rightSide
}

// band is a part of the page from one crossing row to the next: either what lies on both
// sides of a gutter, or (crossing) what goes across it, in rows alone.
type band struct {
	rows        []row
	left, right []row
	crossing    bool
}

// bands parts rows at those that cross the gutter.
func bands(rows []row, gutter float64) []band {
	var out []band
	for _, r := range rows {
		left, right, crossing := r.part(gutter)
		if len(out) == 0 || out[len(out)-1].crossing != crossing {
			out = append(out, band{crossing: crossing})
		}
		b := &out[len(out)-1]
		b.rows = append(b.rows, r)
		if len(left) > 0 && !crossing {
			b.left = append(b.left, left)
		}
		if len(right) > 0 && !crossing {
			b.right = append(b.right, right)
		}
	}
	return out
}

func (r row) part(gutter float64) (left, right row, crossing bool) {
	for i, b := range r {
		switch b.sideOf(gutter) {
		case leftSide:
			left = r[:i+1]
		case rightSide:
			return r[:i], r[i:], false
		case bothSides:
			return nil, nil, true
		}
	}
	return left, nil, false
}
