package ocr

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

const rounding = 1e-9 // pixels; the sizes here are below 1000

func TestConvexHullOfSimpleShapes(t *testing.T) {
	p := func(x, y float64) point { return point{X: x, Y: y} }
	for name, c := range map[string]struct{ points, want []point }{
		"one point":         {[]point{p(3, 4)}, []point{p(3, 4)}},
		"two points":        {[]point{p(3, 4), p(1, 2)}, []point{p(1, 2), p(3, 4)}},
		"points in a row":   {[]point{p(2, 2), p(0, 0), p(3, 3), p(1, 1)}, []point{p(0, 0), p(3, 3)}},
		"square with more":  {[]point{p(0, 0), p(2, 0), p(2, 2), p(0, 2), p(1, 1), p(1, 0), p(2, 2)}, []point{p(0, 0), p(2, 0), p(2, 2), p(0, 2)}},
		"column of one row": {[]point{p(5, 1), p(5, 2), p(5, 3)}, []point{p(5, 1), p(5, 3)}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := convexHull(slices.Clone(c.points)); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestConvexHullHoldsAllPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		points := randomPoints(r, 3+r.IntN(30))
		hull := convexHull(slices.Clone(points))
		for i, a := range hull {
			b := hull[(i+1)%len(hull)]
			if !slices.Contains(points, a) {
				t.Fatalf("corner %v is none of the points %v", a, points)
			}
			for _, p := range points {
				if len(hull) > 2 && cross(a, b, p) < -rounding {
					t.Fatalf("%v lies outside edge %v %v of the hull of %v", p, a, b, points)
				}
			}
			if c := hull[(i+2)%len(hull)]; len(hull) > 2 && cross(a, b, c) <= 0 {
				t.Fatalf("no corner at %v in the hull of %v", b, points)
			}
		}
	}
}

func TestMinAreaRectangleIsTheSmallestOfAllAngles(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		points := randomPoints(r, 3+r.IntN(20))
		got := minAreaRectangle(convexHull(slices.Clone(points)))
		for _, p := range points {
			if outside := farOutside(got, p); outside > rounding {
				t.Fatalf("%v lies %g outside the rectangle %+v", p, outside, got)
			}
		}
		area := 4 * got.halfA * got.halfB
		if want := smallestArea(points); area > want+1e-6 {
			t.Errorf("got area %g; there is a rectangle of %g around %v", area, want, points)
		}
	}
}

func TestMinAreaRectangleWithoutArea(t *testing.T) {
	p := point{X: 7, Y: 9}
	if got := minAreaRectangle([]point{p}); got.centre != p || got.shorterSide() != 0 {
		t.Errorf("one point: got %+v", got)
	}
	if got := minAreaRectangle([]point{p, p}); got.centre != p || got.shorterSide() != 0 {
		t.Errorf("one point twice: got %+v", got)
	}
	got := minAreaRectangle([]point{{X: 1, Y: 1}, {X: 4, Y: 5}})
	if distance(got.centre, point{X: 2.5, Y: 3}) > rounding || got.shorterSide() > rounding || math.Abs(got.halfA+got.halfB-2.5) > rounding {
		t.Errorf("a line of length 5: got %+v", got)
	}
}

func TestQuadStartsTopLeftAtEveryAngle(t *testing.T) {
	for _, size := range [][2]float64{{100, 10}, {30, 30}, {10, 100}} {
		for degrees := range 360 {
			r := rectangleAt(200, 300, size[0], size[1], float64(degrees))
			t.Run(fmt.Sprintf("%gx%g at %d", size[0], size[1], degrees), func(t *testing.T) {
				checkQuad(t, r.quad(), r)
			})
		}
	}
}

// checkQuad wants the corners of r clockwise, of the two leftmost ones the upper one first.
func checkQuad(t *testing.T, q inkpool.Quad, r rectangle) {
	t.Helper()
	for i, p := range q {
		a := math.Abs(p.Sub(r.centre).Dot(r.along))
		b := math.Abs(cross(r.centre, r.centre.Add(r.along), p))
		if math.Abs(a-r.halfA) > 1e-6 || math.Abs(b-r.halfB) > 1e-6 {
			t.Errorf("%v is no corner of %+v", p, r)
		}
		if cross(p, q[(i+1)%4], q[(i+2)%4]) <= 0 {
			t.Errorf("%v does not turn clockwise at corner %d", q, i+1)
		}
	}
	if max(q[0].X, q[3].X) > min(q[1].X, q[2].X)+rounding || q[0].Y > q[3].Y+rounding {
		t.Errorf("%v does not start with the upper one of the two leftmost corners", q)
	}
}

func TestGrownMovesEverySide(t *testing.T) {
	r := rectangleAt(50, 60, 40, 10, 30)
	before, after := r.quad(), r.grown(3).quad()
	if got, want := width(after), width(before)+6; math.Abs(got-want) > rounding {
		t.Errorf("width: got %g, want %g", got, want)
	}
	if got, want := height(after), height(before)+6; math.Abs(got-want) > rounding {
		t.Errorf("height: got %g, want %g", got, want)
	}
	if got := distance(before[0].Add(before[2]), after[0].Add(after[2])); got > rounding {
		t.Errorf("the middle moved by %g", got/2)
	}
}

// rectangleAt returns a rectangle of w x h pixels around (x, y), turned clockwise.
func rectangleAt(x, y, w, h, degrees float64) rectangle {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return rectangle{centre: point{X: x, Y: y}, along: point{X: cos, Y: sin}, halfA: w / 2, halfB: h / 2}
}

// randomPoints returns points on a grid, as pixels are, so that some are in one row.
func randomPoints(r *rand.Rand, n int) []point {
	points := make([]point, n)
	for i := range points {
		points[i] = point{X: float64(r.IntN(40)), Y: float64(r.IntN(20))}
	}
	return points
}

// farOutside is how far p lies outside of r, 0 within.
func farOutside(r rectangle, p point) float64 {
	d := p.Sub(r.centre)
	across := point{X: -r.along.Y, Y: r.along.X}
	return max(0, math.Abs(d.Dot(r.along))-r.halfA, math.Abs(d.Dot(across))-r.halfB)
}

// smallestArea is the slow twin of minAreaRectangle: it tries the direction from every point
// to every other, among which are the sides of the hull, and many others.
func smallestArea(points []point) float64 {
	angles := map[point]float64{}
	for _, a := range points {
		for _, b := range points {
			angles[b.Sub(a)] = math.Atan2(b.Y-a.Y, b.X-a.X)
		}
	}
	best := math.Inf(1)
	for _, angle := range angles {
		best = min(best, areaAtAngle(points, angle))
	}
	for degrees := range 90 {
		best = min(best, areaAtAngle(points, float64(degrees)*math.Pi/180))
	}
	return best
}

func areaAtAngle(points []point, angle float64) float64 {
	sin, cos := math.Sincos(angle)
	u0, u1, v0, v1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range points {
		u, v := p.X*cos+p.Y*sin, p.Y*cos-p.X*sin
		u0, u1, v0, v1 = min(u0, u), max(u1, u), min(v0, v), max(v1, v)
	}
	return (u1 - u0) * (v1 - v0)
}
