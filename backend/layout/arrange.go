// Package layout puts the lines of a page into reading order and makes a text of them.
//
// It looks at the outlines of lines, never at pixels, so that lines that were recognised, and
// those that a document carries, are treated alike. Everything is a pure function.
package layout

import (
	"cmp"
	"math"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

type point = inkpool.Point

// Arrange returns lines in reading order and numbers their blocks. It handles one column
// and columns side by side, with headings across them; what looks like a table or a
// receipt is read row by row. Lines on pages that lie on a side or upside down, and
// vertical columns, are ordered as their own direction says. It does not change its input.
func Arrange(lines []inkpool.Line) []inkpool.Line {
	along := readingDirection(lines)
	placed := make([]placedLine, len(lines))
	for i, l := range lines {
		placed[i] = place(l, along)
	}
	out := make([]inkpool.Line, 0, len(lines))
	for block, members := range splitParagraphs(readColumns(placed)) {
		for _, m := range members {
			m.line.Block = block
			out = append(out, m.line)
		}
	}
	return out
}

// placedLine is a line and its bounding box in the reader's frame: u grows along the
// lines, v from one line to the next.
type placedLine struct {
	line           inkpool.Line
	u0, u1, v0, v1 float64
}

func (p placedLine) height() float64  { return p.v1 - p.v0 }
func (p placedLine) width() float64   { return p.u1 - p.u0 }
func (p placedLine) centreV() float64 { return (p.v0 + p.v1) / 2 }

// place finds a line's box in the frame whose u axis is the unit vector along.
func place(l inkpool.Line, along point) placedLine {
	across := point{X: -along.Y, Y: along.X}
	p := placedLine{line: l, u0: math.Inf(1), u1: math.Inf(-1), v0: math.Inf(1), v1: math.Inf(-1)}
	for _, c := range l.Quad {
		p.u0, p.u1 = min(p.u0, c.Dot(along)), max(p.u1, c.Dot(along))
		p.v0, p.v1 = min(p.v0, c.Dot(across)), max(p.v1, c.Dot(across))
	}
	return p
}

// readingDirection is the unit vector in which most of the text runs. Lines vote with
// their length for one of four directions. Within the winning one the median follows skew:
// the boxes of short lines are often tilted by a degree, which would bend a mean so far
// that the two ends of a row on a wide page lie in different rows.
func readingDirection(lines []inkpool.Line) point {
	var votes [4]float64
	var angles [4][]weighted // from the direction, in radians
	for _, l := range lines {
		d := l.Quad[1].Sub(l.Quad[0])
		angle := math.Atan2(d.Y, d.X)
		quarter := math.Round(angle / (math.Pi / 2))
		i, length := (int(quarter)+4)%4, math.Hypot(d.X, d.Y)
		votes[i] += length
		angles[i] = append(angles[i], weighted{value: angle - quarter*math.Pi/2, weight: length})
	}
	winner := 0
	for i, v := range votes {
		if v > votes[winner] {
			winner = i
		}
	}
	sin, cos := math.Sincos(weightedMedian(angles[winner], votes[winner]))
	p := point{X: cos, Y: sin}
	for range winner { // a quarter turn, clockwise on the page
		p = point{X: -p.Y, Y: p.X}
	}
	return p
}

type weighted struct{ value, weight float64 }

// weightedMedian is the value below which half of the weight lies, 0 of no values.
func weightedMedian(values []weighted, total float64) float64 {
	slices.SortFunc(values, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	below := 0.0
	for _, v := range values {
		if below += v.weight; 2*below >= total {
			return v.value
		}
	}
	return 0
}

// readColumns orders lines. Where a gutter splits them into columns, the lines
// that cross it (headings, footers) part the page into bands; each band is read column by
// column, every column again by this function. Without a gutter it is one column.
func readColumns(lines []placedLine) [][]placedLine {
	gutter, ok := findGutter(lines)
	if !ok {
		return [][]placedLine{readRows(lines)}
	}
	var out [][]placedLine
	for _, b := range bands(lines, gutter) {
		if b.crossing || !b.columns() {
			out = append(out, readRows(b.lines()))
			continue
		}
		out = append(out, readColumns(b.left)...)
		out = append(out, readColumns(b.right)...)
	}
	return out
}

// band is a part of the page from one crossing line to the next: either what lies on both
// sides of a gutter, or (crossing) what goes across it, in left.
type band struct {
	left, right []placedLine
	crossing    bool
}

func (b band) lines() []placedLine { return slices.Concat(b.left, b.right) }

// columns reports whether the two sides of a band are read one after the other. Cells of
// tables and receipts are not: reading those column by column would tear rows apart.
func (b band) columns() bool {
	return isProse(b.left) && isProse(b.right) || independent(b.left, b.right)
}

// Columns of prose have long lines.
const (
	proseLines  = 3   // lines on each side at least
	proseAspect = 7.0 // median width : height of the lines at least; about 7 Chinese or 14 Latin characters
)

func isProse(lines []placedLine) bool {
	if len(lines) < proseLines {
		return false
	}
	aspects := make([]float64, len(lines))
	for i, l := range lines {
		aspects[i] = l.width() / max(1, l.height())
	}
	return median(aspects) >= proseAspect
}

// Sides whose lines do not stand in common rows have nothing to do with each other: a
// window's sidebar and its content. In a table nearly every cell has a neighbour; lines
// spaced by chance meet in about a third of the cases.
const (
	independentLines = 4   // on each side at least
	rowTolerance     = 0.3 // how far apart the centres of a row may be, in heights
	sharedRows       = 0.5 // part of the shorter side's lines that share a row, from which it is a table
	flushTolerance   = 1.5 // how far left edges of one side may differ, in median heights (icons, indents)
	flushLines       = 0.7 // part of a side's lines that must be flush on the left: words in photos are not
)

func independent(left, right []placedLine) bool {
	few, many := left, right
	if len(few) > len(many) {
		few, many = many, few
	}
	if len(few) < independentLines || !flushLeft(left) || !flushLeft(right) {
		return false
	}
	shared := 0
	for _, l := range few {
		if slices.ContainsFunc(many, func(m placedLine) bool {
			return math.Abs(l.centreV()-m.centreV()) < rowTolerance*min(l.height(), m.height())
		}) {
			shared++
		}
	}
	return float64(shared) < sharedRows*float64(len(few))
}

// flushLeft reports whether most lines begin at the same place, as interfaces set them.
func flushLeft(lines []placedLine) bool {
	edges, heights := make([]float64, len(lines)), make([]float64, len(lines))
	for i, l := range lines {
		edges[i], heights[i] = l.u0, l.height()
	}
	edge, tolerance := median(edges), flushTolerance*median(heights)
	flush := 0
	for _, e := range edges {
		if math.Abs(e-edge) <= tolerance {
			flush++
		}
	}
	return float64(flush) >= flushLines*float64(len(lines))
}

// bands parts lines at those that cross the gutter.
func bands(lines []placedLine, gutter float64) []band {
	ordered := slices.Clone(lines)
	slices.SortStableFunc(ordered, func(a, b placedLine) int { return cmp.Compare(a.centreV(), b.centreV()) })
	var out []band
	last := func(crossing bool) *band {
		if len(out) == 0 || out[len(out)-1].crossing != crossing {
			out = append(out, band{crossing: crossing})
		}
		return &out[len(out)-1]
	}
	for _, l := range ordered {
		switch {
		case l.u1 <= gutter:
			b := last(false)
			b.left = append(b.left, l)
		case l.u0 >= gutter:
			b := last(false)
			b.right = append(b.right, l)
		default:
			b := last(true)
			b.left = append(b.left, l)
		}
	}
	return out
}

// findGutter returns the position along the lines that has the most lines of columns
// beside it. Candidates are the left edges of lines: columns start there.
func findGutter(lines []placedLine) (gutter float64, ok bool) {
	best := 0
	for _, l := range lines {
		candidate := l.u0
		if n := columnLines(lines, candidate); n > best {
			best, gutter = n, candidate
		}
	}
	// Half of the lines at least: else one table cell that happens to align would do.
	return gutter, best*2 > len(lines)
}

// columnLines counts the lines in bands of columns around a gutter.
func columnLines(lines []placedLine, gutter float64) int {
	n := 0
	for _, b := range bands(lines, gutter) {
		if !b.crossing && b.columns() {
			n += len(b.left) + len(b.right)
		}
	}
	return n
}

// readRows orders the lines of one column: rows from top to bottom, each from left to
// right. Lines are in one row when their centres differ by less than half the lower one's
// height.
func readRows(lines []placedLine) []placedLine {
	rest := slices.Clone(lines)
	slices.SortStableFunc(rest, func(a, b placedLine) int {
		return cmp.Or(cmp.Compare(a.centreV(), b.centreV()), cmp.Compare(a.u0, b.u0))
	})
	for start := 0; start < len(rest); {
		end := start + 1
		for end < len(rest) && sameRow(rest[end-1], rest[end]) && sameRow(rest[start], rest[end]) {
			end++
		}
		slices.SortStableFunc(rest[start:end], func(a, b placedLine) int { return cmp.Compare(a.u0, b.u0) })
		start = end
	}
	return rest
}

func sameRow(a, b placedLine) bool {
	return math.Abs(a.centreV()-b.centreV()) < min(a.height(), b.height())/2
}

// A new block begins where the distance to the line before is paragraphPitch times the usual
// one of the column, and leaves a space of minParagraphGap heights of the lower of both
// lines: line spacing differs from page to page, but is even within a paragraph.
const (
	paragraphPitch  = 1.3
	minParagraphGap = 0.3
)

// splitParagraphs splits columns into blocks.
func splitParagraphs(columns [][]placedLine) [][]placedLine {
	var blocks [][]placedLine
	for _, column := range columns {
		start, usual := 0, usualPitch(column)
		for i := 1; i < len(column); i++ {
			if newParagraph(column[i-1], column[i], usual) {
				blocks = append(blocks, column[start:i])
				start = i
			}
		}
		if start < len(column) {
			blocks = append(blocks, column[start:])
		}
	}
	return blocks
}

func newParagraph(above, below placedLine, usualPitch float64) bool {
	if sameRow(above, below) {
		return false
	}
	gap := below.v0 - above.v1
	return below.centreV()-above.centreV() > paragraphPitch*usualPitch &&
		gap > minParagraphGap*min(above.height(), below.height())
}

// shortColumnPitch is the usual distance between rows in heights of a line, for columns of
// too few rows to say: books are set at 1.2 to 1.5.
const shortColumnPitch = 1.3

// usualPitch is the median distance between the rows of a column.
func usualPitch(column []placedLine) float64 {
	var pitches, heights []float64
	for i, l := range column {
		heights = append(heights, l.height())
		if i > 0 && !sameRow(column[i-1], l) {
			pitches = append(pitches, l.centreV()-column[i-1].centreV())
		}
	}
	if len(pitches) < 3 {
		return shortColumnPitch * median(heights)
	}
	return median(pitches)
}

// median returns the upper median, 0 of no values; it sorts them.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}
