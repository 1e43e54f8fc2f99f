package pdf

import (
	"math"
	"strings"
	"unicode"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// cellGap is how wide a gap within a row makes two lines of it, in heights of the letters:
// between words it is a third, between columns and cells two and more.
const cellGap = 2.0

// linesOf puts characters together to lines.
func linesOf(glyphs []glyph) []inkpool.Line {
	var out []inkpool.Line
	var l textLine
	end := func() {
		if line, ok := l.finish(len(out)); ok {
			out = append(out, line)
		}
		l = textLine{}
	}
	for _, g := range glyphs {
		switch {
		case g.char == '\n' || g.char == '\r':
			end()
			continue
		case !g.generated && !unicode.IsSpace(g.char) && l.breaksBefore(g):
			end()
		}
		l.add(g)
	}
	end()
	return out
}

// textLine is a line that grows.
type textLine struct {
	text    strings.Builder
	chars   int // with a box
	box     Box
	last    Box // of the last character
	quarter int
}

// breaksBefore reports whether g starts another line although PDFium did not say so.
func (l *textLine) breaksBefore(g glyph) bool {
	if l.chars == 0 {
		return false
	}
	if g.quarter != l.quarter {
		return true
	}
	from, to, size := l.last.Right, g.box.Left, l.box.Bottom-l.box.Top
	switch l.quarter {
	case 1:
		from, to, size = l.last.Bottom, g.box.Top, l.box.Right-l.box.Left
	case 2:
		from, to = -l.last.Left, -g.box.Right
	case 3:
		from, to, size = -l.last.Top, -g.box.Bottom, l.box.Right-l.box.Left
	}
	return to-from > cellGap*size
}

func (l *textLine) add(g glyph) {
	if g.char != 0 {
		l.text.WriteRune(g.char)
	}
	if g.generated || unicode.IsSpace(g.char) || g.box.empty() {
		return
	}
	if l.chars == 0 {
		l.box, l.quarter = g.box, g.quarter
	}
	l.box = l.box.union(g.box)
	l.last = g.box
	l.chars++
}

// finish returns the line, unless nothing of it can be seen.
func (l *textLine) finish(block int) (inkpool.Line, bool) {
	text := strings.TrimSpace(l.text.String())
	if text == "" || l.chars == 0 {
		return inkpool.Line{}, false
	}
	wide, high := l.box.Right-l.box.Left, l.box.Bottom-l.box.Top
	return inkpool.Line{
		Text: text, Score: 1, Quad: l.box.quad(l.quarter), Block: block,
		// Upright characters one below the other; a single narrow one says nothing.
		Vertical: l.quarter == 0 && l.chars > 1 && high > 2*wide,
	}, true
}

// finite reports whether a box lies at numbers: places on a page can be so large that they
// overflow.
func (b Box) finite() bool {
	sum := b.Left + b.Top + b.Right + b.Bottom
	return !math.IsNaN(sum) && !math.IsInf(sum, 0)
}

// empty reports a box without area, as characters have that a document hides.
func (b Box) empty() bool { return b.Right <= b.Left || b.Bottom <= b.Top }

func (b Box) union(c Box) Box {
	return Box{min(b.Left, c.Left), min(b.Top, c.Top), max(b.Right, c.Right), max(b.Bottom, c.Bottom)}
}

// cut returns what both boxes cover; it may be empty.
func (b Box) cut(c Box) Box {
	return Box{max(b.Left, c.Left), max(b.Top, c.Top), min(b.Right, c.Right), min(b.Bottom, c.Bottom)}
}

// area is in square pixels.
func (b Box) area() float64 {
	if b.empty() {
		return 0
	}
	return (b.Right - b.Left) * (b.Bottom - b.Top)
}

// quad returns the corners clockwise, beginning where text begins that is turned clockwise by
// so many quarters.
func (b Box) quad(quarter int) inkpool.Quad {
	corners := [4]inkpool.Point{{X: b.Left, Y: b.Top}, {X: b.Right, Y: b.Top}, {X: b.Right, Y: b.Bottom}, {X: b.Left, Y: b.Bottom}}
	var q inkpool.Quad
	for i := range q {
		q[i] = corners[(i+quarter)%4]
	}
	return q
}
