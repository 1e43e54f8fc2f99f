package ocr

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// plain are numbers that let everything through.
var plain = DetectorConfig{Threshold: 0.3, BoxThreshold: 0, Unclip: 0, MinBoxSide: 0, MaxCandidates: math.MaxInt}

// mapOf reads a map from a drawing: '#' is sure text, '.' none, a digit tenths.
func mapOf(rows ...string) probabilityMap {
	m := probabilityMap{width: len(rows[0]), height: len(rows)}
	for _, row := range rows {
		for _, c := range row {
			switch c {
			case '#':
				m.data = append(m.data, 1)
			case '.':
				m.data = append(m.data, 0)
			default:
				m.data = append(m.data, float32(c-'0')/10)
			}
		}
	}
	return m
}

func TestRegionsInReadingDirection(t *testing.T) {
	m := mapOf(
		"..#....##",
		".#.....##",
		"#........",
		"...33.4..", // 0.3 is not above the threshold
		".........",
		"#.#######",
		"#.#.....#",
		"#.#.###.#", // a region within another one
		"#.#.....#",
		"#.#######",
	)
	var got [][]point
	for r := (regions{m: m, seen: m.paper(0.3, false)}); ; {
		outline, ok := r.next()
		if !ok {
			break
		}
		got = append(got, convexHull(outline))
	}
	want := [][]point{
		{{X: 0, Y: 2}, {X: 2, Y: 0}}, // diagonal neighbours belong together
		{{X: 7, Y: 0}, {X: 8, Y: 0}, {X: 8, Y: 1}, {X: 7, Y: 1}},
		{{X: 6, Y: 3}},
		{{X: 0, Y: 5}, {X: 0, Y: 9}},
		{{X: 2, Y: 5}, {X: 8, Y: 5}, {X: 8, Y: 9}, {X: 2, Y: 9}},
		{{X: 4, Y: 7}, {X: 6, Y: 7}},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d regions %v, want %d", len(got), got, len(want))
	}
	for i := range want {
		if hull := slices.Compact(got[i]); !slices.Equal(hull, want[i]) {
			t.Errorf("region %d: got hull %v, want %v", i, hull, want[i])
		}
	}
}

func TestDilatedTextGrowsByAPixel(t *testing.T) {
	m := mapOf(
		"#....",
		".....",
		"..#.#",
		"..33.", // 0.3 is not above the threshold
		"...#.",
	)
	want := mapOf(
		"##...",
		"##...",
		"..###",
		"..###",
		"...##",
	)
	for i, paper := range m.paper(0.3, true) {
		if text := want.data[i] == 1; text == paper {
			t.Errorf("row %d, column %d: got text %v, want %v", i/m.width, i%m.width, !paper, text)
		}
	}
}

func TestBoxesLeaveOutNoiseAndDoubt(t *testing.T) {
	m := mapOf(
		"............................",
		".########..55555555..#######",
		".########..55555555..#######",
		".########..55555555.........",
		".########..55555555.........",
		"............................",
	)
	cfg := plain
	cfg.BoxThreshold, cfg.MinBoxSide, cfg.Unclip = 0.6, 3, 1.5
	got := m.boxes(cfg)
	if len(got) != 1 {
		t.Fatalf("got %d boxes %v, want the first block only: the second is doubtful, the third too low", len(got), got)
	}
	// The block reaches from pixel centre (1, 1) to (8, 4): 7 x 3, area 21, perimeter 20.
	d := 21 * 1.5 / 20
	want := inkpool.Quad{{X: 1 - d, Y: 1 - d}, {X: 8 + d, Y: 1 - d}, {X: 8 + d, Y: 4 + d}, {X: 1 - d, Y: 4 + d}}
	for i := range want {
		if distance(got[0].Quad[i], want[i]) > rounding {
			t.Errorf("corner %d: got %v, want %v", i, got[0].Quad[i], want[i])
		}
	}
	if math.Abs(got[0].Score-1) > rounding {
		t.Errorf("got score %g, want 1", got[0].Score)
	}

	cfg.BoxThreshold = 0.4
	if got := m.boxes(cfg); len(got) != 2 || math.Abs(got[1].Score-0.5) > 1e-6 {
		t.Errorf("threshold 0.4: got %v, want the block of probability 0.5 as well", got)
	}
	cfg.MaxCandidates = 1
	if got := m.boxes(cfg); len(got) != 1 {
		t.Errorf("one candidate: got %d boxes, want 1", len(got))
	}
}

func TestBoxesOfEmptyMaps(t *testing.T) {
	for name, m := range map[string]probabilityMap{
		"nothing":     {},
		"no text":     mapOf("....", "...."),
		"one pixel":   mapOf("#"),
		"not numbers": {data: []float32{float32(math.NaN()), float32(math.NaN())}, width: 2, height: 1},
	} {
		cfg := plain
		cfg.MinBoxSide = 1
		if got := m.boxes(cfg); len(got) != 0 {
			t.Errorf("%s: got %v, want no boxes", name, got)
		}
	}
}

func TestMeanEqualsItsSlowTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	m := probabilityMap{data: make([]float32, 60*40), width: 60, height: 40}
	for i := range m.data {
		m.data[i] = r.Float32()
	}
	for range 500 { // some reach beyond the map
		q := rectangleAt(70*r.Float64()-5, 50*r.Float64()-5, 1+40*r.Float64(), 1+15*r.Float64(), 360*r.Float64()).quad()
		if got, want := m.mean(q), slowMean(m, q); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: got %g, want %g", q, got, want)
		}
	}
}

// slowMean takes every pixel of the map whose centre lies in the quad, or beside it by at
// most half a pixel along its row.
func slowMean(m probabilityMap, q inkpool.Quad) float64 {
	sum, n := 0.0, 0
	for y := range m.height {
		for x := range m.width {
			if reach := rowReach(q, point{X: float64(x), Y: float64(y)}); reach <= 0.5 {
				sum += float64(m.data[y*m.width+x])
				n++
			}
		}
	}
	return sum / max(1, float64(n))
}

// rowReach is how far p must move along its row to come into the convex quad q, which is
// clockwise; +Inf when it never does.
func rowReach(q inkpool.Quad, p point) float64 {
	from, to := math.Inf(-1), math.Inf(1) // the steps along the row that lead into all half-planes
	for i, a := range q {
		edge := q[(i+1)%4].Sub(a)
		// Inside of this side where cross(a, b, p+s) = inside - s*edge.Y >= 0.
		inside := edge.X*(p.Y-a.Y) - edge.Y*(p.X-a.X)
		switch {
		case edge.Y > 0:
			to = min(to, inside/edge.Y)
		case edge.Y < 0:
			from = max(from, inside/edge.Y)
		case inside < 0:
			return math.Inf(1)
		}
	}
	switch {
	case from > to:
		return math.Inf(1)
	case from > 0:
		return from
	default:
		return max(0, -to)
	}
}

// FuzzBoxes compares the boxes of small maps with a slow reference: a recursive flood fill,
// the smallest rectangle among all directions, the mean by looking at each pixel.
func FuzzBoxes(f *testing.F) {
	f.Add(uint8(5), []byte("\xff\xff\x00\x00\x00\xff\xff\x00\xff\xff"))
	f.Add(uint8(3), []byte("\xff\x00\xff\x00\xff\x00\xff\x00\xff"))
	f.Add(uint8(1), []byte("\x80\x80\x80\x00\xff"))
	f.Add(uint8(8), []byte("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	r := rand.New(rand.NewPCG(7, 8))
	for range 40 { // blobs: noise of three densities
		noise := make([]byte, 400)
		for i := range noise {
			noise[i] = byte(r.IntN(90 + 30*r.IntN(4)))
		}
		f.Add(uint8(20), noise)
	}
	f.Fuzz(func(t *testing.T, width uint8, pixels []byte) {
		w := max(1, int(width)%32)
		pixels = pixels[:min(len(pixels), 32*w)/w*w]
		m := probabilityMap{data: make([]float32, len(pixels)), width: w, height: len(pixels) / w}
		for i, v := range pixels {
			m.data[i] = float32(v) / 255
		}
		checkBoxes(t, m)
	})
}

func checkBoxes(t *testing.T, m probabilityMap) {
	t.Helper()
	cfg := plain
	cfg.MinBoxSide = -2 // also regions without area
	got, want := m.boxes(cfg), slowRegions(m, cfg.Threshold)
	if len(got) != len(want) {
		t.Fatalf("got %d boxes, want %d, of %v", len(got), len(want), m)
	}
	for i, pixels := range want {
		q := got[i].Quad
		r := rectangle{
			centre: q[0].Add(q[2]).Mul(0.5), along: point{X: 1},
			halfA: width(q) / 2, halfB: height(q) / 2,
		}
		if width(q) > 0 {
			r.along = q[1].Sub(q[0]).Mul(1 / width(q))
		}
		if width(q) > 0 && height(q) > 0 {
			for _, p := range pixels {
				if farOutside(r, p) > 1e-6 {
					t.Fatalf("pixel %v of region %d lies outside its box %v", p, i, q)
				}
			}
		}
		area, best := width(q)*height(q), smallestArea(pixels)
		if math.Abs(area-best) > 1e-6*(1+best) {
			t.Errorf("region %d: got area %g, want %g", i, area, best)
		}
		if s := got[i].Score; s < 0 || s > 1+1e-6 {
			t.Errorf("region %d: score %g", i, s)
		}
	}
}

// slowRegions returns the pixels of the 8-connected regions above threshold, by their first
// pixel.
func slowRegions(m probabilityMap, threshold float32) [][]point {
	seen := map[point]bool{}
	var fill func(x, y int, into *[]point)
	fill = func(x, y int, into *[]point) {
		p := point{X: float64(x), Y: float64(y)}
		if x < 0 || y < 0 || x >= m.width || y >= m.height || seen[p] || m.data[y*m.width+x] <= threshold {
			return
		}
		seen[p] = true
		*into = append(*into, p)
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				fill(x+dx, y+dy, into)
			}
		}
	}
	var out [][]point
	for y := range m.height {
		for x := range m.width {
			var pixels []point
			fill(x, y, &pixels)
			if len(pixels) > 0 {
				out = append(out, pixels)
			}
		}
	}
	return out
}
