package language_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/language"
	"google.golang.org/protobuf/encoding/protowire"
)

// reference computes what the model computes, in plain Go and 64 bits, from the numbers in
// its file: an infer.Session that needs no runtime.
type reference struct {
	values  []byte    // [buckets, width], int8
	scales  []float64 // [buckets]
	weights []float64 // [width, languages]
	bias    []float64 // [languages]
}

func newReference(t testing.TB) reference {
	t.Helper()
	constants := map[string][]byte{}
	graph := fields(t, language.Model(), 7)[0]
	for _, c := range fields(t, graph, 5) {
		constants[string(fields(t, c, 8)[0])] = fields(t, c, 9)[0]
	}
	return reference{constants["values"], floats(constants["scales"]), floats(constants["weights"]), floats(constants["bias"])}
}

// fields returns the contents of every field of that number in a message of Protocol Buffers.
func fields(t testing.TB, m []byte, number protowire.Number) (out [][]byte) {
	t.Helper()
	for len(m) > 0 {
		n, kind, size := protowire.ConsumeTag(m)
		if size < 0 {
			t.Fatal(protowire.ParseError(size))
		}
		m = m[size:]
		size = protowire.ConsumeFieldValue(n, kind, m)
		if size < 0 {
			t.Fatal(protowire.ParseError(size))
		}
		if n == number && kind == protowire.BytesType {
			content, _ := protowire.ConsumeBytes(m)
			out = append(out, content)
		}
		m = m[size:]
	}
	return out
}

func floats(raw []byte) []float64 {
	out := make([]float64, len(raw)/4)
	for i := range out {
		out[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])))
	}
	return out
}

func (r reference) Run(_ context.Context, inputs, outputs []infer.Tensor) error {
	ids, prior, out := inputs[0].Ints, inputs[1].Data, outputs[0].Data
	if len(ids) == 0 || len(prior) != len(r.bias) || len(out) != len(r.bias) {
		return fmt.Errorf("got %d ids, %d priors and room for %d languages, want %d", len(ids), len(prior), len(out), len(r.bias))
	}
	width := len(r.values) / len(r.scales)
	mean := make([]float64, width)
	for _, id := range ids {
		for i := range mean {
			mean[i] += float64(int8(r.values[int(id)*width+i])) * r.scales[id] / float64(len(ids))
		}
	}
	sum := 0.0
	likely := make([]float64, len(r.bias))
	for l := range likely {
		logit := r.bias[l] + float64(prior[l])
		for i, m := range mean {
			logit += m * r.weights[i*len(r.bias)+l]
		}
		likely[l] = math.Exp(logit)
		sum += likely[l]
	}
	for l := range likely {
		out[l] = float32(likely[l] / sum)
	}
	return nil
}

func (reference) Close() error { return nil }

func TestTheRuntimeAgreesWithTheReference(t *testing.T) {
	real, slow := load(t), newReference(t)
	r := rand.New(rand.NewPCG(1, 2))
	n := int64(len(slow.bias))
	for range 200 {
		ids := make([]int64, 1+r.IntN(3000))
		for i := range ids {
			ids[i] = r.Int64N(language.Buckets)
		}
		prior := make([]float32, n)
		for i := range prior {
			prior[i] = 2 * r.Float32()
		}
		inputs := []infer.Tensor{infer.NewInts(ids, int64(len(ids))), infer.NewTensor(prior, n)}
		got := []infer.Tensor{infer.NewTensor(make([]float32, n), 1, n)}
		want := []infer.Tensor{infer.NewTensor(make([]float32, n), 1, n)}
		if err := real.Run(t.Context(), inputs, got); err != nil {
			t.Fatal(err)
		}
		if err := slow.Run(t.Context(), inputs, want); err != nil {
			t.Fatal(err)
		}
		for i, p := range got[0].Data {
			if d := math.Abs(float64(p - want[0].Data[i])); d > 1e-4 {
				t.Fatalf("%d ids, language %d: got %v, want %v", len(ids), i, p, want[0].Data[i])
			}
		}
	}
}
