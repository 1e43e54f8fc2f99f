package tokenize

import (
	"math"
	"sync"
	"unicode/utf8"
)

// unkPenalty is how much less likely an unknown character is than the least likely piece:
// kUnkPenalty of SentencePiece's unigram_model.cc and of Rust's unigram/model.rs.
const unkPenalty = 10

// span is a piece of a vocabulary in a normalised text.
type span struct {
	id         int32
	start, end int32 // bytes
}

// unigram cuts texts into the likeliest pieces: the sum of their scores, which are
// logarithms of probabilities, is the highest (Kudo 2018, arXiv:1804.10959).
type unigram struct {
	pieces  *trie
	scores  []float64 // by id
	skipped []bool    // by id: never used; nil when there are none
	unk     int32
	unkCost float64 // score of a character that no piece covers

	// single rounds sums to 32 bits where C++ does, which decides between equal paths; Rust
	// sums in 64.
	single bool

	paths sync.Pool // of *[]path
}

// path is the best way to get to a byte of the text.
type path struct {
	score float64
	start int32 // where its last piece begins; -1: there is no way
	id    int32
}

// encode appends the pieces of s, in order. Runs of unknown characters are one span.
func (u *unigram) encode(s string, out []span) []span {
	best := u.borrow(len(s) + 1)
	defer u.giveBack(best)
	for start := 0; start < len(s); {
		_, width := utf8.DecodeRuneInString(s[start:])
		if !u.extend(s, start, width, *best) {
			cost := u.round(u.unkCost + (*best)[start].score)
			u.offer(&(*best)[start+width], cost, start, u.unk)
		}
		start += width
	}
	return u.trace(*best, len(s), out)
}

// extend tries every piece that begins at start, and says whether one of them is just the
// character there, which is width bytes wide.
func (u *unigram) extend(s string, start, width int, best []path) (single bool) {
	here := best[start].score
	for i, node := start, int32(0); i < len(s); i++ {
		if node = u.pieces.next(node, s[i]); node < 0 {
			break
		}
		id := u.pieces.ids[node]
		if id < 0 || u.skipped != nil && u.skipped[id] {
			continue
		}
		u.offer(&best[i+1], u.scores[id]+here, start, id)
		single = single || i+1 == start+width
	}
	return single
}

// offer takes a path if it is better. C++ compares before it rounds.
func (u *unigram) offer(p *path, score float64, start int, id int32) {
	if p.start < 0 || score > p.score {
		*p = path{u.round(score), int32(start), id}
	}
}

func (u *unigram) round(score float64) float64 {
	if u.single {
		return float64(float32(score))
	}
	return score
}

// trace appends the pieces of the best path to end.
func (u *unigram) trace(best []path, end int, out []span) []span {
	first := len(out)
	for end > 0 {
		p := best[end]
		if last := len(out) - 1; p.id == u.unk && last >= first && out[last].id == u.unk {
			out[last].start = p.start
		} else {
			out = append(out, span{p.id, p.start, int32(end)})
		}
		end = int(p.start)
	}
	for i, j := first, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// maxKept is the longest list of paths that is kept for the next text, in bytes of text.
const maxKept = 1 << 16

// borrow returns n paths that lead nowhere yet, but for the first, which is the beginning.
func (u *unigram) borrow(n int) *[]path {
	best, ok := u.paths.Get().(*[]path)
	if !ok || cap(*best) < n {
		paths := make([]path, n)
		best = &paths
	}
	*best = (*best)[:n]
	for i := range *best {
		(*best)[i] = path{start: -1}
	}
	return best
}

func (u *unigram) giveBack(best *[]path) {
	if cap(*best) <= maxKept {
		u.paths.Put(best)
	}
}

// finite says whether a score can be added up.
func finite(score float64) bool { return !math.IsNaN(score) && !math.IsInf(score, 0) }

// fallbackUnigram is a unigram as tokenizer.json has it: a run of unknown characters may be
// a piece after all, or be written as bytes.
type fallbackUnigram struct {
	*unigram
	byteFallback bool
	bytes        [256]int32 // pieces of bytes; -1 where there is none
}

func (u *fallbackUnigram) encode(word string, out []span) []span {
	first := len(out)
	out = u.unigram.encode(word, out)
	for i := first; i < len(out); i++ {
		if out[i].id == u.unk {
			return u.resolve(word, append([]span(nil), out[i:]...), out[:i])
		}
	}
	return out
}

// resolve appends spans, and what becomes of the unknown ones.
func (u *fallbackUnigram) resolve(word string, spans, out []span) []span {
	for _, s := range spans {
		if s.id != u.unk {
			out = append(out, s)
			continue
		}
		surface := word[s.start:s.end]
		if id := u.pieces.id(surface); id >= 0 {
			out = append(out, span{id, s.start, s.end})
		} else if u.hasBytes(surface) {
			for i := range len(surface) {
				out = append(out, span{u.bytes[surface[i]], s.start, s.end})
			}
		} else if u.unk >= 0 {
			out = append(out, s)
		}
	}
	return out
}

func (u *fallbackUnigram) hasBytes(s string) bool {
	for i := range len(s) {
		if u.bytes[s[i]] < 0 {
			return false
		}
	}
	return u.byteFallback
}
