package translate

import (
	"context"
	"math"
	"slices"

	"github.com/inkpool/inkpool/backend/pool"
)

// batch is sentences that are decoded together.
type batch struct {
	inputs [][]int // ids with their ends
	limits []int   // pieces of output at most, ends included
	first  int     // the piece that every output begins with; -1: the model's choice
	rules  rules
}

// decode runs a batch to its end. Every run of a model holds a slot of the page's.
//
// A sentence that is done leaves the batch. What comes out for a sentence depends on who is in
// the batch with it only as far as the runtime's sums do: not at all in full precision, but for
// the last bits, and by a common scale of all rows in quantised models.
func (t *Translator) decode(ctx context.Context, page *pool.Page, b batch) ([]output, error) {
	var s *state
	err := page.Do(ctx, pool.Detect, func() (err error) {
		s, err = t.model.encode(ctx, b.inputs)
		return err
	})
	if err != nil {
		return nil, err
	}
	running := make([]*member, len(b.inputs))
	for i := range running {
		running[i] = &member{search: newSearch(&b.rules, b.limits[i]), rows: []int{i}}
	}
	all := slices.Clone(running)
	newest := slices.Repeat([]int64{int64(*t.config.Start)}, len(running))
	for len(running) > 0 {
		err := page.Do(ctx, pool.Line, func() error {
			if err := s.step(ctx, newest); err != nil {
				return err
			}
			running, newest = t.choose(s, running, &b)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	out := make([]output, len(all))
	for i, one := range all {
		if len(one.search.finished) == 0 {
			return nil, damaged("what it computes is no number")
		}
		out[i] = one.search.finished[0]
	}
	return out, nil
}

// member is a sentence of a batch: a search and the rows of the batch that its beams are in.
type member struct {
	*search
	rows []int
}

// choose continues every sentence by the logits of a step. It returns those that go on and the
// newest piece of each of their rows, which it has arranged in the state.
func (t *Translator) choose(s *state, running []*member, b *batch) (still []*member, newest []int64) {
	var rows []int // of the old state, one for each of the new one
	expanded := false
	for _, one := range running {
		from := one.advance(t.rank(s, one, b))
		if one.done {
			expanded = true
			continue
		}
		expanded = expanded || len(from) != len(one.rows)
		was := one.rows
		one.rows = make([]int, len(from))
		for i, f := range from {
			one.rows[i] = len(rows)
			rows = append(rows, was[f])
			newest = append(newest, int64(one.beams[i].last.piece))
		}
		still = append(still, one)
	}
	if len(still) > 0 {
		s.keep(rows, !expanded)
	}
	return still, newest
}

// rank returns the best candidates for a sentence's beams, best first. Rows are numbers of
// beams, scores sums.
func (t *Translator) rank(s *state, one *member, b *batch) []candidate {
	k := 2 * b.rules.beams
	length := one.length()
	var ranked []candidate
	for i, row := range one.rows {
		values := s.logits[row*s.m.vocabulary:][:s.m.vocabulary]
		for _, c := range t.likeliest(i, values, k, length, b) {
			c.score += one.beams[i].sum
			ranked = insert(ranked, c, k)
		}
	}
	return ranked
}

// likeliest returns a beam's best candidates with log-probabilities, or with logits where there
// is one beam, which only has to know the order. What is forced has the probability 1.
func (t *Translator) likeliest(beam int, values []float32, k, length int, b *batch) []candidate {
	switch {
	case length == 0 && b.first >= 0:
		return []candidate{{row: beam, piece: b.first}}
	case length+2 == t.config.MaxLength && t.config.ForcedEnd != nil: // the start counts, and this piece
		return []candidate{{row: beam, piece: int(*t.config.ForcedEnd)}}
	}
	var whole float64
	if b.rules.beams > 1 && !t.config.Renormalize {
		whole = logSum(values, slices.Max(values))
	}
	for _, id := range t.banned {
		values[id] = float32(math.Inf(-1))
	}
	top := best(beam, values, k)
	if b.rules.beams > 1 && t.config.Renormalize && len(top) > 0 {
		whole = logSum(values, float32(top[0].score))
	}
	for i := range top {
		top[i].score -= whole
	}
	return top
}
