package translate

import (
	"math"
	"slices"
)

// search looks for the output of one sentence: a beam search as transformers' generate does it
// (BeamSearchScorer of its version 4), of which greedy search is the case of one beam.
//
// Each step continues every beam with every piece and ranks the results. The end of the text
// counts only among the best as many as there are beams, though twice as many are looked at, so
// that there are always enough that go on.
type search struct {
	rules    *rules
	limit    int // pieces of output at most, the end included
	beams    []beam
	finished []output // best first, at most as many as beams
	done     bool
}

// rules are what all sentences of a batch have in common.
type rules struct {
	beams         int
	lengthPenalty float64
	early         stopping
	end           int
}

// beam is an output that goes on. Beams share their beginnings.
type beam struct {
	last *link
	sum  float64 // of the log-probabilities
}

// link is a piece of an output, and the way back to its beginning.
type link struct {
	before *link
	piece  int
	length int
}

// output is what a search found.
type output struct {
	last  *link   // before the end
	score float64 // sum of log-probabilities, the end's included, by length^penalty
	cut   bool    // there was no end where the limit was
}

func newSearch(r *rules, limit int) *search {
	return &search{rules: r, limit: limit, beams: []beam{{}}}
}

// length is how many pieces the beams have.
func (s *search) length() int {
	if s.beams[0].last == nil {
		return 0
	}
	return s.beams[0].last.length
}

// advance takes the best candidates for all beams, twice as many as rules.beams and best first,
// with sums for scores and a beam's number for the row. It returns which beams go on, in their
// new order; none when the search is done.
func (s *search) advance(ranked []candidate) (from []int) {
	length := s.length() + 1
	next := make([]beam, 0, s.rules.beams)
	for rank, c := range ranked {
		before := s.beams[c.row].last
		switch {
		case math.IsInf(c.score, -1):
		case c.piece == s.rules.end:
			if rank < s.rules.beams {
				s.finish(output{last: before, score: s.rules.score(c.score, length)})
			}
		case len(next) < s.rules.beams:
			next = append(next, beam{&link{before, c.piece, length}, c.score})
			from = append(from, c.row)
		}
	}
	if len(next) == 0 || s.hopeless(ranked[0].score, length) {
		return s.end()
	}
	s.beams = next
	if length == s.limit {
		s.giveUp()
		return s.end()
	}
	return from
}

func (s *search) end() []int {
	s.done = true
	return nil
}

// finish keeps an output that has ended, if it is among the best.
func (s *search) finish(o output) {
	at, _ := slices.BinarySearchFunc(s.finished, o, func(a, b output) int {
		if a.score >= b.score { // of equals the earlier stays first
			return -1
		}
		return 1
	})
	s.finished = slices.Insert(s.finished, at, o)
	if len(s.finished) > s.rules.beams {
		s.finished = s.finished[:s.rules.beams]
	}
}

// giveUp takes beams that have not ended as they are.
func (s *search) giveUp() {
	for _, b := range s.beams {
		s.finish(output{last: b.last, score: s.rules.score(b.sum, b.last.length), cut: true})
	}
}

// hopeless reports whether enough outputs have ended, and nothing better is to be expected.
// bestSum is the best candidate's of this step, at which outputs have that length.
func (s *search) hopeless(bestSum float64, length int) bool {
	if len(s.finished) < s.rules.beams {
		return false
	}
	worst := s.finished[len(s.finished)-1].score
	switch {
	case s.rules.beams == 1, s.rules.early == atOnce: // greedy search takes what it gets
		return true
	case s.rules.early == never:
		if s.rules.lengthPenalty > 0 {
			length = s.limit
		}
	}
	return worst >= s.rules.score(bestSum, length)
}

// score makes outputs of different lengths comparable.
func (r *rules) score(sum float64, length int) float64 {
	return sum / math.Pow(float64(length), r.lengthPenalty)
}

// pieces are the output's, from its beginning.
func (o output) pieces() []int {
	if o.last == nil {
		return nil
	}
	ids := make([]int, o.last.length)
	for l := o.last; l != nil; l = l.before {
		ids[l.length-1] = l.piece
	}
	return ids
}
