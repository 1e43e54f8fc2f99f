package raster_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// The slow twins of the fast kernels: one pixel at a time, nothing precomputed. Weights are
// rounded to 11 bits as in the kernels, so that results must be equal bit for bit.

const weightOne = 2048

// plainNorm leaves recognisable values: v/255.
func plainNorm() raster.Norm { return raster.Norm{Std: [3]float32{1, 1, 1}} }

// unevenNorm treats every channel differently.
func unevenNorm() raster.Norm {
	return raster.Norm{Mean: [3]float32{0.485, 0.456, 0.406}, Std: [3]float32{0.229, 0.224, 0.225}}
}

// normalised is Norm's definition for channel c (0 blue, 1 green, 2 red).
func normalised(n raster.Norm, c int, v uint8) float32 {
	return (float32(v)/255 - n.Mean[c]) / n.Std[c]
}

// slowSample returns channel c at position (x, y), where pixel centres are whole numbers, in
// units of 1/weightOne² of a level.
func slowSample(im *raster.Image, x, y float64, c int) int64 {
	x, y = inside(x, im.Width), inside(y, im.Height)
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	x1, y1 := min(x0+1, im.Width-1), min(y0+1, im.Height-1)
	wx := int64(math.Floor((x-float64(x0))*weightOne + 0.5))
	wy := int64(math.Floor((y-float64(y0))*weightOne + 0.5))
	at := func(x, y int) int64 { return int64(im.At(x, y)[c]) }
	upper := at(x0, y0)*(weightOne-wx) + at(x1, y0)*wx
	lower := at(x0, y1)*(weightOne-wx) + at(x1, y1)*wx
	return upper*(weightOne-wy) + lower*wy
}

// inside moves a position onto an axis of n pixels.
func inside(pos float64, n int) float64 {
	if math.IsNaN(pos) {
		return 0
	}
	return math.Max(0, math.Min(pos, float64(n-1)))
}

// nearestLevel rounds what slowSample returns.
func nearestLevel(v int64) uint8 {
	return uint8((v + weightOne*weightOne/2) / (weightOne * weightOne))
}

func slowResize(im *raster.Image, w, h int, n raster.Norm) []float32 {
	out := make([]float32, 0, 3*w*h)
	for c := range 3 { // blue, green, red
		for y := range h {
			for x := range w {
				sx := (float64(x)+0.5)*float64(im.Width)/float64(w) - 0.5
				sy := (float64(y)+0.5)*float64(im.Height)/float64(h) - 0.5
				out = append(out, normalised(n, c, nearestLevel(slowSample(im, sx, sy, 2-c))))
			}
		}
	}
	return out
}

func slowWarp(im *raster.Image, q inkpool.Quad, w, h, stride int, flip bool, n raster.Norm) []float32 {
	out := make([]float32, 3*h*stride)
	nx, ny := slowSamples(q, w, h)
	for c := range 3 {
		for y := range h {
			for x := range w {
				var sum int64
				for j := range ny {
					for i := range nx {
						u := float64(x) + (float64(i)+0.5)/float64(nx)
						v := float64(y) + (float64(j)+0.5)/float64(ny)
						p := slowProject(q, w, h, u, v, flip)
						sum += slowSample(im, p.X-0.5, p.Y-0.5, 2-c)
					}
				}
				out[(c*h+y)*stride+x] = normalised(n, c, nearestLevel(sum/int64(nx*ny)))
			}
		}
	}
	return out
}

// slowSamples says how many samples an output pixel takes: no two further apart than 1.5
// source pixels, up to 8.
func slowSamples(q inkpool.Quad, w, h int) (nx, ny int) {
	side := func(a, b int) float64 { return math.Hypot(q[a].X-q[b].X, q[a].Y-q[b].Y) }
	count := func(length float64, n int) int {
		return max(1, min(8, int(math.Ceil(length/float64(n)/1.5))))
	}
	return count(math.Max(side(0, 1), side(3, 2)), w), count(math.Max(side(0, 3), side(1, 2)), h)
}

// slowProject maps (u, v) of the output to the source by solving for the eight numbers of
// the perspective that maps the output's corners onto the quad's.
func slowProject(q inkpool.Quad, w, h int, u, v float64, flip bool) inkpool.Point {
	if flip {
		q = inkpool.Quad{q[2], q[3], q[0], q[1]}
	}
	fw, fh := float64(w), float64(h)
	corners := [4]inkpool.Point{{}, {X: fw}, {X: fw, Y: fh}, {Y: fh}}
	var m [8][9]float64
	for i, from := range corners {
		to := q[i]
		m[2*i] = [9]float64{from.X, from.Y, 1, 0, 0, 0, -to.X * from.X, -to.X * from.Y, to.X}
		m[2*i+1] = [9]float64{0, 0, 0, from.X, from.Y, 1, -to.Y * from.X, -to.Y * from.Y, to.Y}
	}
	s := solve(m)
	z := s[6]*u + s[7]*v + 1
	return inkpool.Point{X: (s[0]*u + s[1]*v + s[2]) / z, Y: (s[3]*u + s[4]*v + s[5]) / z}
}

// solve is Gaussian elimination with pivoting.
func solve(m [8][9]float64) (s [8]float64) {
	for c := range 8 {
		best := c
		for r := c; r < 8; r++ {
			if math.Abs(m[r][c]) > math.Abs(m[best][c]) {
				best = r
			}
		}
		m[c], m[best] = m[best], m[c]
		for r := range 8 {
			if r == c {
				continue
			}
			f := m[r][c] / m[c][c]
			for k := c; k < 9; k++ {
				m[r][k] -= f * m[c][k]
			}
		}
	}
	for i := range s {
		s[i] = m[i][8] / m[i][i]
	}
	return s
}

// slowArea is the exact area average (or, when growing, bilinear value), in levels.
func slowArea(im *raster.Image, w, h, x, y, c int) float64 {
	var sum float64
	for sy, wy := range slowShares(im.Height, h, y) {
		for sx, wx := range slowShares(im.Width, w, x) {
			sum += wx * wy * float64(im.At(sx, sy)[c])
		}
	}
	return sum
}

// slowShares says how much each of n source pixels adds to output pixel i of m.
func slowShares(n, m, i int) map[int]float64 {
	shares := map[int]float64{}
	if m > n {
		pos := inside((float64(i)+0.5)*float64(n)/float64(m)-0.5, n)
		lo := int(pos)
		shares[lo] += 1 - (pos - float64(lo))
		shares[min(lo+1, n-1)] += pos - float64(lo)
		return shares
	}
	from, to := float64(i)*float64(n)/float64(m), float64(i+1)*float64(n)/float64(m)
	for k := range n {
		if covered := math.Min(to, float64(k+1)) - math.Max(from, float64(k)); covered > 0 {
			shares[k] = covered / (to - from)
		}
	}
	return shares
}

// slowOriented turns a picture by the definition in EXIF 2.32, section 4.6.4 A: the side at
// which row 0 and column 0 of the stored picture are to be seen.
func slowOriented(im *raster.Image, exif int) *raster.Image {
	w, h := im.Width, im.Height
	out := raster.New(w, h)
	if exif >= 5 { // rows are seen as columns
		out = raster.New(h, w)
	}
	for y := range h {
		for x := range w {
			c, r := x, y
			if exif == 3 || exif == 4 || exif == 6 || exif == 7 { // row 0 at the bottom or at the right
				r = h - 1 - y
			}
			if exif == 2 || exif == 3 || exif == 7 || exif == 8 { // column 0 at the right or at the bottom
				c = w - 1 - x
			}
			if exif >= 5 {
				c, r = r, c
			}
			out.Set(c, r, im.At(x, y))
		}
	}
	return out
}

// noise returns a picture of random pixels, the hardest case for an interpolation.
func noise(w, h int, seed uint64) *raster.Image {
	im := raster.New(w, h)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range im.Pix {
		im.Pix[i] = uint8(r.Uint32())
	}
	return im
}

// slowFlatten converts any picture with the standard library's own arithmetic.
func slowFlatten(src image.Image) *raster.Image {
	b := src.Bounds()
	im := raster.New(b.Dx(), b.Dy())
	for y := range im.Height {
		for x := range im.Width {
			n := color.NRGBAModel.Convert(src.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			im.Set(x, y, raster.RGB{n.R, n.G, n.B})
		}
	}
	return im
}

// perPixel reports the time of an operation on so many pixels for each of them.
func perPixel(b *testing.B, pixels int) {
	b.Helper()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(pixels), "ns/px")
}

// fewestAllocations is how many a call makes at the least. The race detector makes sync.Pool
// forget some of what it is given, so a single call may have to take new memory.
func fewestAllocations(call func()) float64 {
	fewest := math.Inf(1)
	for range 20 {
		fewest = min(fewest, testing.AllocsPerRun(1, call))
	}
	return fewest
}
