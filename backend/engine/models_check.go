package engine

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/inkpool/inkpool/backend/infer"
)

// maxDifference is how far outputs of two forms of a model may be apart. They are
// probabilities, and what reads them compares them with each other or with thresholds of
// one decimal. Rounding makes differences of up to 1.1e-5 on the probe, and a wrong term
// anywhere in the graph some of 0.1 and more.
const maxDifference = 1e-3

// probeShape is a small input of a model and the output that it leads to.
type probeShape struct{ in, out []int64 }

// compare runs both sessions on the same input.
func (p probeShape) compare(ctx context.Context, original, other infer.Session) error {
	want, err := p.run(ctx, original)
	if err != nil {
		return fmt.Errorf("probe the original: %w", err)
	}
	got, err := p.run(ctx, other)
	if err != nil {
		return fmt.Errorf("probe the other: %w", err)
	}
	for i := range want {
		if d := got[i] - want[i]; !(max(d, -d) <= maxDifference) { // not a number: they differ
			return fmt.Errorf("output %d is %g, the original's %g", i, got[i], want[i])
		}
	}
	return nil
}

func (p probeShape) run(ctx context.Context, s infer.Session) ([]float32, error) {
	out := infer.NewTensor(make([]float32, infer.Size(p.out)), p.out...)
	err := s.Run(ctx, []infer.Tensor{p.input()}, []infer.Tensor{out})
	return out.Data, err
}

// input is a page with strokes on it, the same every time: dark bars -1 on light paper +1,
// some pixels wide and apart, with some noise. On mere noise the detector sees nothing, and
// outputs that are 0 anyway would hide what differs.
func (p probeShape) input() infer.Tensor {
	r := rand.New(rand.NewPCG(1, 2)) // any seed
	height, width := int(p.in[2]), int(p.in[3])
	data := make([]float32, infer.Size(p.in))
	for i := range data {
		x, y := i%width, i/width%height
		ink := y%32 >= 8 && y%32 < 24 && x%9 < 3+y%5/2
		data[i] = 0.1*r.Float32() + 0.9
		if ink {
			data[i] -= 1.9
		}
	}
	return infer.NewTensor(data, p.in...)
}
