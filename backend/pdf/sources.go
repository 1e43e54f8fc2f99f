package pdf

import "github.com/inkpool/inkpool/backend/inkpool"

// Sources says whether the text layer t of a page is to be used, and whether what can be seen
// on the page is to be recognised. With both, Combine joins the results. The empty source is
// SourceMixed: the layer where it is sound. SourceCarried takes it whatever it is.
func (t Text) Sources(source inkpool.TextSource) (layer, recognise bool) {
	switch source {
	case inkpool.SourceImage:
		return false, true
	case inkpool.SourceCarried:
		return true, false
	default:
		sound := t.Trouble == NoTrouble
		return sound, !sound || len(t.Pictures) > 0
	}
}

// Combine adds to the lines of a text layer those that were recognised in pictures which the
// layer does not cover. Both are in pixels of the same page. Their blocks are not in order
// afterwards: the whole is to be arranged anew.
func Combine(t Text, recognised []inkpool.Line) []inkpool.Line {
	out := append([]inkpool.Line(nil), t.Lines...)
	for _, l := range recognised {
		b := boxOf(l.Quad)
		if isWithin(b, t.Pictures) && !isCovered(b, t.Lines) {
			out = append(out, l)
		}
	}
	return out
}

// isWithin reports whether most of a box lies in one of the others.
func isWithin(b Box, others []Box) bool {
	for _, o := range others {
		if 2*b.cut(o).area() > b.area() {
			return true
		}
	}
	return false
}

// isCovered reports whether lines lie on top of most of a box.
func isCovered(b Box, lines []inkpool.Line) bool {
	covered := 0.0
	for _, l := range lines {
		covered += b.cut(boxOf(l.Quad)).area()
	}
	return 2*covered > b.area()
}

// boxOf returns the box around a quad.
func boxOf(q inkpool.Quad) Box {
	b := Box{q[0].X, q[0].Y, q[0].X, q[0].Y}
	for _, p := range q[1:] {
		b = b.union(Box{p.X, p.Y, p.X, p.Y})
	}
	return b
}
