package layout

import (
	"cmp"
	"math"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

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
	sin, cos := math.Sincos(skewOf(angles[winner]))
	p := point{X: cos, Y: sin}
	for range winner { // a quarter turn, clockwise on the page
		p = point{X: -p.Y, Y: p.X}
	}
	return p
}

// A few words far apart, each tilted in its own way, do not say that a page is skewed. Many
// lines do, though they may fan out or be bent.
const (
	fewLines   = 8
	surestSkew = math.Pi / 180 // up to which it does no harm
	mostSpread = 0.5           // median deviation from the median angle, in parts of that
)

// skewOf is the median of angles, but 0 where there are few and they do not agree.
func skewOf(angles []weighted) float64 {
	skew := weightedMedian(angles)
	if len(angles) >= fewLines || math.Abs(skew) <= surestSkew {
		return skew
	}
	spread := make([]weighted, len(angles))
	for i, a := range angles {
		spread[i] = weighted{value: math.Abs(a.value - skew), weight: a.weight}
	}
	if weightedMedian(spread) > mostSpread*math.Abs(skew) {
		return 0
	}
	return skew
}

type weighted struct{ value, weight float64 }

// weightedMedian is the value below which half of the weight lies, 0 of no values; it sorts
// them.
func weightedMedian(values []weighted) float64 {
	total := 0.0
	for _, v := range values {
		total += v.weight
	}
	slices.SortStableFunc(values, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	below := 0.0
	for _, v := range values {
		if below += v.weight; 2*below >= total {
			return v.value
		}
	}
	return 0
}

// median returns the upper median, 0 of no values; it sorts them.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}
