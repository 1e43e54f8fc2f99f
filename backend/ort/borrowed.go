package ort

import (
	"fmt"
	"runtime"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	onnx "github.com/yalue/onnxruntime_go"
)

// borrowed are the runtime's handles on tensors whose memory stays Go's.
//
// The memory is pinned until giveBack, as cgo demands where C keeps pointers: the runtime
// reads and writes it throughout a run, and the garbage collector does not see that.
// onnxruntime_go (v1.31.0) leaves it to its callers. With nothing in Run that held on to
// the tensors, 1 output in 240 was wrong in TestRunKeepsItsTensorsAlive.
type borrowed struct {
	values []onnx.Value // nil for what the runtime is to allocate, which Run replaces
	pins   runtime.Pinner
}

// take adds handles on tensors. giveBack is due after an error too.
func (b *borrowed) take(tensors []infer.Tensor) error {
	for _, t := range tensors {
		v, err := b.value(t)
		if err != nil {
			return fmt.Errorf("make tensor of shape %v: %w", t.Shape, err)
		}
		b.values = append(b.values, v)
	}
	return nil
}

// value makes a handle on a tensor; nil for the zero Tensor.
func (b *borrowed) value(t infer.Tensor) (onnx.Value, error) {
	shape := onnx.Shape(t.Shape)
	switch {
	case t.Empty():
		return nil, nil
	case t.Ints != nil:
		pin(b, t.Ints)
		return onnx.NewTensor(shape, t.Ints)
	case t.Bools != nil:
		pin(b, t.Bools)
		return onnx.NewTensor(shape, t.Bools)
	case t.Strings != nil:
		return stringsValue(shape, t.Strings)
	default:
		pin(b, t.Data)
		return onnx.NewTensor(shape, t.Data)
	}
}

func pin[T any](b *borrowed, data []T) {
	if len(data) > 0 {
		b.pins.Pin(&data[0])
	}
}

// stringsValue copies texts: the runtime keeps its own.
func stringsValue(shape onnx.Shape, texts []string) (onnx.Value, error) {
	v, err := onnx.NewStringTensor(shape)
	if err != nil {
		return nil, err
	}
	if err := v.SetContents(texts); err != nil {
		_ = v.Destroy() // never fails for tensors (v1.31.0)
		return nil, err
	}
	return v, nil
}

// copyAllocated copies to outputs what the runtime has allocated for those that are empty.
func (b *borrowed) copyAllocated(outputs []infer.Tensor) error {
	for i := range outputs {
		if !outputs[i].Empty() {
			continue
		}
		t, err := copied(b.values[i])
		if err != nil {
			return fmt.Errorf("output %d: %w", i, err)
		}
		outputs[i] = t
	}
	return nil
}

// copied is a tensor of the runtime's in Go's memory.
func copied(v onnx.Value) (infer.Tensor, error) {
	switch v := v.(type) {
	case *onnx.Tensor[float32]:
		return infer.Tensor{Shape: v.GetShape(), Data: append([]float32{}, v.GetData()...)}, nil
	case *onnx.Tensor[int64]:
		return infer.Tensor{Shape: v.GetShape(), Ints: append([]int64{}, v.GetData()...)}, nil
	case *onnx.Tensor[bool]:
		return infer.Tensor{Shape: v.GetShape(), Bools: append([]bool{}, v.GetData()...)}, nil
	default:
		return infer.Tensor{}, inkpool.Errorf(inkpool.CodeModelCorrupt, "this model computes values of a type that Inkpool does not use").
			WithHint("Use the model's full-precision or its quantised form.")
	}
}

// giveBack frees the handles, and what the runtime has allocated.
func (b *borrowed) giveBack() {
	for _, v := range b.values {
		if v != nil {
			_ = v.Destroy() // never fails for tensors (v1.31.0)
		}
	}
	b.pins.Unpin()
}
