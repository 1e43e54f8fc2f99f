package score_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/score"
)

// pairsOf prints the matches of two texts as "true text|what was read of it", in the order of
// the true lines.
func pairsOf(want, have string) []string {
	a := score.Align(score.Lines(want, false), score.Lines(have, false))
	slices.SortFunc(a.Matches, func(x, y score.Match) int {
		return (x.Want.Line-y.Want.Line)*1000 + x.Want.From - y.Want.From
	})
	var out []string
	for _, m := range a.Matches {
		out = append(out, textOf(a.Want, m.Want)+"|"+textOf(a.Have, m.Have))
	}
	return out
}

func textOf(lines []score.Line, s score.Span) string {
	return string(lines[s.Line].Chars[s.From:s.To])
}

func TestAlign(t *testing.T) {
	tests := []struct {
		name, want, have string
		pairs            []string
	}{
		{"nothing", "", "", nil},
		{"equal", "abc", "abc", []string{"abc|abc"}},
		{"moved", "abcd\nwxyz", "wxyz\nabcd", []string{"abcd|abcd", "wxyz|wxyz"}},
		{"read in pieces", "name price", "price\nname", []string{"name|name", "price|price"}},
		{"read as one", "name\nprice", "price name", []string{"name|name", "price|price"}},
		{"the nearest of several", "10.50\n10.60", "10.6O\n10.5O", []string{"10.50|10.5O", "10.60|10.6O"}},
		{"the same twice", "0.00\n0.00\n0.00", "0.00\n0.00", []string{"0.00|0.00", "0.00|0.00"}},
		{"too little in common", "abcdef", "abxyzw", nil},
		{"one character in a line", "1", "2010", nil},
		{"one character by itself", "2010\n1", "1\n2010", []string{"2010|2010", "1|1"}},
		{"whole lines rather than parts", "total", "subtotal\ntotal.", []string{"total|total"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.pairs, pairsOf(tt.want, tt.have)); diff != "" {
			t.Errorf("%s: pairs differ (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestAlignHoldsTogether checks on texts cut up and garbled at random that no character is
// matched twice and that each match has the edits it names.
func TestAlignHoldsTogether(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		want, have := garbled(rng)
		a := score.Align(score.Lines(want, false), score.Lines(have, false))
		checkSide(t, a.Want, a.Matches, func(m score.Match) score.Span { return m.Want })
		checkSide(t, a.Have, a.Matches, func(m score.Match) score.Span { return m.Have })
		for _, m := range a.Matches {
			x, y := textOf(a.Want, m.Want), textOf(a.Have, m.Have)
			if d := score.Distance([]rune(x), []rune(y)); d != m.Edits {
				t.Fatalf("%q to %q: got %d edits, want %d", x, y, m.Edits, d)
			}
		}
		if got := score.Compare(score.Page{Text: want}, have); got.Order() < 0 || got.Sorted < 0 {
			t.Fatalf("%q read as %q: got %+v", want, have, got)
		}
	}
}

func checkSide(t *testing.T, lines []score.Line, matches []score.Match, of func(score.Match) score.Span) {
	t.Helper()
	seen := map[[2]int]bool{}
	for _, m := range matches {
		s := of(m)
		if s.From >= s.To || s.To > len(lines[s.Line].Chars) {
			t.Fatalf("got the span %+v of a line of %d characters", s, len(lines[s.Line].Chars))
		}
		for i := s.From; i < s.To; i++ {
			if seen[[2]int{s.Line, i}] {
				t.Fatalf("got character %d of line %d in two matches", i, s.Line)
			}
			seen[[2]int{s.Line, i}] = true
		}
	}
}

// garbled makes a text of a few lines, and the same in another order, cut elsewhere and with
// wrong characters.
func garbled(rng *rand.Rand) (want, have string) {
	var lines, others []string
	for range 1 + rng.IntN(6) {
		line := string(randomWord(rng)) + string(randomWord(rng))
		lines = append(lines, line)
		if rng.IntN(4) == 0 {
			line = strings.Replace(line, "a", "z", 1)
		}
		cut := rng.IntN(len(line) + 1)
		others = append(others, line[:cut], line[cut:])
	}
	rng.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	return strings.Join(lines, "\n") + "\n.", strings.Join(others, "\n")
}

// BenchmarkAlignDense aligns a page of 120 lines of 50 characters, each with five wrong ones,
// in another order.
func BenchmarkAlignDense(b *testing.B) {
	rng := rand.New(rand.NewPCG(9, 10))
	var want, have []score.Line
	for range 120 {
		line := make([]rune, 50)
		for i := range line {
			line[i] = rune('a' + rng.IntN(26))
		}
		read := slices.Clone(line)
		for range 5 {
			read[rng.IntN(len(read))] = '?'
		}
		gaps := make([]bool, len(line))
		want, have = append(want, score.Line{Chars: line, Gaps: gaps}), append(have, score.Line{Chars: read, Gaps: gaps})
	}
	rng.Shuffle(len(have), func(i, j int) { have[i], have[j] = have[j], have[i] })
	for b.Loop() {
		if n := len(score.Align(want, have).Matches); n < 120 {
			b.Fatalf("got %d matches, want at least 120", n)
		}
	}
}
