package layout

import (
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Text makes a text of lines that Arrange has put in order; what each layout means is said in
// package inkpool, and no layout, or one that is not known, is inkpool.LayoutLines. The lines of
// inkpool.LayoutRaw keep the order that they have, and more than mostLines are never more than
// lines.
func Text(lines []inkpool.Line, as inkpool.Layout) string {
	if len(lines) > mostLines {
		return rawText(lines)
	}
	switch as {
	case inkpool.LayoutParagraphs:
		return paragraphText(lines)
	case inkpool.LayoutSingle:
		return singleText(lines)
	case inkpool.LayoutCode:
		return codeText(lines)
	case inkpool.LayoutRaw:
		return rawText(lines)
	}
	return lineText(lines)
}

func rawText(lines []inkpool.Line) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.Text
	}
	return strings.Join(texts, "\n")
}

func singleText(lines []inkpool.Line) string {
	out := ""
	for _, l := range lines {
		out = join(out, l.Text)
	}
	return out
}

func lineText(lines []inkpool.Line) string {
	var b strings.Builder
	for i, block := range rowsOf(lines) {
		if i > 0 {
			b.WriteString("\n\n")
		}
		for j, r := range block {
			if j > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(r.text())
		}
	}
	return b.String()
}

// rowsOf finds the blocks of arranged lines, and their rows, which Arrange has put in order but
// not marked.
func rowsOf(lines []inkpool.Line) []paragraph {
	page := newFrame(lines)
	var out []paragraph
	for start := 0; start < len(lines); {
		end := start + 1
		for end < len(lines) && lines[end].Block == lines[start].Block {
			end++
		}
		out = append(out, page.rowsOfBlock(lines[start:end]))
		start = end
	}
	return out
}

// rowsOfBlock is the rows of one block, in the frame of its own where it runs across the page.
func (f frame) rowsOfBlock(lines []inkpool.Line) paragraph {
	if f.isAcross(&lines[0]) && f.isAcross(&lines[len(lines)-1]) {
		f = newFrame(lines)
	}
	var out paragraph
	for i := range lines {
		b := f.place(&lines[i])
		if i > 0 {
			last := &out[len(out)-1]
			if end := (*last)[len(*last)-1]; end.before(b) && end.level(b) {
				*last = append(*last, b)
				continue
			}
		}
		out = append(out, row{b})
	}
	return out
}

// cellGap is the space between the cells of a row, in heights of the lower one, at least.
// Outlines are drawn wider than the text, so that words with less between them overlap or
// touch: those are one text that was found in parts. The characters of vertical lines stand
// farther apart.
const (
	cellGap         = 0.3
	verticalCellGap = 1.0
)

// hasCells reports whether a row has more than one cell.
func (r row) hasCells() bool {
	for i := 1; i < len(r); i++ {
		if r[i-1].parted(r[i]) {
			return true
		}
	}
	return false
}

func (b box) parted(next box) bool {
	least := cellGap
	if b.line.Vertical && next.line.Vertical {
		least = verticalCellGap
	}
	return next.u0-b.u1 >= least*min(b.height(), next.height())
}

// text is the text of a row: a tab between cells.
func (r row) text() string {
	out := r[0].line.Text
	for i := 1; i < len(r); i++ {
		if r[i-1].parted(r[i]) {
			out += "\t" + r[i].line.Text
			continue
		}
		out = besides(out, r[i].line.Text)
	}
	return out
}
