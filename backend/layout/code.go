package layout

import (
	"math"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// blankLines is how many empty lines a gap between two rows of code becomes at most.
const blankLines = 2

// blankCells is how many spaces a gap becomes at most: documents can place text a thousand miles
// beside the page.
const blankCells = 1000

// codeText sets lines as fixed-width type: all rows of the page from top to bottom, and spaces
// where the page has room.
func codeText(lines []inkpool.Line) string {
	boxes, across := newFrame(lines).sort(lines)
	rows := formRows(append(boxes, across...))
	if len(rows) == 0 {
		return ""
	}
	cell, pitch := cellWidth(boxes), usualPitch(rows)
	left, _ := extent(rows)
	var b strings.Builder
	for i, r := range rows {
		if i > 0 {
			down := math.Round((r.centreV() - rows[i-1].centreV()) / max(1, pitch))
			b.WriteString(strings.Repeat("\n", max(1, min(1+blankLines, int(down)))))
		}
		b.WriteString(r.spaced(left, cell))
	}
	return b.String()
}

// spaced is the text of a row with spaces for the room to the left of each box.
func (r row) spaced(left, cell float64) string {
	var b strings.Builder
	column := 0
	for i, x := range r {
		want := int(math.Round((x.u0 - left) / cell))
		if i > 0 {
			want = max(want, column+1)
		}
		blank := min(max(0, want-column), blankCells)
		b.WriteString(strings.Repeat(" ", blank))
		b.WriteString(x.line.Text)
		column += blank + cellCount(x.line.Text)
	}
	return b.String()
}

// cellWidth is the usual width of a character in pixels, half of that of a Chinese one.
func cellWidth(boxes []box) float64 {
	var widths []weighted
	for _, b := range boxes {
		if n := cellCount(b.line.Text); n > 0 {
			widths = append(widths, weighted{value: b.cell(), weight: float64(n)})
		}
	}
	return max(1, weightedMedian(widths))
}
