package layout

import (
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// turnedHeight is how high, in usual line heights, what runs across the page's direction must
// be to be read by itself: the outline of a single digit is often higher than wide, and still
// belongs to its row.
const turnedHeight = 2.0

// sort places lines, those of the page's direction apart from those that run across it.
func (f frame) sort(lines []inkpool.Line) (along, across []box) {
	boxes := make([]box, len(lines))
	var heights []float64
	for i := range lines {
		boxes[i] = f.place(&lines[i])
		if !f.isAcross(&lines[i]) {
			heights = append(heights, boxes[i].height())
		}
	}
	high := turnedHeight * median(heights)
	for _, b := range boxes {
		if f.isAcross(b.line) && b.height() > high {
			across = append(across, b)
			continue
		}
		along = append(along, b)
	}
	return along, across
}

// turned is a group of lines that run across the page: a vertical caption on a page of
// horizontal lines, the horizontal title of a vertical page.
type turned struct {
	area
	blocks []block
}

type turnedGroups []turned

// turnedGap is how far apart the lines of a group may be, in parts of their thickness.
const turnedGap = 1.5

// groupTurned joins boxes that are near one another, and reads each group in its own
// direction.
func groupTurned(boxes []box) turnedGroups {
	var out turnedGroups
	for len(boxes) > 0 {
		var group []box
		group, boxes = grow(boxes)
		t := turned{area: group[0].area}
		var lines []inkpool.Line
		for _, b := range group {
			t.area = t.around(b.area)
			lines = append(lines, *b.line)
		}
		t.blocks = arrange(fromTopLeft(lines))
		out = append(out, t)
	}
	return out
}

// grow parts boxes into those that can be reached from the first and the rest.
func grow(boxes []box) (group, rest []box) {
	group, rest = []box{boxes[0]}, slices.Clone(boxes[1:])
	for i := 0; i < len(group); i++ {
		far := rest[:0]
		for _, b := range rest {
			if group[i].near(b.area) {
				group = append(group, b)
				continue
			}
			far = append(far, b)
		}
		rest = far
	}
	return group, rest
}

// near reports whether less than a line would fit between two boxes of turned lines.
func (a area) near(o area) bool {
	reach := turnedGap * min(a.width(), o.width())
	return a.u0-o.u1 < reach && o.u0-a.u1 < reach && a.v0-o.v1 < reach && o.v0-a.v1 < reach
}

// byRegion deals groups to the regions that they are nearest to.
func (g turnedGroups) byRegion(regions [][]row) [][]turned {
	out := make([][]turned, len(regions))
	if len(g) == 0 {
		return out
	}
	areas := make([]area, len(regions))
	for i, rows := range regions {
		areas[i] = areaOf(rows)
	}
	for _, t := range g {
		at := 0
		for i, a := range areas {
			if t.distance(a) < t.distance(areas[at]) {
				at = i
			}
		}
		out[at] = append(out[at], t)
	}
	return out
}

func areaOf(rows []row) area {
	out := rows[0][0].area
	for _, r := range rows {
		for _, b := range r {
			out = out.around(b.area)
		}
	}
	return out
}

// withTurned puts groups of turned lines between the paragraphs of a region: before what they
// stand beside where they come first in a row, otherwise behind it.
func withTurned(paragraphs []paragraph, groups []turned) []block {
	areas := make([]area, len(paragraphs))
	for i, p := range paragraphs {
		areas[i] = areaOf(p)
	}
	before := make([][]block, len(paragraphs)+1) // blocks before each paragraph
	for _, t := range groups {
		i := t.place(areas)
		before[i] = append(before[i], t.blocks...)
	}
	var out []block
	for i, p := range paragraphs {
		out = append(append(out, before[i]...), p.lines())
	}
	return append(out, before[len(paragraphs)]...)
}

// place is the number of the paragraph before which a group is read.
func (t turned) place(paragraphs []area) int {
	first, last := -1, 0
	for i, p := range paragraphs {
		if p.v1 <= t.v0 && first < 0 {
			last = i + 1 // above the group
		}
		if p.v0 < t.v1 && t.v0 < p.v1 {
			if first < 0 {
				first = i
			}
			last = i + 1
		}
	}
	if first >= 0 && (t.u0+t.u1)/2 < paragraphs[first].u0 {
		return first
	}
	return last
}
