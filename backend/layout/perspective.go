package layout

import (
	"cmp"
	"math"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// A page's lines fan out when its upper and lower ends differ by more than chance.
const (
	fanLines = 9    // that say so at least; fewer differ by chance
	leastFan = 0.02 // tangent of the angle between both ends, about 1 degree
)

// fan fits the tilt of lines to their v: the weighted medians of the first and of the last
// third say how it changes (Tukey's resistant line).
func (f frame) fan(lines []inkpool.Line) trend {
	var steady []tilted
	for i := range lines {
		if b := f.place(&lines[i]); !f.isAcross(b.line) && b.aspect() >= steadyAspect {
			steady = append(steady, tilted{v: b.centreV(), tangent: (b.right - b.left) / b.width(), length: b.width()})
		}
	}
	if len(steady) < fanLines {
		return trend{}
	}
	slices.SortStableFunc(steady, func(a, b tilted) int { return cmp.Compare(a.v, b.v) })
	third := len(steady) / 3
	v0, t0 := medianTilt(steady[:third])
	v1, t1 := medianTilt(steady[len(steady)-third:])
	if math.Abs(t1-t0) < leastFan || v1 <= v0 {
		return trend{}
	}
	slope := (t1 - t0) / (v1 - v0)
	return trend{start: t0 - slope*v0, slope: slope}
}

type tilted struct{ v, tangent, length float64 }

func medianTilt(lines []tilted) (v, tangent float64) {
	vs, tangents := make([]weighted, len(lines)), make([]weighted, len(lines))
	for i, l := range lines {
		vs[i], tangents[i] = weighted{l.v, l.length}, weighted{l.tangent, l.length}
	}
	return weightedMedian(vs), weightedMedian(tangents)
}

// The left edges of a column lean where the page was photographed from above or below.
const (
	edgeLines = 5    // one below the other that make an edge, at least
	flushEdge = 0.7  // how far the next line's edge may be away, in heights
	edgePitch = 3.0  // how far down the next line may be, in heights
	leastLean = 0.01 // tangent, about half a degree
	mostLean  = 0.3  // tangent; beyond, lines are steps rather than an edge
)

// lean is the weighted median of how far the edges of columns lean.
func (f frame) lean(lines []inkpool.Line) float64 {
	boxes, _ := f.sort(lines)
	slices.SortStableFunc(boxes, func(a, b box) int { return cmp.Compare(a.centreV(), b.centreV()) })
	top := make([]int, len(boxes)) // first line of the edge that a line belongs to
	depth := make([]int, len(boxes))
	continued := make([]bool, len(boxes))
	var leans []weighted
	for i, b := range boxes {
		top[i] = i
		if above := lineAbove(boxes, i, continued); above >= 0 {
			continued[above] = true
			top[i], depth[i] = top[above], depth[above]+1
		}
		if first := boxes[top[i]]; depth[i]+1 >= edgeLines {
			down := b.centreV() - first.centreV()
			leans = append(leans, weighted{value: (b.u0 - first.u0) / down, weight: down})
		}
	}
	lean := weightedMedian(leans)
	if math.Abs(lean) < leastLean || math.Abs(lean) > mostLean {
		return 0
	}
	return lean
}

// lineAbove is the nearest line above the one at i that is flush with it and has no line
// below it yet, -1 if there is none. Boxes are sorted by their middle.
func lineAbove(boxes []box, i int, continued []bool) int {
	b := boxes[i]
	for j := i - 1; j >= 0 && b.centreV()-boxes[j].centreV() < edgePitch*b.height(); j-- {
		below := b.centreV()-boxes[j].centreV() > b.height()/2
		if below && !continued[j] && math.Abs(b.u0-boxes[j].u0) < flushEdge*b.height() {
			return j
		}
	}
	return -1
}
