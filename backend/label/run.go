package label

import (
	"context"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Numbers of ONNX's TensorProto.DataType.
const (
	typeFloat32 = 1
	typeUint8   = 2
	typeInt64   = 7
	typeString  = 8
	typeFloat16 = 10
)

// run computes the one output of a model, row-major.
func run(ctx context.Context, s infer.Session, inputs []infer.Tensor) ([]float32, error) {
	out := make([]infer.Tensor, 1)
	if err := s.Run(ctx, inputs, out); err != nil {
		return nil, err
	}
	if len(out[0].Data) == 0 || !finite(out[0].Data) {
		return nil, inkpool.Errorf(inkpool.CodeModelCorrupt, "this model computes something that is no score").
			WithHint("Install it again, or another one.")
	}
	return out[0].Data, nil
}
