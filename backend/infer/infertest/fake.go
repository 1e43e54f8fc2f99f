// Package infertest has a fake Session, so that pipelines are tested without a model.
package infertest

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/inkpool/inkpool/backend/infer"
)

// Session is a model made of a Go function. It is safe for concurrent use when Func is.
type Session struct {
	// Func computes the outputs; it may look at ctx.
	Func func(ctx context.Context, inputs, outputs []infer.Tensor) error

	runs   atomic.Int64
	closed atomic.Bool
}

// ErrClosed is returned by runs after Close.
var ErrClosed = errors.New("infertest: session is closed")

// Run implements infer.Session.
func (s *Session) Run(ctx context.Context, inputs, outputs []infer.Tensor) error {
	if s.closed.Load() {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.runs.Add(1)
	return s.Func(ctx, inputs, outputs)
}

// Close implements infer.Session.
func (s *Session) Close() error {
	s.closed.Store(true)
	return nil
}

// Runs is how often the model ran.
func (s *Session) Runs() int { return int(s.runs.Load()) }
