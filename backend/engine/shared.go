package engine

import (
	"context"
	"sync"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// shared loads a value once, however many callers ask for it at the same moment, and keeps
// it until take. A load that failed is told to everybody who waited for it and tried again
// by the next caller. It is safe for concurrent use.
type shared[T any] struct {
	load func(context.Context) (T, error)

	mu      sync.Mutex
	current *loading[T]
}

type loading[T any] struct {
	done  chan struct{} // closed when value and err are set
	value T
	err   error
}

// get returns the value, loading it first if need be. A caller whose ctx ends stops
// waiting; the load goes on for the others.
func (s *shared[T]) get(ctx context.Context) (T, error) {
	l := s.join(ctx)
	select {
	case <-l.done:
		return l.value, l.err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}

func (s *shared[T]) join(ctx context.Context) *loading[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		return s.current
	}
	l := &loading[T]{done: make(chan struct{})}
	s.current = l
	go func() { // ends with the load
		defer close(l.done)
		l.value, l.err = recovered(context.WithoutCancel(ctx), s.load)
		if l.err != nil {
			s.forget(l)
		}
	}()
	return l
}

// recovered is load, a panic of which is an error.
func recovered[T any](ctx context.Context, load func(context.Context) (T, error)) (value T, err error) {
	defer inkpool.Recover(&err)
	return load(ctx)
}

func (s *shared[T]) forget(l *loading[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == l {
		s.current = nil
	}
}

// peek returns the value if it is loaded.
func (s *shared[T]) peek() (value T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current.loaded()
}

// empty reports whether nothing is loaded, nor being loaded.
func (s *shared[T]) empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current == nil
}

// drop returns the value if it is loaded, for the caller to free; the next get loads it
// again. Nobody may be using it.
func (s *shared[T]) drop() (value T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok = s.current.loaded()
	if ok {
		s.current = nil
	}
	return value, ok
}

// loaded returns the value if the load has ended well.
func (l *loading[T]) loaded() (value T, ok bool) {
	if l == nil {
		return value, false
	}
	select {
	case <-l.done:
		return l.value, l.err == nil
	default:
		return value, false
	}
}

// take waits for a load in progress and returns the value, once; ok is false when there is
// none. From then on get fails with CodeUnavailable.
func (s *shared[T]) take() (value T, ok bool) {
	s.mu.Lock()
	l := s.current
	s.current = ended[T]()
	s.mu.Unlock()
	if l == nil {
		return value, false
	}
	<-l.done
	return l.value, l.err == nil
}

func ended[T any]() *loading[T] {
	l := &loading[T]{
		done: make(chan struct{}),
		err:  errClosed,
	}
	close(l.done)
	return l
}

// errClosed is what everybody gets after take.
var errClosed = inkpool.Errorf(inkpool.CodeUnavailable, "the engine has been closed")
