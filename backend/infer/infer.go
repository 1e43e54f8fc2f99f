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
	// The caller owns all tensors, must not touch them until Run returns, and allocates the
	// outputs in their right shapes and types; one that is the zero Tensor gets the shape and
	// the values that the model gave it. When ctx ends, Run stops soon and returns its error.
	Run(ctx context.Context, inputs, outputs []Tensor) error
	// Close frees the model after the runs in flight have ended. Later runs fail.
	Close() error
}

// Tensor is a dense array, row-major: the last dimension varies fastest. One of its lists has
// the values, as many as the product of Shape; which one says of what type they are.
type Tensor struct {
	Shape   []int64
	Data    []float32
	Ints    []int64 // ids of tokens, masks, classes
	Bools   []bool
	Strings []string // inputs only
}

// NewTensor gives data the shape dims. It panics when their sizes differ: that is a
// mistake of the caller's, never one of the input's.
func NewTensor(data []float32, dims ...int64) Tensor {
	checkSize(len(data), dims)
	return Tensor{Shape: dims, Data: data}
}

// NewInts is NewTensor for whole numbers.
func NewInts(data []int64, dims ...int64) Tensor {
	checkSize(len(data), dims)
	return Tensor{Shape: dims, Ints: data}
}

// NewBools is NewTensor for truth values.
func NewBools(data []bool, dims ...int64) Tensor {
	checkSize(len(data), dims)
	return Tensor{Shape: dims, Bools: data}
}

// NewStrings is NewTensor for texts, in UTF-8.
func NewStrings(data []string, dims ...int64) Tensor {
	checkSize(len(data), dims)
	return Tensor{Shape: dims, Strings: data}
}

// Empty reports whether this is the zero Tensor, which Run replaces where it is an output.
func (t Tensor) Empty() bool { return t.Shape == nil }

func checkSize(n int, dims []int64) {
	if size := Size(dims); size != int64(n) {
		panic(fmt.Sprintf("infer: internal error: shape %v needs %d values, got %d", dims, size, n))
	}
}

// Size is the number of values in a tensor of that shape.
func Size(dims []int64) int64 {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return n
}
