package main

import (
	"iter"
	"math"
	"math/rand/v2"
	"sort"
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
// at 10 to 40 characters, a few words, or a few letters.
func crop(r *rand.Rand, text string) string {
	runes := []rune(text)
	switch kind := r.IntN(10); {
	case kind < 2:
		return string(runes[:min(len(runes), 10+r.IntN(longestLineLength))])
	case kind < 7:
		start := wordStart(r, runes)
		return string(runes[start:min(len(runes), start+10+r.IntN(31))])
	case kind < 8:
		start := wordStart(r, runes)
		return string(runes[start:min(len(runes), start+1+r.IntN(9))])
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

// sampler draws examples: first a language, then a line of it. It never changes.
type sampler struct {
	labels []string
	lines  [][]line  // of each label
	until  []float64 // of each label: the sum of the shares up to it, 0..1
}

// newSampler gives languages with many lines more examples, but by far not in proportion.
func newSampler(labels []string, c corpus) *sampler {
	s := &sampler{labels: labels}
	sum := 0.0
	for _, code := range labels {
		sum += math.Pow(float64(len(c[code])), 0.2)
		s.lines = append(s.lines, c[code])
		s.until = append(s.until, sum)
	}
	for i := range s.until {
		s.until[i] /= sum
	}
	return s
}

// Drawing examples takes as long as learning from them, so others do it. How many do is
// part of what the model depends on, and how fast they are is not.
const (
	drawers   = 3
	batchSize = 1000
)

// batches draws that many batches. It starts goroutines, which end with the last batch.
func (s *sampler) batches(n int) iter.Seq[[]example] {
	return func(yield func([]example) bool) {
		var queues [drawers]chan []example
		for i := range queues {
			queues[i] = make(chan []example, 2)
			go s.fill(queues[i], rand.New(rand.NewPCG(seed, 10+uint64(i))), (n+drawers-1-i)/drawers)
		}
		for k := range n {
			if !yield(<-queues[k%drawers]) {
				return
			}
		}
	}
}

func (s *sampler) fill(queue chan<- []example, r *rand.Rand, batches int) {
	for range batches {
		batch := make([]example, 0, batchSize)
		for len(batch) < batchSize {
			if e, ok := s.draw(r); ok {
				batch = append(batch, e)
			}
		}
		queue <- batch
	}
}

// draw returns an example, and false where the crop shows nothing or another script.
func (s *sampler) draw(r *rand.Rand) (example, bool) {
	label := sort.SearchFloat64s(s.until[:len(s.until)-1], r.Float64())
	lines := s.lines[label]
	words, codes := language.Words(crop(r, lines[r.IntN(len(lines))].text))
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
