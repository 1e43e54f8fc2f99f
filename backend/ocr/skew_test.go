package ocr_test

import (
	"math"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// tilted draws lines of text, the first that many degrees clockwise, the others as given.
func tilted(degrees ...float64) *sheet {
	s := newSheet(900, 700)
	for i, d := range degrees {
		sin, cos := math.Sincos(d * math.Pi / 180)
		for y := range s.page.Height {
			for x := range s.page.Width {
				dx, dy := float64(x)-450, float64(y)-float64(120+70*i)
				along, across := dx*cos+dy*sin, dy*cos-dx*sin
				if math.Abs(along) > 200 || math.Abs(across) > 10 {
					continue
				}
				c := raster.RGB{uint8(9 * (i + 1)), 255, 0}
				if along > 0 {
					c[0] = 0
				}
				s.page.Set(x, y, c)
			}
		}
	}
	return s
}

// Lines are found again on a page that is skewed, and their quads are on the page as it is.
func TestReadFindsLinesOfSkewedPagesAgain(t *testing.T) {
	for name, c := range map[string]struct {
		degrees    []float64
		detections int
	}{
		"straight":                 {[]float64{0, 0, 0, 0, 0, 0}, 1},
		"hardly":                   {[]float64{1, 1, 1, 1, 1, 1}, 1},
		"to the right":             {[]float64{8, 8, 8, 8, 8, 8}, 2},
		"to the left":              {[]float64{-12, -12, -12, -12, -12, -12}, 2},
		"most lines":               {[]float64{5, 5, 5, 5, 0, 5}, 2},
		"signs in all directions":  {[]float64{8, 3, 12, 5, 10, 1}, 1},
		"a sign in two directions": {[]float64{7, 7}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := tilted(c.degrees...)
			got := s.read(t, inkpool.Reading{}, 2)
			if n := s.detector.Runs(); n != c.detections {
				t.Errorf("got %d detections, want %d", n, c.detections)
			}
			if want := letters[:len(c.degrees)]; texts(got.Lines) != want || got.Rotation != 0 {
				t.Fatalf("got %q turned by %d, want %q", texts(got.Lines), got.Rotation, want)
			}
			for i, l := range got.Lines {
				d := l.Quad[1].Sub(l.Quad[0])
				if angle := math.Atan2(d.Y, d.X) * 180 / math.Pi; math.Abs(angle-c.degrees[i]) > 1 {
					t.Errorf("line %q: got a tilt of %.1f°, want %g°", l.Text, angle, c.degrees[i])
				}
				x, y := (l.Quad[0].X+l.Quad[2].X)/2, (l.Quad[0].Y+l.Quad[2].Y)/2
				if math.Hypot(x-450, y-float64(120+70*i)) > 4 {
					t.Errorf("line %q: got its middle at %.0f, %.0f, want 450, %d", l.Text, x, y, 120+70*i)
				}
			}
		})
	}
}

func TestReadUprightLeavesSkewAlone(t *testing.T) {
	s := tilted(8, 8, 8, 8)
	if got := texts(s.read(t, inkpool.Reading{Upright: true}, 1).Lines); got != "abcd" || s.detector.Runs() != 1 {
		t.Errorf("got %q after %d detections, want abcd after one", got, s.detector.Runs())
	}
}

// A page may lie on its side and be skewed, too.
func TestReadTurnsSkewedPages(t *testing.T) {
	s := tilted(6, 6, 6, 6, 6, 6)
	s.page = s.page.Oriented(6)
	got := s.read(t, inkpool.Reading{}, 1)
	if texts(got.Lines) != "abcdef" || got.Rotation != 270 || got.Width != 900 {
		t.Errorf("got %q turned by %d, want abcdef by 270", texts(got.Lines), got.Rotation)
	}
}
