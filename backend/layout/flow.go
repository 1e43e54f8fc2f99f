package layout

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// paragraphText joins the lines of paragraphs. Rows of tables, items of lists and lines that
// end early stay by themselves.
func paragraphText(lines []inkpool.Line) string {
	blocks := rowsOf(lines)
	var b strings.Builder
	for i, block := range blocks {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(flowing(block, columnOf(block, blocks)))
	}
	return b.String()
}

// flowing is the text of a block whose lines reach to right.
func flowing(block paragraph, right float64) string {
	if !flows(block, right) {
		texts := make([]string, len(block))
		for i, r := range block {
			texts[i] = r.text()
		}
		return strings.Join(texts, "\n")
	}
	left := block.leftEdge()
	out := block[0].text()
	for i := 1; i < len(block); i++ {
		above, below := block[i-1], block[i]
		text := below.text()
		switch {
		case below.isItem(), above.hasCells() && below.hasCells():
			out += "\n" + text
		case above.hasCells() || below.hasCells() || above.otherSize(below) ||
			above.endsEarly(below, right) || below.starts(above, left):
			out += "\n\n" + text
		default:
			out = join(out, text)
		}
	}
	return out
}

func (r row) isItem() bool { return listItem.MatchString(r[0].line.Text) }

// listItem is the beginning of a list's item: a bullet, a number or a letter with its mark.
var listItem = regexp.MustCompile(`^\s*([•·●○■□◆◇▪▶➢★*]|[-–—] |[(（]?([0-9]{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3})([)）、]|[.．] )|\[[0-9]{1,3}\]|[①-⑳])`)

// Lines flow into one another when most of them are as long as the column is wide.
const (
	fullShare   = 0.5  // part of the lines with one below them that are full at least
	indent      = 0.8  // by how much a paragraph's first line is moved in, in heights, at least
	ownEdge     = 4    // lines of a block that say by themselves how wide the column is, at least
	headingSize = 1.25 // by how much larger the type of a heading is, at least
	sameEnd     = 1.5  // how far apart lines end that reach the same edge, in heights, at most
	sameStart   = 2.5  // how far apart lines of one column start, in heights, at most
)

func flows(block paragraph, right float64) bool {
	width := right - block.leftEdge()
	full := 0
	var fills []float64
	for i, above := range block[:len(block)-1] {
		below := block[i+1]
		if above.hasCells() || below.hasCells() || below.isItem() {
			continue
		}
		fills = append(fills, (above[len(above)-1].u1-above[0].u0)/max(1, width))
		if !above.endsEarly(below, right) && (above.isItem() || !above.isCentredOn(below)) {
			full++
		}
	}
	return full > 0 && float64(full) >= fullShare*float64(len(fills)) &&
		median(fills) >= proseFill && width >= proseAspect*block[0].height()
}

// isCentredOn reports whether the row below is moved in on both sides.
func (r row) isCentredOn(below row) bool {
	far := r.height() / 2
	return below[0].u0-r[0].u0 > far && r[len(r)-1].u1-below[len(below)-1].u1 > far &&
		math.Abs(below[0].u0-r[0].u0-(r[len(r)-1].u1-below[len(below)-1].u1)) < far
}

// otherSize reports whether two rows are set in type of different size, as a heading and its text
// are: both in height and in width, for the outlines of lines without ascenders are lower.
func (r row) otherSize(o row) bool {
	higher, wider := r.height()/o.height(), r[0].cell()/o[0].cell()
	return higher > headingSize && wider > headingSize || higher < 1/headingSize && wider < 1/headingSize
}

// cell is the width of a character in pixels, half of that of a Chinese one.
func (b box) cell() float64 { return b.width() / float64(max(1, cellCount(b.line.Text))) }

// endsEarly reports whether the first word of the row below would have had room at the end of
// this one: a line that was ended on purpose.
func (r row) endsEarly(below row, right float64) bool {
	end := r[len(r)-1]
	return right-end.u1 > below[0].firstWord()+end.height()/2
}

// firstWord is about how wide the first word of a line is, a space before it included. Chinese
// and Japanese break between any two characters, but keep punctuation with what precedes it.
func (b box) firstWord() float64 {
	text := strings.TrimSpace(b.line.Text)
	if first, _ := utf8.DecodeRuneInString(text); isSpaceless(first) {
		return 4 * b.cell()
	}
	word, _, _ := strings.Cut(text, " ")
	if at := strings.IndexFunc(word, isSpaceless); at >= 0 {
		word = word[:at]
	}
	return float64(cellCount(word)+1) * b.cell()
}

// starts reports whether a row is the first of a paragraph by its indent, or of an item by
// standing out to the left. left is where most rows begin. What is moved in below an item
// belongs to it.
func (r row) starts(above row, left float64) bool {
	if above.isItem() {
		return false
	}
	far := indent * r.height()
	begins, before := r[0].u0, above[0].u0
	return math.Abs(begins-left) > far && math.Abs(begins-before) > far
}

// leftEdge is where most rows begin; of as many that are moved in as are not, where the latter do.
func (p paragraph) leftEdge() float64 {
	edges := make([]float64, len(p))
	for i, r := range p {
		edges[i] = r[0].u0
	}
	slices.Sort(edges)
	return edges[(len(edges)-1)/2]
}

// columnOf is the right edge of the column that a block stands in: the farthest that two lines
// reach, of the block where it is long enough to say, else of all that begin where it does.
func columnOf(block paragraph, blocks []paragraph) float64 {
	height := block[0].height()
	if right, ok := commonEnd([]paragraph{block}, block.leftEdge(), height); ok && len(block) >= ownEdge {
		return right
	}
	if right, ok := commonEnd(blocks, block.leftEdge(), height); ok {
		return right
	}
	_, right := extent(block)
	return right
}

// commonEnd is the farthest that two of the rows reach which begin near left.
func commonEnd(blocks []paragraph, left, height float64) (right float64, ok bool) {
	var ends []float64
	for _, p := range blocks {
		for _, r := range p {
			if !r.hasCells() && math.Abs(r[0].u0-left) < sameStart*height {
				ends = append(ends, r[len(r)-1].u1)
			}
		}
	}
	slices.Sort(ends)
	for i := len(ends) - 1; i > 0; i-- {
		if ends[i]-ends[i-1] < sameEnd*height {
			return ends[i], true
		}
	}
	return 0, false
}
