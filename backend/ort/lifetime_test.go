package ort_test

import (
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
)

// While a model runs, the caller knows its input no more; only Run keeps it. Under a
// collector that never rests, and that hands freed memory out again at once, full of NaN,
// the outputs must be what they always are.
func TestRunKeepsItsTensorsAlive(t *testing.T) {
	s := classifier.load(t)
	const h, w, seeds, runs, readers = 48, 192, 8, 400, 2
	var originals, want [seeds][]float32
	for i := range seeds {
		originals[i] = input(uint64(i), h, w)[0].Data
		want[i] = classifier.answer(t, s, uint64(i), h, w)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	defer collectAllTheTime(len(originals[0]))()

	var wrong atomic.Int64
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			for i := range runs {
				out := classifier.outputFor(h, w)
				in := []infer.Tensor{infer.NewTensor(slices.Clone(originals[i%seeds]), 1, 3, h, w)}
				if err := s.Run(t.Context(), in, out); err != nil {
					t.Error(err)
				}
				if !slices.Equal(out[0].Data, want[i%seeds]) {
					wrong.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if n := wrong.Load(); n > 0 {
		t.Errorf("%d of %d outputs are wrong", n, readers*runs)
	}
}

// collectAllTheTime collects garbage and fills what was freed with slices of n NaN, until
// the returned function is called.
func collectAllTheTime(n int) (stop func()) {
	nan := slices.Repeat([]float32{float32(math.NaN())}, n)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			runtime.GC()
			for range 16 {
				_ = slices.Clone(nan)
			}
		}
	})
	return func() { close(done); wg.Wait() }
}
