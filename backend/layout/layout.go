// Package layout puts the lines of a page into reading order and makes a text of them.
//
// Arrange orders and numbers the blocks; Text makes a text of what was arranged. Both look at
// the outlines of lines and at their characters, never at pixels, so that lines that were
// recognised, and those that a document carries, are treated alike. How the order is found:
// docs/decisions/0008. Everything is a pure function.
package layout

import (
	"cmp"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

type point = inkpool.Point

// Arrange returns lines in reading order and numbers their blocks. It handles one column
// and columns side by side, with headings across them; what looks like a table or a
// receipt is read row by row. Lines on pages that lie on a side or upside down, and
// vertical columns, are ordered as their own direction says; what runs across the others is
// read by itself. The order does not depend on that of the input, which is not changed. More
// than mostLines are one block, from top to bottom.
func Arrange(lines []inkpool.Line) []inkpool.Line {
	if len(lines) > mostLines {
		return oneBlock(fromTopLeft(lines))
	}
	out := make([]inkpool.Line, 0, len(lines))
	for i, b := range arrange(fromTopLeft(lines)) {
		for _, l := range b {
			l.Block = i
			out = append(out, l)
		}
	}
	return out
}

// mostLines is more than a page has that a person can read: a newspaper's has a thousand. Looking
// for their order would take seconds from 32,000 on, which a document can claim to have.
const mostLines = 8000

func oneBlock(lines []inkpool.Line) []inkpool.Line {
	for i := range lines {
		lines[i].Block = 0
	}
	return lines
}

// block is lines that belong together, in reading order.
type block []inkpool.Line

func arrange(lines []inkpool.Line) []block {
	if len(lines) == 0 {
		return nil
	}
	along, across := newFrame(lines).sort(lines)
	regions := readPage(along)
	groups := groupTurned(across).byRegion(regions)
	var out []block
	for i, paragraphs := range splitRegions(regions) {
		out = append(out, withTurned(paragraphs, groups[i])...)
	}
	return out
}

// fromTopLeft sorts lines by their corners, and those in the very same place by what they say.
func fromTopLeft(lines []inkpool.Line) []inkpool.Line {
	out := slices.Clone(lines)
	slices.SortStableFunc(out, func(a, b inkpool.Line) int {
		for i := range a.Quad {
			if c := cmp.Or(cmp.Compare(a.Quad[i].Y, b.Quad[i].Y), cmp.Compare(a.Quad[i].X, b.Quad[i].X)); c != 0 {
				return c
			}
		}
		return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.Score, b.Score))
	})
	return out
}
