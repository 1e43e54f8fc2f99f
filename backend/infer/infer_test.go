package infer_test

import (
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
)

func TestSize(t *testing.T) {
	for _, c := range []struct {
		dims []int64
		want int64
	}{
		{nil, 1}, // a scalar
		{[]int64{7}, 7},
		{[]int64{1, 3, 48, 320}, 46080},
		{[]int64{1, 0, 48}, 0},
		{[]int64{1, 3, 100_000, 100_000}, 30_000_000_000}, // beyond 32 bits
	} {
		if got := infer.Size(c.dims); got != c.want {
			t.Errorf("%v: got %d, want %d", c.dims, got, c.want)
		}
	}
}

func TestNewTensorUsesTheDataInPlace(t *testing.T) {
	data := []float32{1, 2, 3, 4, 5, 6}
	tensor := infer.NewTensor(data, 2, 3)
	data[5] = 7
	if got := tensor.Data[5]; got != 7 {
		t.Errorf("got %v, want the caller's 7", got)
	}
}

func TestNewTensorPanicsOnAWrongSize(t *testing.T) {
	for _, n := range []int{0, 5, 7} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d values for a shape of 6: got no panic", n)
				}
			}()
			infer.NewTensor(make([]float32, n), 2, 3)
		}()
	}
}
