package score

// tally is how many characters of an alignment are right or wrong, and in how many lines.
type tally struct {
	misread, missed, extra int // edits within matches; true characters in no match; read ones in none
	gaps                   int // spaces between words that are missing or too much, within matches
	wantLines, foundLines  int // true lines, and those found
	haveLines, trueLines   int // lines read, and those that are there
}

func (a Alignment) tally() tally {
	t := tally{wantLines: len(a.Want), haveLines: len(a.Have)}
	for _, m := range a.Matches {
		t.misread += m.Edits
		t.gaps += wrongGaps(a.Want[m.Want.Line].part(m.Want), a.Have[m.Have.Line].part(m.Have))
	}
	t.missed, t.foundLines = covered(a.Want, a.Matches, func(m Match) Span { return m.Want })
	t.extra, t.trueLines = covered(a.Have, a.Matches, func(m Match) Span { return m.Have })
	return t
}

// covered counts the characters of lines that no match covers with the side that of picks, and
// the lines that are found: at least foundShare of their characters are matched and right.
func covered(lines []Line, matches []Match, of func(Match) Span) (left, found int) {
	wrong := make([]int, len(lines)) // characters
	for i, line := range lines {
		wrong[i] = len(line.Chars)
	}
	for _, m := range matches {
		wrong[of(m).Line] -= of(m).len()
	}
	for _, n := range wrong {
		left += n
	}
	for _, m := range matches {
		wrong[of(m).Line] += m.Edits
	}
	for i, line := range lines {
		if n := len(line.Chars); float64(n-wrong[i]) >= foundShare*float64(n) {
			found++
		}
	}
	return left, found
}

func (l Line) part(s Span) Line { return Line{Chars: l.Chars[s.From:s.To], Gaps: l.Gaps[s.From:s.To]} }

// wrongGaps counts the characters that both have, but only one of them with a space before it.
// The first ones do not count: what is before them may stand in another line.
func wrongGaps(want, have Line) int {
	n, i, j := 0, 0, 0
	for _, s := range Diff(want.Chars, have.Chars) {
		if s.Want != 0 && s.Have != 0 && i > 0 && j > 0 && want.Gaps[i] != have.Gaps[j] {
			n++
		}
		i, j = i+present(s.Want), j+present(s.Have)
	}
	return n
}

func present(r rune) int { return differ(r, 0) }
