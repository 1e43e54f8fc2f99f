package engine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestSharedLoadsOnceForManyCallers(t *testing.T) {
	var loads atomic.Int64
	s := shared[int]{load: func(context.Context) (int, error) { return int(loads.Add(1)), nil }}
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if v, err := s.get(t.Context()); v != 1 || err != nil {
				t.Errorf("got %d, %v; want 1", v, err)
			}
		})
	}
	wg.Wait()
	if got := loads.Load(); got != 1 {
		t.Errorf("got %d loads, want 1", got)
	}
}

func TestSharedTriesAgainAfterAFailure(t *testing.T) {
	fail := errors.New("no memory")
	results := []error{fail, nil}
	s := shared[string]{load: func(context.Context) (string, error) {
		err := results[0]
		results = results[1:]
		return "model", err
	}}
	if _, err := s.get(t.Context()); !errors.Is(err, fail) {
		t.Errorf("got %v, want %v", err, fail)
	}
	if v, err := s.get(t.Context()); v != "model" || err != nil {
		t.Errorf("got %q, %v; want it loaded by the second call", v, err)
	}
}

func TestSharedOutlivesTheCallerThatGaveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := shared[int]{load: func(ctx context.Context) (int, error) {
			<-release
			return 7, ctx.Err()
		}}
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error)
		go func() { _, err := s.get(ctx); gaveUp <- err }()
		synctest.Wait()
		cancel()
		if err := <-gaveUp; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		close(release)
		if v, err := s.get(t.Context()); v != 7 || err != nil {
			t.Errorf("got %d, %v; want 7", v, err)
		}
	})
}

func TestSharedPanicIsAnInternalError(t *testing.T) {
	s := shared[int]{load: func(context.Context) (int, error) { panic("boom") }}
	for range 2 {
		_, err := s.get(t.Context())
		if got := inkpool.CodeOf(err); got != inkpool.CodeInternal {
			t.Errorf("got %q (%v), want %q", got, err, inkpool.CodeInternal)
		}
	}
}

func TestSharedIsTakenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := shared[int]{load: func(context.Context) (int, error) { <-release; return 7, nil }}
		go func() { _, _ = s.get(t.Context()) }()
		synctest.Wait()
		taken := make(chan int)
		go func() { // while it is being loaded
			v, ok := s.take()
			if !ok {
				t.Error("got nothing, want the value")
			}
			taken <- v
		}()
		synctest.Wait()
		close(release)
		if v := <-taken; v != 7 {
			t.Errorf("got %d, want 7", v)
		}
		if v, ok := s.take(); ok {
			t.Errorf("took %d a second time", v)
		}
		_, err := s.get(t.Context())
		if got := inkpool.CodeOf(err); got != inkpool.CodeUnavailable {
			t.Errorf("get after take: got %q (%v), want %q", got, err, inkpool.CodeUnavailable)
		}
	})
}

func TestSharedTakenBeforeItWasLoaded(t *testing.T) {
	s := shared[int]{load: func(context.Context) (int, error) { return 7, nil }}
	if v, ok := s.take(); ok {
		t.Errorf("took %d, want nothing", v)
	}
	if v, err := s.get(t.Context()); err == nil {
		t.Errorf("loaded %d after take", v)
	}
}

func TestSharedTakenAfterAFailure(t *testing.T) {
	s := shared[int]{load: func(context.Context) (int, error) { return 0, errors.New("no memory") }}
	if _, err := s.get(t.Context()); err == nil {
		t.Error("got no error")
	}
	if _, ok := s.take(); ok {
		t.Error("took what could not be loaded")
	}
}
