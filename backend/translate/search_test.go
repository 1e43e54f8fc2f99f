package translate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// reference is a beam search as transformers 4 describes it, written down without caches,
// batches, shared beginnings or shortcuts.
type reference struct {
	t     *Translator
	beams int
	limit int
	first int
}

type hypothesis struct {
	said  []int64
	score float64
}

func (r reference) search(source []int64) hypothesis {
	running := []hypothesis{{said: []int64{int64(*r.t.config.Start)}}}
	var finished []hypothesis
	for {
		var all []hypothesis // every beam with every piece
		for _, h := range running {
			for piece, p := range r.logProbabilities(source, h.said) {
				all = append(all, hypothesis{append(slices.Clone(h.said), int64(piece)), h.score + p})
			}
		}
		slices.SortStableFunc(all, func(a, b hypothesis) int { return cmp.Compare(b.score, a.score) })
		all = all[:min(len(all), 2*r.beams)]
		length := len(running[0].said) // pieces without the start, this one included
		penalty := math.Pow(float64(length), *r.t.config.LengthPenalty)
		running = nil
		for rank, h := range all {
			ended := h.said[len(h.said)-1] == fakeEnd
			switch {
			case math.IsInf(h.score, -1):
			case ended && rank < r.beams:
				finished = append(finished, hypothesis{h.said, h.score / penalty})
			case !ended && len(running) < r.beams:
				running = append(running, h)
			}
		}
		slices.SortStableFunc(finished, func(a, b hypothesis) int { return cmp.Compare(b.score, a.score) })
		finished = finished[:min(len(finished), r.beams)]
		if len(running) == 0 || len(finished) == r.beams && r.hopeless(finished[r.beams-1].score, all[0].score, length) {
			return finished[0]
		}
		if length == r.limit {
			for _, h := range running {
				finished = append(finished, hypothesis{h.said, h.score / penalty})
			}
			slices.SortStableFunc(finished, func(a, b hypothesis) int { return cmp.Compare(b.score, a.score) })
			return finished[0]
		}
	}
}

func (r reference) hopeless(worst, bestSum float64, length int) bool {
	switch {
	case r.beams == 1, r.t.config.EarlyStopping == atOnce:
		return true
	case r.t.config.EarlyStopping == never:
		if *r.t.config.LengthPenalty > 0 {
			length = r.limit
		}
	}
	return worst >= bestSum/math.Pow(float64(length), *r.t.config.LengthPenalty)
}

func (r reference) logProbabilities(source, said []int64) []float64 {
	p := make([]float64, fakeVocabulary)
	forced := -1
	if len(said) == 1 {
		forced = r.first
	} else if c := r.t.config; c.ForcedEnd != nil && len(said) == c.MaxLength-1 {
		forced = int(*c.ForcedEnd)
	}
	if forced >= 0 {
		for i := range p {
			p[i] = math.Inf(-1)
		}
		p[forced] = 0
		return p
	}
	logits := fakeLogits(source, said)
	for i, l := range logits {
		p[i] = float64(l)
	}
	if !r.t.config.Renormalize {
		normalize(p)
	}
	for _, id := range r.t.banned {
		p[id] = math.Inf(-1)
	}
	if r.t.config.Renormalize {
		normalize(p)
	}
	return p
}

func normalize(p []float64) {
	sum := 0.0
	for _, v := range p {
		sum += math.Exp(v)
	}
	for i := range p {
		p[i] -= math.Log(sum)
	}
}

// Whole batches with caches find what the reference finds one by one.
func TestDecodeFindsWhatTheReferenceFinds(t *testing.T) {
	page := pool.New(1).Page(pool.Request{})
	for _, generation := range []string{
		`{}`,
		`{"bad_words_ids":[[11]],"renormalize_logits":true}`,
		`{"bad_words_ids":[[11],[3]],"forced_eos_token_id":0,"max_length":9}`,
		`{"early_stopping":true}`,
		`{"early_stopping":"never","length_penalty":2}`,
		`{"length_penalty":0.6,"forced_eos_token_id":[0],"max_length":12}`,
		`{"length_penalty":-1,"early_stopping":"never"}`,
	} {
		translator := fakeTranslator(t, generation)
		for beams := 1; beams <= 6; beams++ {
			t.Run(fmt.Sprint(generation, beams), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(beams), 3))
				b := batch{first: -1, rules: translator.rules(beams)}
				if beams == 3 {
					b.first = 7
				}
				for range 12 {
					b.inputs = append(b.inputs, randomInput(r))
					b.limits = append(b.limits, min(translator.config.MaxLength-1, 4+r.IntN(20)))
				}
				got, err := translator.decode(t.Context(), page, b)
				if err != nil {
					t.Fatal(err)
				}
				for i := range got {
					checkOutput(t, reference{translator, beams, b.limits[i], b.first}, b.inputs[i], got[i])
				}
			})
		}
	}
}

func randomInput(r *rand.Rand) []int {
	in := make([]int, 1+r.IntN(6))
	for i := range in {
		in[i] = 1 + r.IntN(fakeVocabulary-2)
	}
	return append(in, fakeEnd)
}

func checkOutput(t *testing.T, ref reference, input []int, got output) {
	t.Helper()
	source := make([]int64, len(input))
	for i, id := range input {
		source[i] = int64(id)
	}
	want := ref.search(source)
	said := make([]int, 0, len(want.said))
	for _, id := range want.said[1:] {
		said = append(said, int(id))
	}
	cut := said[len(said)-1] != fakeEnd
	if !cut {
		said = said[:len(said)-1]
	}
	if !slices.Equal(got.pieces(), said) || got.cut != cut {
		t.Errorf("%v: got %v (cut: %v), want %v (%v)", input, got.pieces(), got.cut, said, cut)
	}
	if ref.beams > 1 && math.Abs(got.score-want.score) > 1e-5 {
		t.Errorf("%v: got the score %v, want %v", input, got.score, want.score)
	}
}

// Of equals the first wins, as it does in an argmax.
func TestBestBreaksTies(t *testing.T) {
	values := []float32{1, 3, 2, 3, float32(math.NaN()), 3, 2}
	var got []int
	for _, c := range best(0, values, 5) {
		got = append(got, c.piece)
	}
	if want := []int{1, 3, 5, 2, 6}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestBestIsTheTopOfASort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		values := make([]float32, 1+r.IntN(300))
		for i := range values {
			values[i] = float32(r.IntN(40)) // many ties
		}
		order := make([]int, len(values))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
		k := 1 + r.IntN(12)
		var got []int
		for _, c := range best(0, values, k) {
			got = append(got, c.piece)
		}
		if want := order[:min(k, len(order))]; !slices.Equal(got, want) {
			t.Fatalf("%d best of %v: got %v, want %v", k, values, got, want)
		}
	}
}

func TestLogSum(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{1, 3, 4, 255, 256, 257, 65001} {
		for _, spread := range []float64{0, 1, 10, 100} {
			values := make([]float32, n)
			want := 0.0
			for i := range values {
				values[i] = float32(r.NormFloat64()*spread - 5)
			}
			highest := slices.Max(values)
			for _, v := range values {
				want += math.Exp(float64(v) - float64(highest))
			}
			want = float64(highest) + math.Log(want)
			if got := logSum(values, highest); math.Abs(got-want) > 2e-6*(1+math.Abs(want)) {
				t.Errorf("%d values within %v: got %v, want %v", n, spread, got, want)
			}
		}
	}
}

func TestExp(t *testing.T) {
	for x := float32(0); x > -90; x -= 0.0137 {
		got, want := float64(exp(x)), math.Exp(float64(x))
		if x <= -87 {
			want = 0
		}
		if math.Abs(got-want) > 1e-7 {
			t.Fatalf("e^%v: got %v, want %v", x, got, want)
		}
	}
	for _, x := range []float64{math.Inf(-1), math.NaN()} {
		if got := exp(float32(x)); got != 0 {
			t.Errorf("e^%v: got %v, want 0", x, got)
		}
	}
}

func BenchmarkScore(b *testing.B) {
	values := make([]float32, 65001)
	r := rand.New(rand.NewPCG(2, 2))
	for i := range values {
		values[i] = float32(r.NormFloat64() * 3)
	}
	b.Run("best 8", func(b *testing.B) {
		for b.Loop() {
			best(0, values, 8)
		}
	})
	b.Run("logSum", func(b *testing.B) {
		for b.Loop() {
			logSum(values, 20)
		}
	})
}

// A damaged model is told as one; it does not take the process with it.
func TestDecodeOfWhatIsNoNumber(t *testing.T) {
	translator := fakeTranslator(t, `{"num_beams":2}`)
	decoder := *translator.model.next
	decoder.session = &infertest.Session{Func: func(_ context.Context, _, out []infer.Tensor) error {
		for i := range out[0].Data {
			out[0].Data[i] = float32(math.NaN())
		}
		return nil
	}}
	translator.model.first, translator.model.next = &decoder, &decoder
	for _, beams := range []int{1, 2} {
		b := batch{inputs: [][]int{{1, 2, fakeEnd}}, limits: []int{8}, first: -1, rules: translator.rules(beams)}
		page := pool.New(1).Page(pool.Request{Kind: pool.Translating})
		if _, err := translator.decode(t.Context(), page, b); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
			t.Errorf("%d beams: got %v, want %q", beams, err, inkpool.CodeModelCorrupt)
		}
	}
}
