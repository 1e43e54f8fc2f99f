package main

import "github.com/inkpool/inkpool/backend/score"

// Marks of a run of characters: what is wrong with it.
const (
	markRight = ""
	markWrong = "wrong" // another character was read
	markLost  = "lost"  // true text of which nothing was read, or text read that is not there
	markSpace = "space" // a space between words too few or too many
)

// stretch is a run of characters of a line with one mark.
type stretch struct {
	Mark  string
	Text  string
	Other string // what stands in its place on the other side; empty if nothing does
}

// mark is what is wrong with one character.
type mark struct {
	kind  string
	other rune
	gap   bool // with the space before it
}

// markUp compares the true text of a page with the text that was read, line by line, and
// returns both with what is wrong in them. The order of the lines is not marked.
func markUp(a score.Alignment) (want, have [][]stretch) {
	wantMarks, haveMarks := unmatched(a.Want), unmatched(a.Have)
	for _, m := range a.Matches {
		w, h := m.Want, m.Have
		left, right := a.Want[w.Line], a.Have[h.Line]
		for _, s := range score.Diff(left.Chars[w.From:w.To], right.Chars[h.From:h.To]) {
			if s.Want != 0 && s.Have != 0 {
				gap := w.From > m.Want.From && h.From > m.Have.From && left.Gaps[w.From] != right.Gaps[h.From]
				wantMarks[w.Line][w.From] = pair(s.Want, s.Have, gap)
				haveMarks[h.Line][h.From] = pair(s.Have, s.Want, gap)
			}
			if s.Want != 0 {
				w.From++
			}
			if s.Have != 0 {
				h.From++
			}
		}
	}
	return runsOf(a.Want, wantMarks), runsOf(a.Have, haveMarks)
}

// unmatched marks all characters as lost.
func unmatched(lines []score.Line) [][]mark {
	marks := make([][]mark, len(lines))
	for i, line := range lines {
		marks[i] = make([]mark, len(line.Chars))
		for j := range marks[i] {
			marks[i][j].kind = markLost
		}
	}
	return marks
}

func pair(this, other rune, gap bool) mark {
	if this == other {
		return mark{kind: markRight, gap: gap}
	}
	return mark{kind: markWrong, other: other, gap: gap}
}

func runsOf(lines []score.Line, marks [][]mark) [][]stretch {
	all := make([][]stretch, len(lines))
	for i, line := range lines {
		all[i] = runsOfLine(line, marks[i])
	}
	return all
}

// runsOfLine joins neighbouring characters with one mark. A space too few shows as U+2423, one
// too many as a marked space.
func runsOfLine(line score.Line, marks []mark) []stretch {
	var runs []stretch
	add := func(r stretch) {
		if n := len(runs); n > 0 && runs[n-1].Mark == r.Mark && r.Mark != markSpace {
			runs[n-1].Text += r.Text
			runs[n-1].Other += r.Other
			return
		}
		runs = append(runs, r)
	}
	for i, m := range marks {
		switch {
		case m.gap && line.Gaps[i]:
			add(stretch{Mark: markSpace, Text: " "})
		case m.gap:
			add(stretch{Mark: markSpace, Text: "\u2423"})
		case line.Gaps[i]:
			add(stretch{Mark: markRight, Text: " "})
		}
		r := stretch{Mark: m.kind, Text: string(line.Chars[i])}
		if m.other != 0 {
			r.Other = string(m.other)
		}
		add(r)
	}
	return runs
}
