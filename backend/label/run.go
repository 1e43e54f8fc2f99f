package label

import (
	"context"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
	"golang.org/x/sync/errgroup"
)

// Numbers of ONNX's TensorProto.DataType.
const (
	typeFloat32 = 1
	typeUint8   = 2
	typeInt32   = 6
	typeInt64   = 7
	typeString  = 8
	typeFloat16 = 10
)

// run computes the one output of a model.
func run(ctx context.Context, s infer.Session, inputs []infer.Tensor) (infer.Tensor, error) {
	out := make([]infer.Tensor, 1)
	if err := s.Run(ctx, inputs, out); err != nil {
		return infer.Tensor{}, err
	}
	if len(out[0].Data) == 0 || !finite(out[0].Data) {
		return infer.Tensor{}, inkpool.Errorf(inkpool.CodeModelCorrupt, "this model computes something that is no score").
			WithHint("Install it again, or another one.")
	}
	return out[0], nil
}

// each does pieces of work on as many cores as are free, and returns the first error.
func each(ctx context.Context, page *pool.Page, n int, work func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(page.N())
	for i := range n {
		group.Go(func() error {
			return page.Do(ctx, pool.Line, func() (err error) {
				defer inkpool.Recover(&err) // we are on a goroutine of our own
				return work(ctx, i)
			})
		})
	}
	return group.Wait()
}
