package layout_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
)

func upright(x, y, w, h float64) inkpool.Quad {
	return inkpool.Quad{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}}
}

// at is a line of text in an upright box.
func at(text string, x, y, w, h float64) inkpool.Line {
	return inkpool.Line{Text: text, Quad: upright(x, y, w, h)}
}

// column is n lines of text below one another, "a1", "a2" and so on for the name "a".
func column(name string, n int, x, y, w, pitch float64) []inkpool.Line {
	var lines []inkpool.Line
	for i := range n {
		lines = append(lines, at(fmt.Sprintf("%s%d", name, i+1), x, y+float64(i)*pitch, w, 20))
	}
	return lines
}

// page is lines as a detector finds them: from top to bottom.
func page(parts ...[]inkpool.Line) []inkpool.Line {
	lines := slices.Concat(parts...)
	slices.SortStableFunc(lines, func(a, b inkpool.Line) int {
		return int(a.Quad[0].Y - b.Quad[0].Y)
	})
	return lines
}

// down is a line of vertical text that starts at y.
func down(text string, x, y, h float64) inkpool.Line {
	q := upright(x, y, 30, h)
	return inkpool.Line{Text: text, Quad: inkpool.Quad{q[1], q[2], q[3], q[0]}, Vertical: true}
}

func one(l inkpool.Line) []inkpool.Line { return []inkpool.Line{l} }

// reading is how a test writes what it wants: lines parted by spaces, blocks by " / ".
func reading(lines []inkpool.Line) string {
	var b strings.Builder
	for i, l := range lines {
		switch {
		case i > 0 && l.Block != lines[i-1].Block:
			b.WriteString(" / ")
		case i > 0:
			b.WriteByte(' ')
		}
		b.WriteString(l.Text)
	}
	return b.String()
}

// arrangement is a page and the order in which a person reads it.
type arrangement struct {
	lines []inkpool.Line
	want  string // see reading
}

// pages are pages with the order in which a person reads them.
func pages() map[string]arrangement {
	return map[string]arrangement{
		"no lines":   {nil, ""},
		"one line":   {one(at("a", 10, 10, 200, 20)), "a"},
		"one column": {column("a", 5, 50, 50, 400, 26), "a1 a2 a3 a4 a5"},
		"one column of two paragraphs": {
			page(column("a", 4, 50, 50, 400, 26), column("b", 4, 50, 190, 400, 26)),
			"a1 a2 a3 a4 / b1 b2 b3 b4",
		},
		"a heading in large type": {
			page(one(at("title", 50, 20, 400, 40)), column("a", 4, 50, 100, 400, 26)),
			"title / a1 a2 a3 a4",
		},
		"two columns": {
			page(column("a", 6, 50, 50, 300, 26), column("b", 6, 400, 50, 300, 26)),
			"a1 a2 a3 a4 a5 a6 / b1 b2 b3 b4 b5 b6",
		},
		"two columns, lines not level": {
			page(column("a", 6, 50, 50, 300, 26), column("b", 5, 400, 61, 300, 30)),
			"a1 a2 a3 a4 a5 a6 / b1 b2 b3 b4 b5",
		},
		"two columns with ragged ends and an indent": {
			page(column("a", 5, 50, 50, 300, 26), one(at("a6", 50, 180, 90, 20)),
				one(at("b1", 430, 50, 270, 20)), column("c", 4, 400, 76, 290, 26), one(at("c5", 402, 180, 60, 20))),
			"a1 a2 a3 a4 a5 a6 / b1 c1 c2 c3 c4 c5",
		},
		"two columns between a heading and a footer across": {
			page(one(at("title", 100, 10, 550, 30)),
				column("a", 6, 50, 70, 300, 26), column("b", 6, 400, 70, 300, 26),
				one(at("footer", 50, 260, 640, 20))),
			"title / a1 a2 a3 a4 a5 a6 / b1 b2 b3 b4 b5 b6 / footer",
		},
		"two columns, a heading across, two columns": {
			page(column("a", 4, 50, 50, 300, 26), column("b", 4, 400, 50, 300, 26),
				one(at("title", 100, 180, 550, 30)),
				column("c", 4, 50, 240, 300, 26), column("d", 4, 400, 240, 300, 26)),
			"a1 a2 a3 a4 / b1 b2 b3 b4 / title / c1 c2 c3 c4 / d1 d2 d3 d4",
		},
		"three columns": {
			page(column("a", 5, 50, 50, 200, 26), column("b", 5, 300, 50, 200, 26), column("c", 5, 550, 50, 200, 26)),
			"a1 a2 a3 a4 a5 / b1 b2 b3 b4 b5 / c1 c2 c3 c4 c5",
		},
		"a receipt": {
			page(one(at("shop", 100, 10, 150, 30)),
				column("item", 4, 20, 60, 120, 26), column("price", 4, 300, 62, 50, 26),
				one(at("total", 20, 180, 60, 20)), one(at("sum", 300, 180, 50, 20))),
			"shop / item1 price1 item2 price2 item3 price3 item4 price4 / total sum",
		},
		"a table": {
			page(column("a", 4, 20, 20, 80, 30), column("b", 4, 140, 21, 80, 30), column("c", 4, 260, 19, 80, 30)),
			"a1 b1 c1 a2 b2 c2 a3 b3 c3 a4 b4 c4",
		},
		"two columns above a table": {
			page(column("a", 4, 50, 50, 300, 26), column("b", 4, 400, 50, 300, 26),
				one(at("title", 100, 180, 550, 30)), column("c", 3, 50, 230, 60, 26), column("d", 3, 420, 230, 60, 26)),
			"a1 a2 a3 a4 / b1 b2 b3 b4 / title / c1 d1 c2 d2 c3 d3",
		},
		"text above a few rows of long cells": {
			page(column("a", 9, 50, 0, 650, 26), column("b", 3, 50, 240, 300, 26), column("c", 3, 400, 240, 300, 26)),
			"a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 c1 b2 c2 b3 c3",
		},
		"a sidebar beside content": {
			page(column("a", 6, 20, 20, 60, 40), column("b", 7, 220, 38, 150, 33)),
			"a1 a2 a3 a4 a5 a6 / b1 b2 b3 b4 b5 b6 b7",
		},
		"settings with their values far to the right": {
			page(column("a", 8, 20, 20, 160, 36), one(at("x1", 700, 20, 40, 20)), one(at("x3", 705, 92, 35, 20)),
				one(at("x5", 690, 164, 50, 20)), one(at("x7", 702, 236, 38, 20))),
			"a1 x1 a2 a3 x3 a4 a5 x5 a6 a7 x7 a8",
		},
		"two rows of long cells": {
			page(column("a", 2, 50, 50, 300, 26), column("b", 2, 400, 50, 300, 26)),
			"a1 b1 a2 b2",
		},
		"two lines far apart": {
			page(one(at("a", 50, 50, 300, 20)), one(at("b", 50, 150, 300, 20))),
			"a / b",
		},
		"a row that climbs": {
			page(one(at("a", 400, 10, 90, 20)), one(at("b", 300, 14, 90, 20)), one(at("c", 200, 18, 90, 20)), one(at("d", 100, 22, 90, 20))),
			"d c b a",
		},
		"a staircase is more than one row": {
			page(one(at("a", 400, 10, 90, 20)), one(at("b", 300, 21, 90, 20)), one(at("c", 200, 32, 90, 20)), one(at("d", 100, 43, 90, 20))),
			"a b c d",
		},
		"words of one row, not level": {
			[]inkpool.Line{at("c", 300, 14, 80, 20), at("a", 10, 10, 100, 20), at("b", 150, 12, 100, 20)},
			"a b c",
		},
	}
}

func TestArrange(t *testing.T) {
	for name, c := range pages() {
		t.Run(name, func(t *testing.T) {
			if got := reading(layout.Arrange(c.lines)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Pages that lie on a side, stand upside down or were scanned askew read as upright ones.
func TestArrangeOfTurnedPages(t *testing.T) {
	for name, c := range pages() {
		for _, degrees := range []float64{90, 180, 270, 3, -3, 87, 183} {
			t.Run(fmt.Sprintf("%s, turned by %g", name, degrees), func(t *testing.T) {
				if got := reading(layout.Arrange(turnedPage(c.lines, degrees))); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			})
		}
	}
}

// turnedPage turns all quads around the middle of the page.
func turnedPage(lines []inkpool.Line, degrees float64) []inkpool.Line {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	out := slices.Clone(lines)
	for i := range out {
		for j, p := range out[i].Quad {
			x, y := p.X-375, p.Y-150
			out[i].Quad[j] = inkpool.Point{X: 375 + x*cos - y*sin, Y: 150 + x*sin + y*cos}
		}
	}
	return out
}

// Vertical columns of Chinese and Japanese go from right to left.
func TestArrangeOfVerticalColumns(t *testing.T) {
	lines := []inkpool.Line{down("c", 300, 40, 500), down("a", 400, 40, 500), down("b", 350, 40, 500), down("d", 250, 40, 500)}
	if got, want := reading(layout.Arrange(lines)), "a b c d"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The order in which the detector finds lines does not matter.
func TestArrangeOfShuffledLines(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for name, c := range pages() {
		lines := slices.Clone(c.lines)
		for range 20 {
			r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
			if got := reading(layout.Arrange(lines)); got != c.want {
				t.Errorf("%s: got  %s\nwant %s", name, got, c.want)
				break
			}
		}
	}
}

func TestArrangeNumbersBlocksWithoutGaps(t *testing.T) {
	for name, c := range pages() {
		checkBlocks(t, name, layout.Arrange(c.lines))
	}
}

func checkBlocks(t *testing.T, name string, lines []inkpool.Line) {
	t.Helper()
	for i, l := range lines {
		before := -1
		if i > 0 {
			before = lines[i-1].Block
		}
		if l.Block != before && l.Block != before+1 || l.Block < 0 {
			t.Errorf("%s: block %d follows block %d", name, l.Block, before)
		}
	}
}

func TestArrangeLeavesItsInputAlone(t *testing.T) {
	lines := pages()["two columns between a heading and a footer across"].lines
	slices.Reverse(lines)
	before := slices.Clone(lines)
	layout.Arrange(lines)
	if !reflect.DeepEqual(lines, before) {
		t.Error("the input has changed")
	}
}

// Lines in the very same place are told apart by what they say.
func TestArrangeOfLinesInOnePlace(t *testing.T) {
	var lines []inkpool.Line
	for _, text := range []string{"d", "a", "c", "b"} {
		lines = append(lines, at(text, 10, 10, 100, 20))
	}
	for range 20 {
		if got, want := reading(layout.Arrange(lines)), "a b c d"; got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

// FuzzArrange wants every line once, blocks without gaps, and the same order when what was
// arranged is arranged again.
func FuzzArrange(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 10))
	for n := range 40 {
		boxes := make([]byte, 4*n)
		for i := range boxes {
			boxes[i] = byte(r.Uint32())
		}
		f.Add(slices.Clone(boxes), uint8(n))
		for i := 0; i < len(boxes); i += 4 { // columns: few places, long lines
			boxes[i], boxes[i+1] = boxes[i]/86*80, boxes[i+1]/12*12
			boxes[i+2], boxes[i+3] = 60+boxes[i+2]/16, 8
		}
		f.Add(slices.Clone(boxes), uint8(n))
	}
	f.Fuzz(func(t *testing.T, boxes []byte, turns uint8) {
		var lines []inkpool.Line
		for ; len(boxes) >= 4 && len(lines) < 60; boxes = boxes[4:] {
			l := at(fmt.Sprint(len(lines)), float64(boxes[0])*2, float64(boxes[1])*2, 1+float64(boxes[2])*2, 1+float64(boxes[3])/4)
			for i, p := range l.Quad { // quarter turns, in exact arithmetic
				for range turns % 4 {
					p = inkpool.Point{X: -p.Y, Y: p.X}
				}
				l.Quad[i] = p
			}
			lines = append(lines, l)
		}
		once := layout.Arrange(lines)
		checkBlocks(t, "once", once)
		if got, want := sortedTexts(once), sortedTexts(lines); !slices.Equal(got, want) {
			t.Fatalf("got lines %v, want each of %v once", got, want)
		}
		if twice := layout.Arrange(once); !reflect.DeepEqual(once, twice) {
			t.Errorf("arranged again\n%s\nbecomes\n%s", reading(once), reading(twice))
		}
	})
}

func sortedTexts(lines []inkpool.Line) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Text)
	}
	slices.Sort(out)
	return out
}
