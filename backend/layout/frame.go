package layout

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// frame is the reader's: u grows along the lines, v from one line to the next, both in pixels.
type frame struct {
	origin point   // the middle of the lines
	along  point   // unit vector in which most of the text runs
	tilt   trend   // tangent of a line's angle against along, by v
	slant  float64 // by how much the edges of columns lean to greater u, per pixel of v
}

// trend is a value that changes steadily from the top of a page to its bottom.
type trend struct{ start, slope float64 }

// box is a line in the reader's frame.
type box struct {
	area
	line        *inkpool.Line
	left, right float64 // v in the middle of either end
	figures     bool    // whether there is no letter in it
	spanning    bool    // whether it spans the row that it is read in and a neighbour
}

// area is a rectangle in the reader's frame.
type area struct{ u0, u1, v0, v1 float64 }

func (a area) height() float64  { return a.v1 - a.v0 }
func (a area) width() float64   { return a.u1 - a.u0 }
func (a area) centreV() float64 { return (a.v0 + a.v1) / 2 }
func (a area) aspect() float64  { return a.width() / max(1, a.height()) }

// around is the area around two.
func (a area) around(o area) area {
	return area{u0: min(a.u0, o.u0), u1: max(a.u1, o.u1), v0: min(a.v0, o.v0), v1: max(a.v1, o.v1)}
}

// distance is how far two areas are apart, 0 where they overlap.
func (a area) distance(o area) float64 {
	return max(0, a.u0-o.u1, o.u0-a.u1) + max(0, a.v0-o.v1, o.v0-a.v1)
}

// The outlines of short lines are tilted by a degree or two by chance.
const steadyAspect = 3.0 // width : height of lines whose angle counts

// newFrame finds the frame in which lines are level and the edges of columns are upright.
func newFrame(lines []inkpool.Line) frame {
	f := frame{origin: middle(lines), along: readingDirection(lines)}
	f.tilt = f.fan(lines)
	f.slant = f.lean(lines)
	return f
}

func middle(lines []inkpool.Line) point {
	var sum point
	for _, l := range lines {
		for _, c := range l.Quad {
			sum = sum.Add(c)
		}
	}
	return sum.Mul(1 / float64(max(1, 4*len(lines))))
}

// at is a place of the page in the frame. Lines that fan out from a page photographed from
// one side become level: through (u, v) runs the line that cuts the v axis at v0 where
// v = v0 + u * (start + slope * v0).
func (f frame) at(p point) (u, v float64) {
	p = p.Sub(f.origin)
	u, v = p.Dot(f.along), p.Dot(point{X: -f.along.Y, Y: f.along.X})
	v = (v - f.tilt.start*u) / max(0.5, 1+f.tilt.slope*u)
	return u - f.slant*v, v
}

// place finds a line's box. The outline of a line that is tilted by chance is higher than the
// line is: what counts are its middle and its thickness.
func (f frame) place(l *inkpool.Line) box {
	var us, vs [4]float64
	for i, c := range l.Quad {
		us[i], vs[i] = f.at(c)
	}
	b := box{line: l, area: area{u0: slices.Min(us[:]), u1: slices.Max(us[:]), v0: slices.Min(vs[:]), v1: slices.Max(vs[:])}}
	b.figures = !strings.ContainsFunc(l.Text, unicode.IsLetter)
	b.left, b.right = b.centreV(), b.centreV()
	if f.isAcross(l) {
		return b
	}
	middle := (vs[0] + vs[1] + vs[2] + vs[3]) / 4
	half := math.Abs(vs[3]-vs[0]+vs[2]-vs[1]) / 4
	b.v0, b.v1 = middle-half, middle+half
	b.left, b.right = middle, middle
	if b.aspect() >= steadyAspect {
		b.left, b.right = (vs[0]+vs[3])/2, (vs[1]+vs[2])/2
		if us[0] > us[1] { // upside down
			b.left, b.right = b.right, b.left
		}
	}
	return b
}

// isAcross reports whether a line runs across the page's direction rather than along it.
func (f frame) isAcross(l *inkpool.Line) bool {
	d := l.Quad[1].Sub(l.Quad[0])
	return math.Abs(d.Dot(f.along)) < math.Abs(d.Dot(point{X: -f.along.Y, Y: f.along.X}))
}
