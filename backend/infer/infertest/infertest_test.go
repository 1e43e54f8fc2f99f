package infertest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
)

// The fake keeps the promises of infer.Session that pipelines rely on.
func TestSession(t *testing.T) {
	fail := errors.New("no memory")
	s := &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		if len(in) == 0 {
			return fail
		}
		copy(out[0].Data, in[0].Data)
		return nil
	}}
	var _ infer.Session = s

	in, out := infer.NewTensor([]float32{3}, 1), infer.NewTensor([]float32{0}, 1)
	if err := s.Run(t.Context(), []infer.Tensor{in}, []infer.Tensor{out}); err != nil || out.Data[0] != 3 {
		t.Errorf("got %v, %v; want 3", out.Data[0], err)
	}
	if err := s.Run(t.Context(), nil, nil); !errors.Is(err, fail) {
		t.Errorf("got %v, want %v", err, fail)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ended, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if got := s.Runs(); got != 2 {
		t.Errorf("got %d runs, want 2: an ended context never runs", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Run(t.Context(), nil, nil); !errors.Is(err, infertest.ErrClosed) {
		t.Errorf("after close: got %v, want %v", err, infertest.ErrClosed)
	}
}
