package score

import "slices"

// longPage is the length of truth, in characters, from which a page's CER is its Bag: on
// pages this long the edit distance says little but in which order the columns were read.
const longPage = 6000

// Measure is the quality of one page's text, or the mean over several pages: errors are 0 for
// perfect text, Recall and Precision 1. All are 0..1.
type Measure struct {
	CER       float64 `json:"cer"`
	Sorted    float64 `json:"sorted"`    // CER without the order of the lines; never above CER
	Spaced    float64 `json:"spaced"`    // CER with the spaces between words
	Bag       float64 `json:"bag"`       // error in the pairs of neighbouring characters
	Recall    float64 `json:"recall"`    // share of the true lines that were found
	Precision float64 `json:"precision"` // share of the lines read that are there; 1 if the truth is partial
}

// Order is what the order of the lines costs.
func (m Measure) Order() float64 { return m.CER - m.Sorted }

// Compare measures the text got against the truth of p. A page whose truth lists only some of
// its lines is measured by what got lacks of them, not by what it has besides. The truth must
// not be blank.
func Compare(p Page, got string) Measure {
	return p.measure(got, p.Align(got).tally())
}

// Align matches the lines of the truth with those of the text got. Where the truth has no
// spaces, neither has.
func (p Page) Align(got string) Alignment {
	want, have := Lines(p.Text, p.Caseless), Lines(got, p.Caseless)
	if p.Unspaced {
		for _, line := range slices.Concat(want, have) {
			clear(line.Gaps)
		}
	}
	return Align(want, have)
}

func (p Page) measure(got string, t tally) Measure {
	want, have := []rune(Normalize(p.Text, p.Caseless)), []rune(Normalize(got, p.Caseless))
	recall, f1 := overlap(want, have)
	m := Measure{CER: p.errorRate(want, have), Bag: 1 - f1, Recall: share(t.foundLines, t.wantLines), Precision: 1}
	m.Sorted, m.Spaced = m.CER, m.CER
	if p.Partial {
		m.Bag = 1 - recall
	} else {
		m.Precision = share(t.trueLines, t.haveLines)
	}
	if p.ordered(want) {
		m.Sorted = min(m.CER, share(t.misread+t.missed+t.extra, len(want)))
	}
	if !p.Unspaced {
		m.Spaced = p.errorRate(spaced(p.Text, p.Caseless), spaced(got, p.Caseless))
	}
	return m
}

// ordered tells whether the order of the lines counts in the page's CER.
func (p Page) ordered(want []rune) bool { return !p.Partial && len(want) < longPage }

// errorRate is the page's CER in the given form of its truth and of the text read.
func (p Page) errorRate(want, have []rune) float64 {
	if p.ordered(want) {
		return errorRate(want, have)
	}
	recall, f1 := overlap(want, have)
	if p.Partial {
		return 1 - recall
	}
	return 1 - f1
}

// share is n of all, 0 of none.
func share(n, all int) float64 { return float64(n) / float64(max(1, all)) }

// errorRate is the edit distance over the length of want, capped at 1.
func errorRate(want, have []rune) float64 {
	if len(have) >= 2*len(want) { // at least as many characters too much as there are
		return 1
	}
	return min(1, float64(Distance(want, have))/float64(len(want)))
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
