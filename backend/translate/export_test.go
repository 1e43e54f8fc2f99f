package translate

import (
	"context"

	"github.com/inkpool/inkpool/backend/pool"
)

// Greedy decodes ids, together, and returns those of the outputs, without ends.
func (t *Translator) Greedy(ctx context.Context, page *pool.Page, inputs [][]int, longest int) ([][]int, error) {
	b := batch{inputs: inputs, first: -1, rules: t.rules(1)}
	for range inputs {
		b.limits = append(b.limits, longest)
	}
	outputs, err := t.decode(ctx, page, b)
	if err != nil {
		return nil, err
	}
	ids := make([][]int, len(outputs))
	for i, o := range outputs {
		ids[i] = o.pieces()
	}
	return ids, nil
}
