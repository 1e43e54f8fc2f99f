package translate

import "slices"

// fault is what is wrong with an output.
type fault int

const (
	sound    fault = iota
	repeats        // the same pieces over and over, which the source does not do
	endless        // far longer than the source, or longer than the model can write
	tooShort       // far shorter than the source
)

// Bounds on an output, in pieces. Of 450 English and Chinese sentences (FLORES-101, newstest2020,
// TICO-19, Tatoeba, cut by the tokenizer of opus-mt-zh-en) none has less than 0.36 or more than
// 2.8 times the pieces of its translation.
const (
	mostRatio, mostMore    = 3, 20 // endless: more than 3 times the input and 20
	leastRatio, leastInput = 6, 12 // too short: less than a sixth of at least 12
)

// limitFor is how many pieces an output of that input may have, its end included.
func limitFor(input, model int) int { return min(mostRatio*input+mostMore, model) }

// judge looks for what a model does when it has lost its way.
func judge(input []int, o output, said []int) fault {
	switch {
	case o.cut:
		return endless
	case loops(said) && !loops(input):
		return repeats
	case len(input) >= leastInput && leastRatio*len(said) < len(input):
		return tooShort
	}
	return sound
}

const (
	longestLoop = 12 // pieces
	loopTurns   = 4
	loopLength  = 8 // pieces in all: "......" is no loop yet
)

// loops reports whether up to longestLoop pieces come at least loopTurns times in a row.
func loops(ids []int) bool {
	for period := 1; period <= longestLoop; period++ {
		same := 0 // how many pieces in a row are those of one period before
		for i := period; i < len(ids); i++ {
			if ids[i] != ids[i-period] {
				same = 0
				continue
			}
			if same++; same+period >= max(loopTurns*period, loopLength) {
				return true
			}
		}
	}
	return false
}

// once returns the beginning of ids up to where the first loop begins its second turn.
func once(ids []int) []int {
	for n := loopLength; n <= len(ids); n++ {
		if !loops(ids[:n]) {
			continue
		}
		for period := 1; period <= longestLoop; period++ {
			turns := loopTurns
			for turns*period < loopLength {
				turns++
			}
			if at := n - turns*period; at >= 0 && slices.Equal(ids[at:n-period], ids[at+period:n]) {
				return ids[:at+period]
			}
		}
	}
	return ids
}
