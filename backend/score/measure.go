package score

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// longPage is the length of truth, in characters, from which a page's CER is its Bag: on
// pages this long the edit distance says little but in which order the columns were read.
const longPage = 6000

// Measure is the error of one page's text; both are 0..1, and 0 is perfect.
type Measure struct {
	CER float64 `json:"cer"`
	Bag float64 `json:"bag"`
}

// Compare measures the text got against the truth of p. A page whose truth lists only some of
// its lines is measured by what got lacks of them, not by what it has besides. The truth must
// not be blank.
func Compare(p Page, got string) Measure {
	want, have := []rune(Normalize(p.Text, p.Caseless)), []rune(Normalize(got, p.Caseless))
	recall, f1 := overlap(want, have)
	switch {
	case p.Partial:
		return Measure{CER: 1 - recall, Bag: 1 - recall}
	case len(want) >= longPage:
		return Measure{CER: 1 - f1, Bag: 1 - f1}
	}
	return Measure{CER: errorRate(want, have), Bag: 1 - f1}
}

// Normalize brings s into the form in which texts are compared: NFKC, folded case if
// caseless, and no white space.
func Normalize(s string, caseless bool) string {
	s = norm.NFKC.String(s)
	if caseless {
		s = cases.Fold().String(s)
	}
	return strings.Map(dropSpace, s)
}

// dropSpace drops white space, the four information separators U+001C..U+001F included:
// Unicode calls them separators of paragraphs, unicode.IsSpace does not know them.
func dropSpace(r rune) rune {
	if unicode.IsSpace(r) || (r >= 0x1c && r <= 0x1f) {
		return -1
	}
	return r
}

// errorRate is the edit distance over the length of want, capped at 1.
func errorRate(want, have []rune) float64 {
	if len(have) >= 2*len(want) { // at least as many characters too much as there are
		return 1
	}
	return min(1, float64(Distance(want, have))/float64(len(want)))
}

// Distance is the least number of insertions, deletions and replacements of single
// characters that turn a into b (Levenshtein). It takes len(a) × len(b) steps.
func Distance(a, b []rune) int {
	a, b = trimShared(a, b)
	row := make([]int, len(b)+1) // row[j]: distance of the part of a seen so far to b[:j]
	for j := range row {
		row[j] = j
	}
	for i, ca := range a {
		diagonal := row[0]
		left := i + 1
		row[0] = left
		for j, cb := range b {
			cost := diagonal
			if ca != cb {
				cost++
			}
			diagonal = row[j+1]
			left = min(cost, diagonal+1, left+1)
			row[j+1] = left
		}
	}
	return row[len(b)]
}

// trimShared cuts the beginning and the end that a and b share, which adds nothing to their
// distance.
func trimShared(a, b []rune) ([]rune, []rune) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// overlap compares the pairs of neighbouring characters of both texts, each counted as often
// as it occurs. recall is the share of want's pairs that have contains; f1 is the harmonic
// mean of that and of the share of have's pairs that want contains.
func overlap(want, have []rune) (recall, f1 float64) {
	left := pairs(want)
	total, found := 0, 0
	for _, n := range left {
		total += n
	}
	others := 0
	for pair, n := range pairs(have) {
		others += n
		found += min(n, left[pair])
	}
	recall = float64(found) / float64(max(1, total))
	f1 = 2 * float64(found) / float64(max(1, total+others))
	return recall, f1
}

// pairs counts the pairs of neighbouring characters of s. A text of one character has that
// one for its pair, with 0 beside it.
func pairs(s []rune) map[[2]rune]int {
	counts := make(map[[2]rune]int, len(s))
	if len(s) == 1 {
		counts[[2]rune{s[0]}]++
		return counts
	}
	for i := 1; i < len(s); i++ {
		counts[[2]rune{s[i-1], s[i]}]++
	}
	return counts
}
