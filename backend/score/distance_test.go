package score_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/score"
)

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"kitten", "sitting", 3},
		{"flaw", "lawn", 2},
		{"abcdef", "abcdef", 0},
		{"abxcd", "abcd", 1},
		{"aaa", "aaaa", 1},
		{"墨池识别", "墨地识别", 1},
		{"ab", "ba", 2},
	}
	for _, tt := range tests {
		if got := score.Distance([]rune(tt.a), []rune(tt.b)); got != tt.want {
			t.Errorf("%q to %q: got %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// plainDistance is the definition written down: the slow twin of Distance.
func plainDistance(a, b []rune) int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
		for j := range table[i] {
			switch {
			case i == 0:
				table[i][j] = j
			case j == 0:
				table[i][j] = i
			default:
				replace := table[i-1][j-1]
				if a[i-1] != b[j-1] {
					replace++
				}
				table[i][j] = min(replace, table[i-1][j]+1, table[i][j-1]+1)
			}
		}
	}
	return table[len(a)][len(b)]
}

func TestDistanceAgainstPlainTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		a, b := randomWord(rng), randomWord(rng)
		if got, want := score.Distance(a, b), plainDistance(a, b); got != want {
			t.Fatalf("%q to %q: got %d, want %d", string(a), string(b), got, want)
		}
	}
}

// randomWord has 0 to 11 characters out of three.
func randomWord(rng *rand.Rand) []rune {
	s := make([]rune, rng.IntN(12))
	for i := range s {
		s[i] = rune('a' + rng.IntN(3))
	}
	return s
}

func TestDiff(t *testing.T) {
	tests := []struct {
		want, have string
		steps      []score.Step
	}{
		{"", "", nil},
		{"abc", "axc", []score.Step{{'a', 'a'}, {'b', 'x'}, {'c', 'c'}}},
		{"abc", "ac", []score.Step{{'a', 'a'}, {'b', 0}, {'c', 'c'}}},
		{"ac", "abc", []score.Step{{'a', 'a'}, {0, 'b'}, {'c', 'c'}}},
		{"", "a", []score.Step{{0, 'a'}}},
	}
	for _, tt := range tests {
		got := score.Diff([]rune(tt.want), []rune(tt.have))
		if len(got)+len(tt.steps) > 0 && !cmp.Equal(tt.steps, got) {
			t.Errorf("%q to %q: got %q, want %q", tt.want, tt.have, got, tt.steps)
		}
	}
}

func TestDiffCountsWhatDistanceDoes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		want, have := randomWord(rng), randomWord(rng)
		var from, to []rune
		edits := 0
		for _, s := range score.Diff(want, have) {
			if s.Want != 0 {
				from = append(from, s.Want)
			}
			if s.Have != 0 {
				to = append(to, s.Have)
			}
			if s.Want != s.Have {
				edits++
			}
		}
		if string(from) != string(want) || string(to) != string(have) || edits != score.Distance(want, have) {
			t.Fatalf("%q to %q: got steps from %q to %q in %d edits", string(want), string(have), string(from), string(to), edits)
		}
	}
}

func BenchmarkDistance6000(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 4))
	page := func() []rune {
		s := make([]rune, 6000)
		for i := range s {
			s[i] = rune('a' + rng.IntN(26))
		}
		return s
	}
	x, y := page(), page()
	for b.Loop() {
		score.Distance(x, y)
	}
}
