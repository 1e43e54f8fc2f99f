package ocr

import (
	"math"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Box is a place where the detector sees a line of text.
type Box struct {
	Quad  inkpool.Quad // clockwise from the corner that looks like top-left
	Score float64      // mean text probability within the box, 0..1
}

// probabilityMap is the detector's output: [height, width], row-major, 0..1.
type probabilityMap struct {
	data          []float32
	width, height int
}

// boxes turns the map into boxes in the map's own pixels, as DB's post-processing does:
// regions above the threshold, the smallest rectangle around each, its mean probability,
// and growth by area × unclip / perimeter, because DB learns shrunken kernels (Liao et
// al., 2020, arXiv:1911.08947). For rectangles, growing the polygon with rounded corners
// and taking the smallest rectangle again, as the reference does, is growing each side.
func (m probabilityMap) boxes(cfg DetectorConfig) []Box {
	var boxes []Box
	walk := regions{m: m, seen: m.paper(cfg.Threshold, cfg.Dilate)}
	for candidates := 0; candidates < cfg.MaxCandidates; candidates++ {
		outline, ok := walk.next()
		if !ok {
			break
		}
		r := minAreaRectangle(convexHull(outline))
		if r.shorterSide() < cfg.MinBoxSide {
			continue
		}
		score := m.mean(r.quad())
		if score < cfg.BoxThreshold {
			continue
		}
		area, perimeter := 4*r.halfA*r.halfB, 4*(r.halfA+r.halfB)
		r = r.grown(area * cfg.Unclip / perimeter)
		if r.shorterSide() < cfg.MinBoxSide+2 { // as the reference: min_size + 2 after growth
			continue
		}
		boxes = append(boxes, Box{Quad: r.quad(), Score: score})
	}
	return boxes
}

// paper says of each pixel whether it is no text. Dilated text also covers the pixels to the
// right, below and between, as OpenCV's dilate with a kernel of 2 x 2 has it.
func (m probabilityMap) paper(threshold float32, dilate bool) []bool {
	paper := make([]bool, len(m.data))
	for i, p := range m.data {
		paper[i] = !(p > threshold)
	}
	if !dilate {
		return paper
	}
	for y := m.height - 1; y >= 0; y-- { // from the end: what is above and to the left is as it was
		for x := m.width - 1; x >= 0; x-- {
			i := y*m.width + x
			left, above := x > 0, y > 0
			paper[i] = paper[i] && (!left || paper[i-1]) && (!above || paper[i-m.width]) && (!left || !above || paper[i-m.width-1])
		}
	}
	return paper
}

// mean is the mean probability of the pixels whose centres lie within the quad.
func (m probabilityMap) mean(q inkpool.Quad) float64 {
	top, bottom := math.Inf(1), math.Inf(-1)
	for _, p := range q {
		top, bottom = min(top, p.Y), max(bottom, p.Y)
	}
	sum, n := 0.0, 0
	for y := max(0, int(math.Floor(top))); y <= min(m.height-1, int(math.Ceil(bottom))); y++ {
		from, to, ok := spanAt(q, float64(y))
		if !ok {
			continue
		}
		x0, x1 := max(0, int(math.Round(from))), min(m.width-1, int(math.Round(to)))
		for x := x0; x <= x1; x++ {
			sum += float64(m.data[y*m.width+x])
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// spanAt is where the horizontal line at y crosses a convex quad; ok is false outside it.
func spanAt(q inkpool.Quad, y float64) (from, to float64, ok bool) {
	from, to = math.Inf(1), math.Inf(-1)
	for i, a := range q {
		b := q[(i+1)%4]
		if (a.Y-y)*(b.Y-y) > 0 {
			continue
		}
		x0, x1 := a.X, b.X
		if a.Y != b.Y {
			x0 = a.X + (y-a.Y)/(b.Y-a.Y)*(b.X-a.X)
			x1 = x0
		}
		from, to = min(from, x0, x1), max(to, x0, x1)
	}
	return from, to, from <= to
}

// regions walks over the 8-connected regions of pixels that are text, from top to bottom by
// their first pixel.
type regions struct {
	m     probabilityMap
	seen  []bool // [height, width]; what is no text counts as seen
	at    int    // index of the next pixel to look at
	stack []int
	left  []int // leftmost and rightmost x of each row of the current region
	right []int
}

// next returns the leftmost and rightmost pixel of each row of the next region: enough for
// its convex hull.
func (r *regions) next() (outline []point, ok bool) {
	for ; r.at < len(r.seen); r.at++ {
		if !r.seen[r.at] {
			return r.fill(r.at), true
		}
	}
	return nil, false
}

func (r *regions) fill(start int) []point {
	w := r.m.width
	top := start / w
	r.left, r.right = r.left[:0], r.right[:0]
	r.seen[start] = true
	r.stack = append(r.stack[:0], start)
	for len(r.stack) > 0 {
		i := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		x, y := i%w, i/w
		for len(r.left) <= y-top {
			r.left, r.right = append(r.left, w), append(r.right, -1)
		}
		r.left[y-top], r.right[y-top] = min(r.left[y-top], x), max(r.right[y-top], x)
		r.pushNeighbours(x, y)
	}
	outline := make([]point, 0, 2*len(r.left))
	for row := range r.left {
		y := float64(top + row)
		outline = append(outline, point{X: float64(r.left[row]), Y: y}, point{X: float64(r.right[row]), Y: y})
	}
	return outline
}

func (r *regions) pushNeighbours(x, y int) {
	for ny := max(0, y-1); ny <= min(r.m.height-1, y+1); ny++ {
		for nx := max(0, x-1); nx <= min(r.m.width-1, x+1); nx++ {
			if i := ny*r.m.width + nx; !r.seen[i] {
				r.seen[i] = true
				r.stack = append(r.stack, i)
			}
		}
	}
}
