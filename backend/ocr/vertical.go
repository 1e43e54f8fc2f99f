package ocr

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// readTall reads a tall box: a line on its side or a column of upright characters.
func (p *Pipeline) readTall(ctx context.Context, im *raster.Image, q inkpool.Quad) (inkpool.Line, error) {
	line, err := p.readEitherWay(ctx, im, turned(q))
	if err != nil {
		return inkpool.Line{}, err
	}
	return p.orStacked(ctx, im, q, line)
}

// orStacked returns what was read in a tall box as if it were a line on its side, or what it holds
// as a column if that is better. Columns of Chinese are read as lines on their side, because the
// recogniser has learnt to; only what it can hardly read so is cut into characters.
func (p *Pipeline) orStacked(ctx context.Context, im *raster.Image, q inkpool.Quad, line inkpool.Line) (inkpool.Line, error) {
	line.Vertical = line.Quad == turned(q)
	if line.Score >= doubtful {
		return line, nil
	}
	column, err := p.readColumn(ctx, im, q)
	if column.Score > line.Score && certain(column) >= certain(line) {
		line = column
	}
	return line, err
}

// certain is how many characters of a line are right, as the recogniser has it: who reads half of
// them is surer of each than who reads all.
func certain(l inkpool.Line) float64 { return l.Score * float64(utf8.RuneCountInString(l.Text)) }

// alike reports whether two readings share enough characters to be of the same text. Letters do
// not count, because any two lines share some.
func alike(a, b string) bool {
	counts := make(map[rune]int)
	for _, r := range a {
		counts[r]++
	}
	shared := 0
	for _, r := range b {
		if r > unicode.MaxLatin1 && counts[r] > 0 {
			counts[r]--
			shared++
		}
	}
	shorter := min(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	return shared > 0 && float64(shared) >= leastShared*float64(shorter)
}

// leastShared is the part of the shorter reading's characters from which two are alike.
const leastShared = 0.3

// ideographic reports whether a text has characters that may stand in columns.
func ideographic(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
	})
}

// readColumn reads the characters of a tall box from top to bottom, each as it stands: they are
// cut apart and laid side by side.
func (p *Pipeline) readColumn(ctx context.Context, im *raster.Image, q inkpool.Quad) (inkpool.Line, error) {
	strip := layFlat(im, q, p.recognizer.cfg.Height)
	text, score, err := p.recognizer.Recognize(ctx, strip, whole(strip.Width, strip.Height), false)
	return inkpool.Line{Text: text, Score: score, Quad: turned(q), Vertical: true}, err
}

// layFlat cuts the column in q into its characters and lays them side by side in squares of
// that many pixels.
func layFlat(im *raster.Image, q inkpool.Quad, side int) *raster.Image {
	long := max(side, int(math.Round(float64(side)*height(q)/max(1, width(q)))))
	column := im.Cut(q, side, long)
	cells := cellEnds(inkOfRows(column), side)
	strip := raster.New(side*len(cells), side)
	strip.Fill(column.BorderColour())
	top := 0
	for i, bottom := range cells {
		high := min(side, bottom-top)
		cell := column.Cut(upright(0, float64(top), float64(side), float64(bottom-top)), side, high)
		strip.Paste(cell, i*side, (side-high)/2)
		top = bottom
	}
	return strip
}

func upright(x, y, w, h float64) inkpool.Quad {
	return inkpool.Quad{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}}
}

// inkOfRows is how much each row differs from the background, which is what the picture has at
// its edges: the sum of its pixels' distances, 0..1, in parts of the most inky row's.
func inkOfRows(im *raster.Image) []float64 {
	ground := brightness(im.BorderColour())
	ink := make([]float64, im.Height)
	most := 1.0
	for y := range ink {
		for x := range im.Width {
			ink[y] += math.Abs(brightness(im.At(x, y)) - ground)
		}
		most = max(most, ink[y])
	}
	for y := range ink {
		ink[y] /= most
	}
	return ink
}

func brightness(c raster.RGB) float64 { return float64(c[0]) + float64(c[1]) + float64(c[2]) }

// What the cells of a column may be: characters of Chinese type stand in squares.
const (
	shortestCell = 0.55 // height of a cell in widths of the column
	longestCell  = 1.6
	stretchCost  = 1.0 // for a cell twice as high as wide, in cuts through the most inky row
)

// cellEnds cuts a column of characters into cells and returns the row below each. It finds the
// cuts that cross the least ink and leave cells about as high as the column is wide, by dynamic
// programming over the rows.
func cellEnds(ink []float64, side int) []int {
	n := len(ink)
	shortest, longest := int(shortestCell*float64(side)), int(longestCell*float64(side))
	cost, from := make([]float64, n+1), make([]int, n+1)
	for end := 1; end <= n; end++ {
		cost[end] = math.Inf(1)
		for start := max(0, end-longest); start <= end-shortest; start++ {
			stretch := float64(end-start)/float64(side) - 1
			c := cost[start] + stretchCost*stretch*stretch
			if end < n {
				c += ink[end]
			}
			if c < cost[end] {
				cost[end], from[end] = c, start
			}
		}
	}
	var ends []int
	for end := n; end > 0; end = from[end] {
		ends = append(ends, end)
	}
	slices.Reverse(ends)
	return ends
}
