package main

import (
	"math"
	"math/rand/v2"
	"strings"
	"unicode"

	"github.com/inkpool/inkpool/backend/language"
)

// example is what the model is taught with: what a text shows, and what language it is in.
type example struct {
	ids      []int64
	possible []int // languages that its script serves, as indices of labels
	label    int   // index of labels
}

// crop draws what may stand in a picture or on a page: a line as it is, a part that is cut
// at 10 to 40 characters, or a few words.
func crop(r *rand.Rand, text string) string {
	runes := []rune(text)
	switch kind := r.IntN(10); {
	case kind < 2:
		return string(runes[:min(len(runes), 10+r.IntN(longestLineLength))])
	case kind < 8:
		start := wordStart(r, runes)
		return string(runes[start:min(len(runes), start+10+r.IntN(31))])
	default:
		words := strings.Fields(text)
		n := 1 + r.IntN(4)
		start := r.IntN(max(1, len(words)-n+1))
		return strings.Join(words[start:min(len(words), start+n)], " ")
	}
}

// wordStart draws the beginning of a word, or sometimes any place.
func wordStart(r *rand.Rand, runes []rune) int {
	start := r.IntN(max(1, len(runes)-10))
	if r.IntN(4) == 0 {
		return start
	}
	for start > 0 && !unicode.IsSpace(runes[start-1]) {
		start--
	}
	return start
}

// sampler draws examples: first a language, then a line of it.
type sampler struct {
	random *rand.Rand
	labels []string
	lines  [][]line  // of each label
	until  []float64 // of each label: the sum of the shares up to it, 0..1
}

// next draws an example, and reports false where the crop shows nothing or another script.
func (s *sampler) next() (example, bool) {
	at, label := s.random.Float64(), 0
	for label < len(s.labels)-1 && at >= s.until[label] {
		label++
	}
	lines := s.lines[label]
	text := crop(s.random, lines[s.random.IntN(len(lines))].text)
	words, codes := language.Words(text)
	e := example{ids: language.Features(words), label: -1}
	for _, code := range codes {
		i := index(s.labels, code)
		e.possible = append(e.possible, i)
		if i == label {
			e.label = label
		}
	}
	return e, e.label >= 0 && len(e.ids) > 0 && len(codes) > 1
}

// newSampler gives languages with many lines more examples, but by far not in proportion.
func newSampler(r *rand.Rand, labels []string, c corpus) *sampler {
	s := &sampler{random: r, labels: labels}
	sum := 0.0
	for _, code := range labels {
		sum += math.Pow(float64(len(c[code])), 0.3)
		s.lines = append(s.lines, c[code])
		s.until = append(s.until, sum)
	}
	for i := range s.until {
		s.until[i] /= sum
	}
	return s
}
