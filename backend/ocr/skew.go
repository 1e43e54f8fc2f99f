package ocr

import (
	"cmp"
	"math"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// When a page counts as skewed.
const (
	leastSkew     = 2 * math.Pi / 180   // below it lines are found as well on the skewed page: docs/decisions/0007-page-geometry.md
	skewTolerance = 1.5 * math.Pi / 180 // how far lines may be from the median; boxes are this exact
	longBox       = 4.0                 // width : height from which the slant of a box says that of its line
	leastParallel = 0.6                 // part of the length of all long boxes that must have the median's slant: signs in photos do not
)

// skewOf is how far the lines of a page are tilted clockwise from the nearest axis, in radians; 0
// when that is little, or when they do not agree.
func skewOf(boxes []Box) float64 {
	var slants []slant
	total := 0.0
	for _, b := range boxes {
		if n := elongation(b.Quad); n >= longBox {
			slants = append(slants, slant{angle: slantOf(b.Quad), length: n})
			total += n
		}
	}
	if len(slants) < leastVoters {
		return 0
	}
	median := medianSlant(slants, total)
	parallel := 0.0
	for _, s := range slants {
		if math.Abs(s.angle-median) <= skewTolerance {
			parallel += s.length
		}
	}
	if math.Abs(median) < leastSkew || parallel < leastParallel*total {
		return 0
	}
	return median
}

type slant struct{ angle, length float64 }

// slantOf is the angle of a box's longer sides with the nearest axis, -45° to 45° clockwise.
func slantOf(q inkpool.Quad) float64 {
	along := q[1].Sub(q[0])
	if tall(q) {
		along = q[3].Sub(q[0])
	}
	angle := math.Atan2(along.Y, along.X)
	return angle - math.Round(angle/(math.Pi/2))*math.Pi/2
}

// medianSlant is the angle below which half of the length lies.
func medianSlant(slants []slant, total float64) float64 {
	slices.SortFunc(slants, func(a, b slant) int { return cmp.Compare(a.angle, b.angle) })
	below := 0.0
	for _, s := range slants {
		if below += s.length; 2*below >= total {
			return s.angle
		}
	}
	return 0
}

// partMargin is what is looked at around the lines that have been found, in parts of the longer side
// of what they cover: a line that has been missed lies among the others or beside them. To look at
// all of the picture at a slant would show it much smaller.
const partMargin = 0.05

// around is the rectangle tilted clockwise by an angle that holds all boxes, and no more than it
// needs to hold the picture.
func around(boxes []Box, angle float64, picture inkpool.Quad) inkpool.Quad {
	sin, cos := math.Sincos(angle)
	right, down := point{X: cos, Y: sin}, point{X: -sin, Y: cos}
	text, all := emptySpan(), emptySpan()
	for _, b := range boxes {
		text = text.with(b.Quad, right, down)
	}
	all = all.with(picture, right, down)
	margin := partMargin * max(text.u1-text.u0, text.v1-text.v0)
	u0, u1 := max(text.u0-margin, all.u0), min(text.u1+margin, all.u1)
	v0, v1 := max(text.v0-margin, all.v0), min(text.v1+margin, all.v1)
	at := func(u, v float64) point { return right.Mul(u).Add(down.Mul(v)) }
	return inkpool.Quad{at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)}
}

// span is how far quads reach in two directions.
type span struct{ u0, u1, v0, v1 float64 }

func emptySpan() span {
	return span{u0: math.Inf(1), u1: math.Inf(-1), v0: math.Inf(1), v1: math.Inf(-1)}
}

func (s span) with(q inkpool.Quad, right, down point) span {
	for _, p := range q {
		u, v := p.Dot(right), p.Dot(down)
		s.u0, s.u1, s.v0, s.v1 = min(s.u0, u), max(s.u1, u), min(s.v0, v), max(s.v1, v)
	}
	return s
}
