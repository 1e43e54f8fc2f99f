package ort_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ort"
)

func TestLoadRefusesDamagedModels(t *testing.T) {
	whole := classifier.data(t)
	for name, data := range map[string][]byte{
		"empty":             nil,
		"garbage":           []byte("this is no model, and never was one"),
		"first byte only":   whole[:1],
		"half of it":        whole[:len(whole)/2],
		"last byte missing": whole[:len(whole)-1],
		"start missing":     whole[100:],
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t).Load(data, ort.Options{Inputs: []string{"x"}, Outputs: []string{classifier.output}})
			if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
				t.Errorf("got %q (%v), want %q", got, err, inkpool.CodeModelCorrupt)
			}
		})
	}
}

func TestRunDoesNotDependOnWhatElseRuns(t *testing.T) {
	s := recognizer.load(t)
	widths := []int64{32, 48, 96, 104, 160, 200, 256, 320}
	want := make([][]float32, len(widths))
	for i, w := range widths {
		want[i] = recognizer.answer(t, s, uint64(i), 48, w)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for k := range widths {
				i := (k + g) % len(widths) // so that different shapes meet
				got := recognizer.answer(t, s, uint64(i), 48, widths[i])
				if !slices.Equal(got, want[i]) {
					t.Errorf("width %d: the output differs from the one computed alone", widths[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestRunRefusesShapesThatTheModelCannotTake(t *testing.T) {
	s := recognizer.load(t)
	want := recognizer.answer(t, s, 1, 48, 96)
	out := func(dims ...int64) []infer.Tensor {
		return []infer.Tensor{infer.NewTensor(make([]float32, infer.Size(dims)), dims...)}
	}
	in := func(dims ...int64) []infer.Tensor { return out(dims...) }
	for name, c := range map[string]struct{ in, out []infer.Tensor }{
		"one channel":           {in(1, 1, 48, 96), out(1, 12, 6625)},
		"rank 3":                {in(3, 48, 96), out(1, 12, 6625)},
		"output too short":      {in(1, 3, 48, 96), out(1, 11, 6625)},
		"output too long":       {in(1, 3, 48, 96), out(1, 13, 6625)},
		"output of other rank":  {in(1, 3, 48, 96), out(12, 6625)},
		"no pixels":             {in(1, 3, 0, 0), out(1, 12, 6625)},
		"less data than shape":  {[]infer.Tensor{{Shape: []int64{1, 3, 48, 96}, Data: make([]float32, 7)}}, out(1, 12, 6625)},
		"negative dimension":    {[]infer.Tensor{{Shape: []int64{1, 3, -48, 96}}}, out(1, 12, 6625)},
		"output without memory": {in(1, 3, 48, 96), []infer.Tensor{{Shape: []int64{1, 12, 6625}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := s.Run(t.Context(), c.in, c.out); err == nil {
				t.Error("got no error")
			}
		})
	}
	if got := recognizer.answer(t, s, 1, 48, 96); !slices.Equal(got, want) {
		t.Error("the session gives other outputs after the errors")
	}
}

func TestRunPanicsOnAWrongNumberOfTensors(t *testing.T) {
	s := classifier.load(t)
	defer func() {
		if recover() == nil {
			t.Error("got no panic for a mistake of the caller's")
		}
	}()
	_ = s.Run(t.Context(), nil, classifier.outputFor(48, 192))
}

// observedContext closes began when a run begins: Run asks for Done once it holds the session.
type observedContext struct {
	context.Context
	once  *sync.Once
	began chan struct{}
}

func observed(ctx context.Context) observedContext {
	return observedContext{ctx, new(sync.Once), make(chan struct{})}
}

func (c observedContext) Done() <-chan struct{} {
	c.once.Do(func() { close(c.began) })
	return c.Context.Done()
}

func TestRunDoesNotBeginWhenItsContextHasEnded(t *testing.T) {
	s := classifier.load(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	ctx, out := observed(ended), classifier.outputFor(48, 192)
	if err := s.Run(ctx, input(1, 48, 192), out); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	select {
	case <-ctx.began:
		t.Error("the run began")
	default:
	}
	if !slices.Equal(out[0].Data, []float32{0, 0}) {
		t.Errorf("got %v as output, want it untouched", out[0].Data)
	}
}

// The run takes several hundred milliseconds when it is left alone; how many depends on the
// machine, so the test measures that first.
func TestRunStopsSoonWhenItsContextEnds(t *testing.T) {
	s := detector.load(t)
	const h, w = 960, 960
	began := time.Now()
	want := detector.answer(t, s, 1, h, w)
	alone := time.Since(began)

	for name, c := range map[string]struct {
		context func() (context.Context, context.CancelFunc)
		want    error
	}{
		"deadline": {func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(t.Context(), alone/20)
		}, context.DeadlineExceeded},
		"cancelled": {func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(alone/20, cancel)
			return ctx, cancel
		}, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			in, out := input(1, h, w), detector.outputFor(h, w)
			ctx, cancel := c.context()
			defer cancel()
			began := time.Now()
			err := s.Run(ctx, in, out)
			took := time.Since(began)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if took > alone/2 {
				t.Errorf("stopped after %v; a whole run took %v", took, alone)
			}
		})
	}
	if got := detector.answer(t, s, 1, h, w); !slices.Equal(got, want) {
		t.Error("the session gives other outputs after a run was stopped")
	}
}

func TestCloseWaitsForRunsAndEndsTheSession(t *testing.T) {
	s := detector.load(t)
	const h, w = 640, 640
	want := detector.answer(t, s, 1, h, w)

	ctx, out := observed(t.Context()), detector.outputFor(h, w)
	result := make(chan error, 1)
	go func() { result <- s.Run(ctx, input(1, h, w), out) }()
	<-ctx.began
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if !slices.Equal(out[0].Data, want) {
		t.Error("closed before the run in flight had written its output")
	}
	if err := <-result; err != nil {
		t.Errorf("run in flight: got %v", err)
	}

	err := s.Run(t.Context(), input(1, h, w), out)
	if got := inkpool.CodeOf(err); got != inkpool.CodeUnavailable {
		t.Errorf("run after close: got %q (%v), want %q", got, err, inkpool.CodeUnavailable)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second close: got %v, want nil", err)
	}
}
