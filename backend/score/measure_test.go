package score_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/score"
)

func TestNormalize(t *testing.T) {
	tests := []struct {
		name     string
		in       string
		caseless bool
		want     string
	}{
		{"full-width forms", "ＡＢＣ１２３：", false, "ABC123:"},
		{"ligature", "ﬁne", false, "fine"},
		{"white space of all kinds", "a b\tc\r\nd\u00a0e\u3000f\u2028g\u0085h\x1fi", false, "abcdefghi"},
		{"zero-width space is no white space", "a\u200bb", false, "a\u200bb"},
		{"composed", "e\u0301", false, "é"},
		{"case stays", "Straße", false, "Straße"},
		{"case folds", "Straße TOTAL", true, "strassetotal"},
	}
	for _, tt := range tests {
		if got := score.Normalize(tt.in, tt.caseless); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

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
	word := func() []rune {
		s := make([]rune, rng.IntN(12))
		for i := range s {
			s[i] = rune('a' + rng.IntN(3))
		}
		return s
	}
	for range 2000 {
		a, b := word(), word()
		if got, want := score.Distance(a, b), plainDistance(a, b); got != want {
			t.Fatalf("%q to %q: got %d, want %d", string(a), string(b), got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name     string
		page     score.Page
		got      string
		cer, bag float64
	}{
		{"perfect but for the lines", score.Page{Text: "ab\ncd"}, "abcd", 0, 0},
		// Pairs ab bc cd of the truth and ab bx xd of the text share ab: F1 = 2·1/6.
		{"one character wrong", score.Page{Text: "abcd"}, "abxd", 1.0 / 4, 1 - 2.0/6},
		{"nothing read", score.Page{Text: "abcd"}, "", 1, 1},
		// Pairs ab bc cd of the truth are all among ab bc cd de ef fg gh: F1 = 2·3/10.
		{"capped", score.Page{Text: "abcd"}, "abcdefgh", 1, 1 - 6.0/10},
		// ab bc cd de ef and de ef fa ab bc share all but cd, fa: F1 = 2·4/10.
		{"order swapped", score.Page{Text: "abc def"}, "def abc", 1, 1 - 8.0/10},
		{"pairs count as often as they occur", score.Page{Text: "aaaa"}, "aa", 2.0 / 4, 1 - 2.0/4},
		{"one character", score.Page{Text: "5"}, "5", 0, 0},
		{"one character missed", score.Page{Text: "5"}, "55", 1, 1},
		{"case counts", score.Page{Text: "AB"}, "ab", 1, 1},
		{"case folded", score.Page{Text: "AB", Caseless: true}, "ab", 0, 0},
		// Of ab bc cd the text has ab and cd; what it has besides does not count.
		{"partial", score.Page{Text: "abcd", Partial: true}, "ab..........cd", 1.0 / 3, 1.0 / 3},
	}
	for _, tt := range tests {
		got := score.Compare(tt.page, tt.got)
		if math.Abs(got.CER-tt.cer) > 1e-12 || math.Abs(got.Bag-tt.bag) > 1e-12 {
			t.Errorf("%s: got CER %v and bag %v, want %v and %v", tt.name, got.CER, got.Bag, tt.cer, tt.bag)
		}
	}
}

func TestLongPageIsMeasuredByItsPairs(t *testing.T) {
	for _, tt := range []struct {
		length int
		want   float64 // CER of the two halves in the wrong order
	}{
		{5998, 1},          // every character is replaced
		{6000, 1.0 / 5999}, // all pairs but the one in the middle
	} {
		half := tt.length / 2
		a, b := strings.Repeat("a", half), strings.Repeat("b", half)
		got := score.Compare(score.Page{Text: a + b}, b+a)
		if math.Abs(got.CER-tt.want) > 1e-12 {
			t.Errorf("%d characters: got CER %v, want %v", tt.length, got.CER, tt.want)
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
