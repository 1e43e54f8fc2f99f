package translate

import (
	"cmp"
	"slices"
)

// Sizes of batches. With a model of the size of opus-mt a piece in a batch of 4, 8 and 16 sentences
// takes 26, 21 and 12 % of the time that it takes alone, and 32, 32 and 25 % quantised.
const (
	mostSentences  = 16
	leastSentences = 4
	shares         = 4        // into which a text is cut as long as they have leastSentences
	mostBytes      = 48 << 20 // that a batch takes while it is decoded, beside the weights
)

// longest is how many pieces an input has at most: half of what the model was made for, and what
// sentences of its training had.
func (t *Translator) longest() int { return min(longestInput, t.config.Positions/2) }

// longestInput: models that were trained on sentences leave out parts of longer texts. Of the 450
// sentences that guard.go speaks of, the longest tenth of a percent has more than 184 pieces.
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

// Memory is how large a budget for Parts.Memory should be for models whose files have that many
// bytes: one batch, and for more workers a quarter of the weights, so that any number of them
// takes at most about that much more than one.
func Memory(weights int64) int64 { return mostBytes + weights/4 }
