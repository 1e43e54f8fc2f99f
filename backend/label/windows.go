package label

import (
	"slices"

	"github.com/inkpool/inkpool/backend/tokenize"
)

// sequence is a text as a model takes it: its tokens, with what the tokenizer's template puts
// in front of them and behind. In a pair the second text stands behind too.
type sequence struct {
	head, content, tail []tokenize.Token
}

// split finds the first text among the tokens that a tokenizer made.
func split(tokens []tokenize.Token) sequence {
	put := func(t tokenize.Token) bool { return t.Special && t.Start == t.End } // special tokens that stand in a text have a place
	from := slices.IndexFunc(tokens, func(t tokenize.Token) bool { return !put(t) })
	if from < 0 {
		return sequence{head: tokens}
	}
	to := slices.IndexFunc(tokens[from:], put)
	if to < 0 {
		to = len(tokens) - from
	}
	return sequence{tokens[:from], tokens[from : from+to], tokens[from+to:]}
}

// room is how many tokens of the text fit beside the others.
func (s sequence) room(longest int) int { return longest - len(s.head) - len(s.tail) }

// window is the sequence with only the tokens from..to-1 of its text.
func (s sequence) window(w span) []tokenize.Token {
	return slices.Concat(s.head, s.content[w.from:w.to], s.tail)
}

// span is a part of a text, in tokens.
type span struct{ from, to int }

func (s span) size() int { return s.to - s.from }

// maxWindows is how many windows of a text are looked at to say what it is about. With 510
// tokens each that is all of some 60 KB of English.
const maxWindows = 32

// samples cuts n tokens into as few windows of at most room as hold them all, equally long so
// that none is a rest of a few words. Of longer texts it takes maxWindows, evenly spread.
func samples(n, room int) []span {
	k := max(1, (n+room-1)/room)
	size := (n + k - 1) / k
	if k > maxWindows {
		k, size = maxWindows, room
	}
	out := make([]span, k)
	for i := range out {
		from := 0
		if k > 1 {
			from = i * (n - size) / (k - 1)
		}
		out[i] = span{from, min(from+size, n)}
	}
	return out
}

// overlapping cuts n tokens into windows of room or less, each of which shares a quarter of
// room with the one before: what stands at the edge of one is inside another.
func overlapping(n, room int) []span {
	step := room - room/4
	var out []span
	for from := 0; ; from += step {
		out = append(out, span{from, min(from+room, n)})
		if from+room >= n {
			return out
		}
	}
}

// keepers says for each of n tokens which of the windows, from overlapping, sees most around it.
func keepers(windows []span, n int) []int {
	best, most := make([]int, n), make([]int, n)
	for w, s := range windows {
		for i := s.from; i < s.to; i++ {
			before, behind := i-s.from+1, s.to-i
			if s.from == 0 {
				before = n // the text begins here: nothing is missing
			}
			if s.to == n {
				behind = n
			}
			if sees := min(before, behind); sees > most[i] {
				best[i], most[i] = w, sees
			}
		}
	}
	return best
}
