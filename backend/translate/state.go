package translate

import (
	"context"

	"github.com/inkpool/inkpool/backend/infer"
)

// model is the encoder and the decoder, and what their tensors measure.
type model struct {
	encoder     infer.Session
	maskAt      int      // among the encoder's inputs
	first, next *decoder // the same where it is merged

	width, heads, vocabulary int
	pad                      int
}

func newModel(p Parts, c config) (*model, error) {
	maskAt, err := checkEncoder(p.Encoder)
	if err != nil {
		return nil, err
	}
	first, err := parseDecoder(p.Decoder)
	if err != nil {
		return nil, err
	}
	next := first
	if p.DecoderWithPast.Session != nil {
		if next, err = parseDecoder(p.DecoderWithPast); err != nil {
			return nil, err
		}
	} else if !first.takes(useCache) {
		return nil, unknownDecoder("use_cache_branch")
	}
	if !first.gives(crossPast) || !next.takes(selfPast) || !next.takes(crossPast) || first.layers != next.layers {
		return nil, unknownDecoder("past_key_values")
	}
	return &model{
		encoder: p.Encoder.Session, maskAt: maskAt, first: first, next: next,
		width: c.Width, heads: c.Heads, vocabulary: c.Vocabulary, pad: c.Pad,
	}, nil
}

// bytesFor is about what a batch takes besides the weights while it is decoded: caches of
// source and output (each new one is written beside the old one), and logits, of which the
// runtime has another copy or two in work.
func (m *model) bytesFor(rows, source, output int) int64 {
	cache := 2 * m.first.layers * m.width
	return 4 * int64(rows) * (int64(cache)*int64(source+2*output) + 3*int64(m.vocabulary))
}

// state is a batch that is being decoded: rows of outputs that all are equally long so far. It
// is used by one goroutine at a time.
type state struct {
	m      *model
	rows   int
	source int // pieces of the longest input
	past   int // pieces of output that the caches know

	mask   []int64
	hidden []float32
	cross  []float32 // caches of the source, one after the other
	self   []float32 // caches of the output, one after the other
	spare  []float32 // where the next caches of the output are written

	logits []float32 // [rows, vocabulary] for the next piece
}

// encode runs the encoder on inputs, ids with their ends. Shorter ones are padded, which the
// mask hides.
func (m *model) encode(ctx context.Context, inputs [][]int) (*state, error) {
	s := &state{m: m, rows: len(inputs)}
	for _, in := range inputs {
		s.source = max(s.source, len(in))
	}
	ids := make([]int64, s.rows*s.source)
	s.mask = make([]int64, len(ids))
	for r, in := range inputs {
		row := ids[r*s.source:][:s.source]
		for i := range row {
			row[i] = int64(m.pad)
		}
		for i, id := range in {
			row[i], s.mask[r*s.source+i] = int64(id), 1
		}
	}
	s.hidden = make([]float32, len(ids)*m.width)
	in := make([]infer.Tensor, 2)
	in[m.maskAt], in[1-m.maskAt] = s.maskTensor(), infer.NewInts(ids, int64(s.rows), int64(s.source))
	return s, m.encoder.Run(ctx, in, []infer.Tensor{s.hiddenTensor()})
}

// step feeds the newest piece of each row and computes the logits of the one after it.
func (s *state) step(ctx context.Context, newest []int64) error {
	d, cached := s.m.first, s.past > 0
	if cached {
		d = s.m.next
	} else {
		s.cross = make([]float32, s.caches()*s.crossSize())
	}
	s.logits = resized(s.logits, s.rows*s.m.vocabulary)
	s.spare = resized(s.spare, s.caches()*s.selfSize(s.past+1))
	err := d.run(ctx,
		func(p port) infer.Tensor { return s.input(p, newest, cached) },
		func(p port) infer.Tensor { return s.output(p, cached) })
	if err != nil {
		return err
	}
	s.self, s.spare = s.spare, s.self
	s.past++
	return nil
}

func (s *state) input(p port, newest []int64, cached bool) infer.Tensor {
	switch p.role {
	case tokens:
		return infer.NewInts(newest, int64(s.rows), 1)
	case mask:
		return s.maskTensor()
	case hidden:
		return s.hiddenTensor()
	case useCache:
		return infer.NewBools([]bool{cached}, 1)
	case crossPast:
		if cached {
			return s.crossTensor(p.cache)
		}
		return s.noCache()
	default:
		if cached {
			return s.selfTensor(s.self, p.cache, s.past)
		}
		return s.noCache()
	}
}

func (s *state) output(p port, cached bool) infer.Tensor {
	switch {
	case p.role == logits:
		return infer.NewTensor(s.logits, int64(s.rows), 1, int64(s.m.vocabulary))
	case p.role == selfPast:
		return s.selfTensor(s.spare, p.cache, s.past+1)
	case cached:
		return infer.Tensor{} // placeholders of the exporter's: the source's caches never change
	default:
		return s.crossTensor(p.cache)
	}
}

// keep makes the rows of the batch those with the given numbers, which may repeat. sameSources
// says that row i still belongs to the same source as before, so that only caches of the output
// move.
func (s *state) keep(rows []int, sameSources bool) {
	if identity(rows) && len(rows) == s.rows {
		return
	}
	s.spare = resized(s.spare, s.caches()*len(rows)*s.m.width*s.past)
	gather(s.spare, s.self, rows, s.rows, s.m.width*s.past)
	s.self, s.spare = s.spare, s.self
	if !sameSources {
		s.keepSources(rows)
	}
	s.rows = len(rows)
}

func (s *state) keepSources(rows []int) {
	n := len(rows) * s.source
	cross, hidden, mask := make([]float32, s.caches()*n*s.m.width), make([]float32, n*s.m.width), make([]int64, n)
	gather(cross, s.cross, rows, s.rows, s.source*s.m.width)
	gather(hidden, s.hidden, rows, s.rows, s.source*s.m.width)
	gather(mask, s.mask, rows, s.rows, s.source)
	s.cross, s.hidden, s.mask = cross, hidden, mask
}

// gather copies rows of size numbers each, of every block of count rows.
func gather[T any](to, from []T, rows []int, count, size int) {
	for ; len(from) >= count*size && len(to) > 0; from = from[count*size:] {
		for _, r := range rows {
			copy(to[:size], from[r*size:])
			to = to[size:]
		}
	}
}

func identity(rows []int) bool {
	for i, r := range rows {
		if i != r {
			return false
		}
	}
	return true
}

// resized is buf with n numbers of any value. It grows by more than is needed, because caches
// grow with each step.
func resized(buf []float32, n int) []float32 {
	if cap(buf) < n {
		return make([]float32, n, n+n/2)
	}
	return buf[:n]
}

func (s *state) caches() int           { return 2 * s.m.first.layers }
func (s *state) crossSize() int        { return s.rows * s.source * s.m.width }
func (s *state) selfSize(past int) int { return s.rows * past * s.m.width }

func (s *state) maskTensor() infer.Tensor {
	return infer.NewInts(s.mask, int64(s.rows), int64(s.source))
}

func (s *state) hiddenTensor() infer.Tensor {
	return infer.NewTensor(s.hidden, int64(s.rows), int64(s.source), int64(s.m.width))
}

func (s *state) crossTensor(cache int) infer.Tensor {
	return s.cacheTensor(s.cross, cache, s.source)
}

func (s *state) selfTensor(caches []float32, cache, past int) infer.Tensor {
	return s.cacheTensor(caches, cache, past)
}

// noCache is what the first step gives for caches.
func (s *state) noCache() infer.Tensor { return s.cacheTensor([]float32{}, 0, 0) }

// cacheTensor is one of the caches in a row of them.
func (s *state) cacheTensor(caches []float32, cache, length int) infer.Tensor {
	size := s.rows * length * s.m.width
	return infer.NewTensor(caches[cache*size:][:size], int64(s.rows), int64(s.m.heads), int64(length), int64(s.m.width/s.m.heads))
}
