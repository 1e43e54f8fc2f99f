package ocr

import (
	"cmp"
	"math"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

type point = inkpool.Point

func distance(a, b point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

func cross(o, a, b point) float64        { return (a.X-o.X)*(b.Y-o.Y) - (a.Y-o.Y)*(b.X-o.X) }
func width(q inkpool.Quad) float64       { return max(distance(q[0], q[1]), distance(q[3], q[2])) }
func height(q inkpool.Quad) float64      { return max(distance(q[0], q[3]), distance(q[1], q[2])) }
func turned(q inkpool.Quad) inkpool.Quad { return inkpool.Quad{q[1], q[2], q[3], q[0]} }

// convexHull returns the hull of points by Andrew's monotone chain. It sorts points.
func convexHull(points []point) []point {
	slices.SortFunc(points, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y))
	})
	hull := make([]point, 0, len(points)+1)
	extend := func(p point, floor int) {
		for len(hull) > floor && cross(hull[len(hull)-2], hull[len(hull)-1], p) <= 0 {
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, p)
	}
	for _, p := range points {
		extend(p, 1)
	}
	lower := len(hull)
	for i := len(points) - 2; i >= 0; i-- {
		extend(points[i], lower)
	}
	return hull[:max(1, len(hull)-1)]
}

// rectangle is a rotated rectangle: its centre, a unit vector along one side, and the
// half-lengths along that vector and across it.
type rectangle struct {
	centre       point
	along        point
	halfA, halfB float64
}

// minAreaRectangle returns the smallest rectangle around a convex polygon: one of its
// sides lies on a side of the polygon.
func minAreaRectangle(hull []point) rectangle {
	best, bestArea := rectangle{along: point{X: 1}}, math.Inf(1)
	if len(hull) > 0 {
		best.centre = hull[0]
	}
	for i, p := range hull {
		q := hull[(i+1)%len(hull)]
		length := distance(p, q)
		if length == 0 {
			continue
		}
		u := q.Sub(p).Mul(1 / length)
		v := point{X: -u.Y, Y: u.X}
		minU, maxU, minV, maxV := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, t := range hull {
			minU, maxU = min(minU, t.Dot(u)), max(maxU, t.Dot(u))
			minV, maxV = min(minV, t.Dot(v)), max(maxV, t.Dot(v))
		}
		if area := (maxU - minU) * (maxV - minV); area < bestArea {
			bestArea = area
			best = rectangle{
				centre: u.Mul((minU + maxU) / 2).Add(v.Mul((minV + maxV) / 2)),
				along:  u, halfA: (maxU - minU) / 2, halfB: (maxV - minV) / 2,
			}
		}
	}
	return best
}

// shorterSide is the length of the shorter side.
func (r rectangle) shorterSide() float64 { return 2 * min(r.halfA, r.halfB) }

// grown moves all four sides outwards by d.
func (r rectangle) grown(d float64) rectangle {
	r.halfA += d
	r.halfB += d
	return r
}

// quad returns the corners clockwise, starting with the one that looks like top-left: of
// the two leftmost corners the upper one, as PP-OCR orders boxes.
func (r rectangle) quad() inkpool.Quad {
	a, b := r.along.Mul(r.halfA), point{X: -r.along.Y, Y: r.along.X}.Mul(r.halfB)
	corners := []point{
		r.centre.Sub(a).Sub(b), r.centre.Add(a).Sub(b),
		r.centre.Add(a).Add(b), r.centre.Sub(a).Add(b),
	}
	slices.SortFunc(corners, func(p, q point) int { return cmp.Compare(p.X, q.X) })
	left, right := corners[:2], corners[2:]
	if left[0].Y > left[1].Y {
		left[0], left[1] = left[1], left[0]
	}
	if right[0].Y > right[1].Y {
		right[0], right[1] = right[1], right[0]
	}
	return inkpool.Quad{left[0], right[0], right[1], left[1]}
}
