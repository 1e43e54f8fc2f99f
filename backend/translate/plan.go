package translate

import (
	"cmp"
	"slices"
)

// Sizes of batches. With the real-size models of docs/benchmarks.md a piece of a batch of 4, 8
// or 16 sentences takes a third to a sixth of the time that it takes alone.
const (
	mostSentences  = 16
	leastSentences = 4
	shares         = 8        // into which a text is cut as long as they have leastSentences
	mostBytes      = 48 << 20 // that a batch takes while it is decoded, beside the weights
)

// longest is how many pieces an input has at most: half of what the model was made for, and what
// sentences of its training had.
func (t *Translator) longest() int { return min(longestInput, t.config.Positions/2) }

// longestInput: 99.9 % of the sentences that opus-mt was trained on have fewer pieces, and its
// translations lose parts of longer ones.
const longestInput = 200

// plan sorts jobs by length and cuts them into batches. It depends on the jobs alone, not on
// how many slots there are, so that a text comes out the same on every machine.
func (m *model) plan(jobs []*job, beams int) [][]*job {
	sorted := slices.Clone(jobs)
	slices.SortStableFunc(sorted, func(a, b *job) int { return cmp.Compare(len(b.ids), len(a.ids)) })
	most := min(max((len(jobs)+shares-1)/shares, leastSentences), mostSentences)
	var batches [][]*job
	for len(sorted) > 0 {
		longest := len(sorted[0].ids) // longest first: they decide when all is done
		n := 1
		for n < min(most, len(sorted)) && m.bytesFor((n+1)*beams, longest, longest) <= mostBytes {
			n++
		}
		batches = append(batches, sorted[:n])
		sorted = sorted[n:]
	}
	return batches
}
