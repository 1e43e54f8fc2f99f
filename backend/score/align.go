package score

import "slices"

// foundShare is the least similarity, 1 - edits/length, from which a line counts as found and
// a piece as matched: more of it is right than wrong. It is to text what the usual overlap of
// 0.5 is to boxes (Pascal VOC, ICDAR Robust Reading); the similarity itself is the 1 - N.E.D.
// of the ICDAR 2019 competitions (LSVT, ArT, ReCTS).
const foundShare = 0.5

// Span is a run of characters of a line: Line counts from 0, [From, To) within its Chars.
type Span struct{ Line, From, To int }

func (s Span) len() int { return s.To - s.From }

// Match is a run of true characters with what was read of it.
type Match struct {
	Want, Have Span
	Edits      int // from one to the other
}

// Alignment is a page's true lines beside the lines that were read.
type Alignment struct {
	Want, Have []Line
	Matches    []Match // no two overlap; the surest first
}

// Align finds for each line of want what was read of it, wherever that stands in have: a line,
// several pieces of lines, or a part of one. It is the matching of the Flexible Character
// Accuracy (Clausner, Pletschacher, Antonacopoulos: Flexible character accuracy measure for
// reading-order-independent evaluation, Pattern Recognition Letters 131, 2020): the best pair
// is matched first, and what is left over of the longer one may be matched with others. Best
// is what has the most characters right. Plain sorting of the lines would not do: programs cut
// the same page into lines in different places, and one wrong character at the beginning of a
// line would move it.
func Align(want, have []Line) Alignment {
	m := matcher{alignment: Alignment{Want: want, Have: have}}
	m.takeEqual()
	for {
		best, ok := m.best()
		if !ok {
			return m.alignment
		}
		m.take(best)
	}
}

// matcher holds what is not matched yet.
type matcher struct {
	alignment  Alignment
	want, have []*piece
}

// piece is a line, or what is left over of one.
type piece struct {
	span  Span
	chars []rune
	fits  map[*piece]fit // of true pieces: what is known of others, by piece
}

// fit is the best way to match two pieces.
type fit struct {
	want, have *piece
	match      Match
	right      int // characters; 0 for pieces that have too little in common
}

// takeEqual matches the lines that were read without an error, and lists the others.
func (m *matcher) takeEqual() {
	equal := map[string][]int{} // lines of have, by text
	for i, line := range m.alignment.Have {
		equal[string(line.Chars)] = append(equal[string(line.Chars)], i)
	}
	taken := make([]bool, len(m.alignment.Have))
	for i, line := range m.alignment.Want {
		whole := Span{Line: i, To: len(line.Chars)}
		same := equal[string(line.Chars)]
		if len(same) == 0 {
			m.want = append(m.want, newPiece(whole, line))
			continue
		}
		equal[string(line.Chars)], taken[same[0]] = same[1:], true
		m.alignment.Matches = append(m.alignment.Matches, Match{Want: whole, Have: Span{Line: same[0], To: whole.To}})
	}
	for i, line := range m.alignment.Have {
		if !taken[i] {
			m.have = append(m.have, newPiece(Span{Line: i, To: len(line.Chars)}, line))
		}
	}
}

func newPiece(s Span, line Line) *piece {
	return &piece{span: s, chars: line.Chars[s.From:s.To], fits: map[*piece]fit{}}
}

// best returns the fit with the most characters right. Of equal ones it is that with the
// least left over, and else the first in the order of the lines.
func (m *matcher) best() (fit, bool) {
	var best fit
	for _, w := range m.want {
		for _, h := range m.have {
			if min(len(w.chars), len(h.chars)) < max(1, best.right) {
				continue // cannot be better
			}
			if f := w.fit(h); f.betterThan(best) {
				best = f
			}
		}
	}
	return best, best.right > 0
}

func (f fit) betterThan(other fit) bool {
	if f.right != other.right || f.right == 0 {
		return f.right > other.right
	}
	return f.leftOver() < other.leftOver()
}

// leftOver is how many characters one of the pieces has more than the other.
func (f fit) leftOver() int {
	return abs(len(f.want.chars) - len(f.have.chars))
}

// fit returns the best way to match w and h, worked out once.
func (w *piece) fit(h *piece) fit {
	f, known := w.fits[h]
	if !known {
		f = compare(w, h)
		w.fits[h] = f
	}
	return f
}

// compare looks for the shorter piece in the longer one. One character alone is found in
// nothing longer: it would be found nearly everywhere.
func compare(w, h *piece) fit {
	short, long := w, h
	if len(w.chars) > len(h.chars) {
		short, long = h, w
	}
	if len(short.chars) == 1 && len(long.chars) > 1 {
		return fit{want: w, have: h}
	}
	from, to, edits := find(short.chars, long.chars)
	length := max(len(short.chars), to-from)
	if float64(length-edits) < foundShare*float64(length) || edits == length {
		return fit{want: w, have: h}
	}
	part := Span{Line: long.span.Line, From: long.span.From + from, To: long.span.From + to}
	match := Match{Want: short.span, Have: part, Edits: edits}
	if short == h {
		match.Want, match.Have = part, short.span
	}
	return fit{want: w, have: h, match: match, right: length - edits}
}

// take matches what fits, and puts what is left over of both pieces back.
func (m *matcher) take(f fit) {
	m.alignment.Matches = append(m.alignment.Matches, f.match)
	m.want = replace(m.want, f.want, f.match.Want, m.alignment.Want[f.match.Want.Line])
	m.have = replace(m.have, f.have, f.match.Have, m.alignment.Have[f.match.Have.Line])
}

// replace puts what taken leaves of old, a piece of line, into old's place.
func replace(pieces []*piece, old *piece, taken Span, line Line) []*piece {
	var rest []*piece
	for _, s := range []Span{{taken.Line, old.span.From, taken.From}, {taken.Line, taken.To, old.span.To}} {
		if s.len() > 0 {
			rest = append(rest, newPiece(s, line))
		}
	}
	i := slices.Index(pieces, old)
	return slices.Replace(pieces, i, i+1, rest...)
}
