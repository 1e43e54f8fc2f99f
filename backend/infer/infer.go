// Package infer is the seam between models and everything else: pipelines talk to a
// Session and know nothing of the runtime behind it. Package ort has the real one,
// infertest a fake.
//
// Tensors are plain values over the caller's memory. The package does no work of its own.
package infer

import (
	"context"
	"fmt"
)

// Session is one loaded model, shared by everybody who runs it. All methods are safe for
// concurrent use, and what a run returns does not depend on what else is running.
type Session interface {
	// Run computes outputs from inputs, in the order that the session was loaded with.
	// The caller owns all tensors and allocates the outputs in their right shapes; it must
	// not touch them until Run returns. When ctx ends, Run stops soon and returns its error.
	Run(ctx context.Context, inputs, outputs []Tensor) error
	// Close frees the model after the runs in flight have ended. Later runs fail.
	Close() error
}

// Tensor is a dense array of float32, row-major: the last dimension varies fastest.
type Tensor struct {
	Shape []int64
	Data  []float32 // length = product of Shape
}

// NewTensor gives data the shape dims. It panics when their sizes differ: that is a
// mistake of the caller's, never one of the input's.
func NewTensor(data []float32, dims ...int64) Tensor {
	if size := Size(dims); size != int64(len(data)) {
		panic(fmt.Sprintf("infer: internal error: shape %v needs %d values, got %d", dims, size, len(data)))
	}
	return Tensor{Shape: dims, Data: data}
}

// Size is the number of values in a tensor of that shape.
func Size(dims []int64) int64 {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return n
}
