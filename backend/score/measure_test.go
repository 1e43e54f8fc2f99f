package score_test

import (
	"math"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/score"
)

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
		if !near(got.CER, tt.cer, 1e-12) || !near(got.Bag, tt.bag, 1e-12) {
			t.Errorf("%s: got CER %v and bag %v, want %v and %v", tt.name, got.CER, got.Bag, tt.cer, tt.bag)
		}
	}
}

func TestCompareLines(t *testing.T) {
	tests := []struct {
		name              string
		page              score.Page
		got               string
		sorted            float64
		recall, precision float64
	}{
		{"perfect", score.Page{Text: "one\ntwo"}, "one\ntwo", 0, 1, 1},
		{"order swapped", score.Page{Text: "first line\nsecond line"}, "second line\nfirst line", 0, 1, 1},
		{"swapped, one character wrong", score.Page{Text: "first\nsecond"}, "secand\nfirst", 1.0 / 11, 1, 1},
		{"a line in pieces", score.Page{Text: "total amount 12.50"}, "12.50\ntotal\namount", 0, 1, 1},
		{"lines of two columns joined", score.Page{Text: "left one\nleft two\nright one\nright two"}, "left one right one\nleft two right two", 0, 1, 1},
		{"rows cut elsewhere", score.Page{Text: "name Li date 1982\nland China"}, "name\tLi\ndate\t1982\tland\tChina", 0, 1, 1},
		{"a line missed", score.Page{Text: "abcd\nwxyz"}, "wxyz", 4.0 / 8, 1.0 / 2, 1},
		{"a line too much", score.Page{Text: "abcd"}, "abcd\nxy", 2.0 / 4, 1, 1.0 / 2},
		{"half of a line is enough", score.Page{Text: "abcd"}, "abxy", 2.0 / 4, 1, 1},
		{"less is not", score.Page{Text: "abcd"}, "axyz", 3.0 / 4, 0, 0},
		{"nothing read", score.Page{Text: "abcd"}, "", 1, 0, 0},
		// What is garbled is missed and extra at once; that is no error of order.
		{"garbled in place", score.Page{Text: "abcd\nefgh"}, "abcd\nwxyz", 4.0 / 8, 1.0 / 2, 1.0 / 2},
		{"partial: nothing is too much", score.Page{Text: "abcd", Partial: true}, "abcd\nwxyz", 0, 1, 1},
	}
	for _, tt := range tests {
		got := score.Compare(tt.page, tt.got)
		if !near(got.Sorted, tt.sorted, 1e-12) || got.Recall != tt.recall || got.Precision != tt.precision {
			t.Errorf("%s: got sorted %v, recall %v, precision %v, want %v, %v, %v",
				tt.name, got.Sorted, got.Recall, got.Precision, tt.sorted, tt.recall, tt.precision)
		}
	}
}

func TestCompareSpaces(t *testing.T) {
	tests := []struct {
		name string
		page score.Page
		got  string
		want float64
	}{
		{"perfect", score.Page{Text: "to be"}, "to be", 0},
		{"how many does not matter", score.Page{Text: "to be"}, " to \t be\n", 0},
		{"a line end is one", score.Page{Text: "to\nbe"}, "to be", 0},
		{"one missed", score.Page{Text: "to be"}, "tobe", 1.0 / 5},
		{"one too many", score.Page{Text: "tobe"}, "to be", 1.0 / 4},
		{"none around Chinese", score.Page{Text: "第 3 页，共 5 页"}, "第3页，共5页", 0},
		{"Korean has them", score.Page{Text: "안녕 하세"}, "안녕하세", 1.0 / 5},
		{"not known", score.Page{Text: "tobe", Unspaced: true}, "to be", 0},
		// Pairs to, o_, _b, be of the truth and to, ob, be of the text: half of the truth's.
		{"partial", score.Page{Text: "to be", Partial: true}, "tobe", 2.0 / 4},
	}
	for _, tt := range tests {
		if got := score.Compare(tt.page, tt.got).Spaced; !near(got, tt.want, 1e-12) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
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
		a, b := manyLines("a", half), manyLines("b", half)
		got := score.Compare(score.Page{Text: a + b}, b+a)
		if math.Abs(got.CER-tt.want) > 1e-12 {
			t.Errorf("%d characters: got CER %v, want %v", tt.length, got.CER, tt.want)
		}
	}
}

// manyLines repeats a character n times, in lines that are quick to compare.
func manyLines(character string, n int) string {
	line := strings.Repeat(character, 50) + "\n"
	return strings.Repeat(line, n/50) + strings.Repeat(character, n%50) + "\n"
}
