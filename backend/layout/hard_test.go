package layout_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
)

// numbered writes what a test wants of the lines of a column: "a1 a2 a3".
func numbered(name string, n int) string {
	var texts []string
	for _, l := range column(name, n, 0, 0, 0, 0) {
		texts = append(texts, l.Text)
	}
	return strings.Join(texts, " ")
}

// paragraphs is a column 300 wide of paragraphs of so many lines, of which the last is shorter.
func paragraphs(name string, x float64, lengths ...int) []inkpool.Line {
	var lines []inkpool.Line
	y := 50.0
	for _, n := range lengths {
		for i := range n {
			width := 300.0
			if i == n-1 {
				width = 150 + 35*float64((3*len(lines)+int(x))%5)
			}
			lines = append(lines, at(fmt.Sprintf("%s%d", name, len(lines)+1), x, y, width, 20))
			y += 26
		}
		y += 14 // less than a line: the columns' rows drift apart
	}
	return lines
}

// hardPages are pages on which a simple order fails.
func hardPages() map[string]arrangement {
	return map[string]arrangement{
		"a narrow and a wide column": {
			page(column("a", 12, 50, 50, 160, 26), column("b", 12, 250, 57, 500, 26)),
			numbered("a", 12) + " / " + numbered("b", 12),
		},
		"three columns, a heading over the last two": {
			page(column("a", 14, 50, 50, 200, 26), one(at("title", 310, 40, 430, 34)),
				column("b", 11, 300, 128, 200, 26), column("c", 11, 550, 128, 200, 26)),
			numbered("a", 14) + " / title / " + numbered("b", 11) + " / " + numbered("c", 11),
		},
		"a header and a footer of two parts around columns": {
			page(one(at("journal", 50, 10, 120, 20)), one(at("page", 650, 10, 50, 20)),
				column("a", 12, 50, 90, 300, 26), column("b", 12, 400, 90, 300, 26),
				one(at("year", 50, 460, 70, 20)), one(at("press", 620, 460, 80, 20))),
			"journal page / " + numbered("a", 12) + " / " + numbered("b", 12) + " / year press",
		},
		"columns of short paragraphs whose rows meet by chance": {
			page(paragraphs("a", 50, 1, 1, 2, 1, 2, 2, 2, 1, 1, 1, 2, 1, 1), paragraphs("b", 400, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1),
				paragraphs("c", 750, 2, 1, 1, 2, 1, 1, 1, 2, 2, 1, 1, 1, 2, 2), paragraphs("d", 1100, 2, 1, 1, 1, 1, 1, 1, 1, 2, 2, 1, 2, 2, 1)),
			strings.Join([]string{numbered("a", 18), numbered("b", 17), numbered("c", 20), numbered("d", 19)}, " / "),
		},
		"a page number below the left column": {
			page(column("a", 12, 50, 50, 300, 26), column("b", 12, 400, 50, 300, 26), one(at("7", 60, 430, 15, 20))),
			numbered("a", 12) + " / " + numbered("b", 12) + " / 7",
		},
		"a long summary above columns": {
			page(column("s", 20, 50, 0, 650, 26), column("a", 7, 50, 560, 300, 26), column("b", 7, 400, 560, 300, 26)),
			numbered("s", 20) + " / " + numbered("a", 7) + " / " + numbered("b", 7),
		},
		"columns that end in two lines": {
			page(column("a", 8, 50, 50, 300, 26), column("b", 8, 400, 50, 300, 26), one(at("title", 100, 280, 550, 30)),
				column("c", 2, 50, 330, 300, 26), column("d", 2, 400, 330, 300, 26)),
			numbered("a", 8) + " / " + numbered("b", 8) + " / title / c1 c2 / d1 d2",
		},
		"columns whose lines reach over the gutter": {
			page(column("a", 8, 50, 50, 354, 26), column("b", 8, 400, 50, 300, 26)),
			numbered("a", 8) + " / " + numbered("b", 8),
		},
		"two columns above three": {
			page(column("a", 6, 50, 50, 310, 26), column("b", 6, 390, 50, 310, 26), one(at("title", 100, 230, 550, 30)),
				column("c", 6, 50, 300, 200, 26), column("d", 6, 275, 300, 200, 26), column("e", 6, 500, 300, 200, 26)),
			numbered("a", 6) + " / " + numbered("b", 6) + " / title / " +
				numbered("c", 6) + " / " + numbered("d", 6) + " / " + numbered("e", 6),
		},
		"a table in the left one of two columns": {
			page(column("a", 8, 50, 0, 300, 26),
				column("x", 4, 50, 220, 60, 26), column("y", 4, 150, 220, 60, 26), column("z", 4, 250, 220, 60, 26),
				column("b", 12, 400, 0, 300, 26)),
			numbered("a", 8) + " / x1 y1 z1 x2 y2 z2 x3 y3 z3 x4 y4 z4 / " + numbered("b", 12),
		},
		"a wide table of six columns": {
			page(column("a", 5, 0, 0, 90, 30), column("b", 5, 120, 0, 60, 30), column("c", 5, 240, 0, 60, 30),
				column("d", 5, 360, 0, 90, 30), column("e", 5, 480, 0, 60, 30), column("f", 5, 600, 0, 60, 30)),
			"a1 b1 c1 d1 e1 f1 a2 b2 c2 d2 e2 f2 a3 b3 c3 d3 e3 f3 a4 b4 c4 d4 e4 f4 a5 b5 c5 d5 e5 f5",
		},
		"a note beside the text": {
			page(column("a", 10, 50, 50, 450, 26), one(at("n1", 530, 116, 90, 16)), one(at("n2", 530, 136, 60, 16))),
			numbered("a", 10) + " / n1 n2",
		},
		"a chat": {
			page(one(at("a", 80, 20, 250, 20)), one(at("b", 80, 46, 120, 20)), one(at("c", 400, 100, 280, 20)),
				one(at("d", 80, 154, 200, 20)), one(at("e", 420, 208, 260, 20)), one(at("f", 400, 234, 280, 20)),
				one(at("g", 80, 288, 240, 20)), one(at("h", 430, 342, 250, 20)), one(at("i", 80, 396, 240, 20)), one(at("j", 410, 450, 250, 20))),
			"a b c d e f g h i j",
		},
		"a window with a bar above, a sidebar and content": {
			page(one(at("file", 20, 5, 50, 18)), one(at("edit", 90, 5, 50, 18)), one(at("view", 160, 5, 50, 18)),
				column("a", 8, 20, 60, 110, 41), column("b", 9, 260, 68, 420, 29)),
			"file edit view / " + numbered("a", 8) + " / " + numbered("b", 9),
		},
		"cells of two lines": {
			page(one(at("form", 100, -30, 200, 30)), one(at("agent", 20, 20, 120, 24)), one(at("name", 200, 21, 60, 22)), one(at("number", 400, 21, 80, 22)),
				one(at("(if any)", 20, 46, 110, 16)),
				one(at("clerk", 20, 90, 120, 24)), one(at("head", 300, 90, 120, 24)),
				one(at("(clerk signs)", 20, 116, 110, 16)), one(at("(head signs)", 300, 116, 110, 16)),
				one(at("date", 20, 160, 60, 24))),
			"form agent (if any) name number clerk (clerk signs) head (head signs) date",
		},
		"a statement of long cells": {
			page(column("booked", 8, 20, 20, 250, 26), column("100", 8, 400, 20, 200, 26)), "booked1 1001 booked2 1002 booked3 1003 booked4 1004 booked5 1005 booked6 1006 booked7 1007 booked8 1008",
		},
		"cells that span two rows": {
			page(column("a", 6, 150, 20, 200, 30), one(at("from", 20, 35, 90, 20)), one(at("to", 20, 155, 90, 20)),
				one(at("sum", 400, 95, 60, 20))),
			"from a1 a2 a3 a4 sum to a5 a6",
		},
		"prices half a row too low": {
			page(column("item", 5, 20, 20, 160, 28), column("10", 5, 300, 34, 60, 28)),
			"item1 101 item2 102 item3 103 item4 104 item5 105",
		},
		"items of two rows": {
			page(one(at("shop", 100, 0, 200, 30)), one(at("sugar", 20, 60, 200, 20)), one(at("5.90", 300, 60, 60, 20)), one(at("2 x 2.95", 60, 82, 90, 20)),
				one(at("total", 20, 130, 80, 20)), one(at("5.90", 300, 130, 60, 20))),
			"shop sugar 5.90 2 x 2.95 total 5.90",
		},
		"a form": {
			page(one(at("name", 20, 20, 50, 20)), one(at("Li", 100, 22, 40, 18)), one(at("born", 300, 20, 50, 20)), one(at("1982", 400, 23, 60, 18)),
				one(at("address", 20, 60, 80, 20)), one(at("street", 130, 62, 300, 18)),
				one(at("phone", 20, 100, 60, 20)), one(at("number", 130, 102, 120, 18))),
			"name Li born 1982 / address street / phone number",
		},
	}
}

func TestArrangeOfHardPages(t *testing.T) {
	for name, c := range hardPages() {
		for _, degrees := range []float64{0, 180, 2, -2} {
			if got := reading(layout.Arrange(turnedPage(c.lines, degrees))); got != c.want {
				t.Errorf("%s, turned by %g:\ngot  %s\nwant %s", name, degrees, got, c.want)
			}
		}
	}
}

// fanned is a page as a camera sees it that stands to the left: its rows run together on the
// right, by that many degrees from the first to the last.
func fanned(lines []inkpool.Line, degrees float64) []inkpool.Line {
	slope := math.Tan(degrees*math.Pi/180) / 500
	out := slices.Clone(lines)
	for i := range out {
		for j, p := range out[i].Quad {
			out[i].Quad[j].Y = p.Y + (p.X-100)*slope*(250-p.Y)
		}
	}
	return out
}

// leaning is a page as a camera sees it that stands below: edges lean.
func leaning(lines []inkpool.Line, degrees float64) []inkpool.Line {
	out := slices.Clone(lines)
	for i := range out {
		for j, p := range out[i].Quad {
			out[i].Quad[j].X += p.Y * math.Tan(degrees*math.Pi/180)
		}
	}
	return out
}

// receipt is rows of cells, each cell in a column of its own, every row bent by up to depth.
func receipt(rows int, depth float64, names ...string) arrangement {
	var lines []inkpool.Line
	var want []string
	for i := range rows {
		for j, name := range names {
			l := column(name, rows, 20+220*float64(j), 20, 120, 25)[i]
			for k, p := range l.Quad {
				l.Quad[k].Y += depth * math.Sin(p.X/160)
			}
			lines, want = append(lines, l), append(want, l.Text)
		}
	}
	return arrangement{lines, strings.Join(want, " ")}
}

// Rows that fan out, climb or bend stay rows, and edges that lean stay edges.
func TestArrangeOfPhotographs(t *testing.T) {
	flat := receipt(20, 0, "item", "unit", "price")
	bent := receipt(20, 12, "item", "unit", "price")
	text := hardPages()["columns whose lines reach over the gutter"]
	for name, c := range map[string]arrangement{
		"a receipt whose rows run together":  {fanned(flat.lines, 6), flat.want},
		"a receipt whose rows run apart":     {fanned(flat.lines, -6), flat.want},
		"the same, askew":                    {turnedPage(fanned(flat.lines, -6), 8), flat.want},
		"a receipt that is bent":             bent,
		"columns that lean":                  {leaning(text.lines, 4), text.want},
		"columns that lean and run together": {fanned(leaning(text.lines, -4), 3), text.want},
	} {
		t.Run(name, func(t *testing.T) {
			if got := reading(layout.Arrange(c.lines)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Lines that run across the others are read by themselves, where they stand.
func TestArrangeOfTurnedLines(t *testing.T) {
	vertical := []inkpool.Line{down("a", 600, 100, 500), down("b", 550, 100, 500), down("c", 500, 100, 500), down("d", 450, 100, 500)}
	for name, c := range map[string]arrangement{
		"the horizontal title of a vertical page": {page(vertical, one(at("title", 400, 30, 200, 36))), "title / a b c d"},
		"a horizontal line below a vertical page": {page(vertical, one(at("foot", 400, 630, 200, 30))), "a b c d / foot"},
		"two horizontal lines above": {
			page(vertical, one(at("t1", 400, 20, 200, 30)), one(at("t2", 420, 60, 150, 20))), "t1 t2 / a b c d",
		},
		"tiers of a vertical page": {
			page(vertical, []inkpool.Line{down("e", 600, 640, 400), down("f", 550, 640, 400), down("g", 500, 640, 400), down("h", 450, 640, 400)}),
			"a b c d / e f g h",
		},
		"a vertical caption to the right": {
			page(column("a", 8, 50, 50, 400, 30), one(down("caption", 520, 100, 120))), numbered("a", 8) + " / caption",
		},
		"a vertical caption to the left": {
			page(column("a", 8, 100, 50, 400, 30), one(down("caption", 40, 100, 120))), "caption / " + numbered("a", 8),
		},
		"a vertical caption between paragraphs": {
			page(column("a", 4, 50, 50, 400, 30), column("b", 4, 50, 230, 400, 30), one(down("caption", 520, 60, 90))),
			numbered("a", 4) + " / caption / " + numbered("b", 4),
		},
		"a digit that is higher than wide": {
			page(one(at("item", 20, 20, 100, 20)), one(down("1", 200, 14, 32)), one(at("price", 300, 20, 60, 20))), "item 1 price",
		},
		"only a word": {one(down("a", 10, 10, 90)), "a"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, degrees := range []float64{0, 3, -3} {
				if got := reading(layout.Arrange(turnedPage(c.lines, degrees))); got != c.want {
					t.Errorf("turned by %g:\ngot  %s\nwant %s", degrees, got, c.want)
				}
			}
		})
	}
}

// A few words far apart, each tilted a little in its own way, say nothing of the page's skew.
func TestArrangeOfTiltedWords(t *testing.T) {
	lines := []inkpool.Line{
		{Text: "top", Quad: inkpool.Quad{{X: 835, Y: 16}, {X: 975, Y: 31}, {X: 965, Y: 120}, {X: 825, Y: 105}}},
		{Text: "right", Quad: inkpool.Quad{{X: 1593, Y: 544}, {X: 1794, Y: 541}, {X: 1796, Y: 636}, {X: 1594, Y: 640}}},
		at("left", 33, 541, 116, 84),
		{Text: "bottom", Quad: inkpool.Quad{{X: 757, Y: 1087}, {X: 1042, Y: 1097}, {X: 1039, Y: 1178}, {X: 754, Y: 1168}}},
	}
	if got, want := layout.Text(layout.Arrange(lines), inkpool.LayoutLines), "top\n\nleft\tright\n\nbottom"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
