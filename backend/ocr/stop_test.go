package ocr_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

func TestAnErrorInOneLineEndsThePageWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which also sees to it that no goroutine is left
		fail := errors.New("no memory")
		s := newScene(20)
		s.recognizer.Func = func(ctx context.Context, in, _ []infer.Tensor) error {
			if letterIn(in[0]) == 5 {
				return fail
			}
			<-ctx.Done() // all the others are stopped
			return ctx.Err()
		}
		page, _, err := s.pipeline(t, 1).Read(t.Context(), pool.New(8).Page(pool.Request{}), s.page, inkpool.Reading{Upright: true})
		if !errors.Is(err, fail) || page.Lines != nil {
			t.Errorf("got %v, %v; want %v", page.Lines, err, fail)
		}
		if got := s.recognizer.Runs(); got > 8 {
			t.Errorf("got %d lines begun, want none after the error", got)
		}
	})
}

func TestAPanicInAModelIsAnInternalError(t *testing.T) {
	boom := func(context.Context, []infer.Tensor, []infer.Tensor) error { panic("boom") }
	for name, breakIt := range map[string]func(*scene){
		"detector":   func(s *scene) { s.detector.Func = boom },
		"classifier": func(s *scene) { s.classifier.Func = boom },
		"recogniser": func(s *scene) { s.recognizer.Func = boom },
	} {
		t.Run(name, func(t *testing.T) {
			s, slots := newScene(5), pool.New(2)
			breakIt(s)
			p := s.pipeline(t, 1)
			for range 2 { // the second time shows that nothing is held any more
				_, _, err := p.Read(t.Context(), slots.Page(pool.Request{}), s.page, inkpool.Reading{})
				if got := inkpool.CodeOf(err); got != inkpool.CodeInternal || !strings.Contains(err.Error(), "boom") {
					t.Errorf("got %q (%v), want %q with its cause", got, err, inkpool.CodeInternal)
				}
			}
		})
	}
}

func TestReadStopsWhenItsContextEnds(t *testing.T) {
	untilStopped := func(ctx context.Context, _, _ []infer.Tensor) error {
		<-ctx.Done()
		return ctx.Err()
	}
	for name, prepare := range map[string]func(*scene){
		"while detecting":   func(s *scene) { s.detector.Func = untilStopped },
		"while classifying": func(s *scene) { s.classifier.Func = untilStopped },
		"while recognising": func(s *scene) { s.recognizer.Func = untilStopped },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScene(20)
				prepare(s)
				ctx, cancel := context.WithCancel(t.Context())
				result := make(chan error)
				go func() {
					_, _, err := s.pipeline(t, 1).Read(ctx, pool.New(2).Page(pool.Request{}), s.page, inkpool.Reading{})
					result <- err
				}()
				synctest.Wait()
				cancel()
				if err := <-result; !errors.Is(err, context.Canceled) {
					t.Errorf("got %v, want context.Canceled", err)
				}
			})
		})
	}
}

func TestReadDoesNotBeginWhenItsContextHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := newScene(3)
	_, _, err := s.pipeline(t, 1).Read(ctx, pool.New(1).Page(pool.Request{}), s.page, inkpool.Reading{})
	if !errors.Is(err, context.Canceled) || s.detector.Runs() > 0 {
		t.Errorf("got %v after %d detections, want context.Canceled and none", err, s.detector.Runs())
	}
}

// A page that waits for its turn to detect gives up when its context ends, and the next one
// is not held up by it.
func TestWaitingForADetectionCanBeStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, slots := newScene(1), pool.New(4)
		paintOnce, release := s.detector.Func, make(chan struct{})
		s.detector.Func = func(ctx context.Context, in, out []infer.Tensor) error {
			<-release
			return paintOnce(ctx, in, out)
		}
		p := s.pipeline(t, 1)
		read := func(ctx context.Context) <-chan error {
			result := make(chan error, 1)
			go func() { _, _, err := p.Read(ctx, slots.Page(pool.Request{}), s.page, inkpool.Reading{}); result <- err }()
			synctest.Wait()
			return result
		}
		first := read(t.Context())
		ctx, cancel := context.WithCancel(t.Context())
		second, third := read(ctx), read(t.Context())
		cancel()
		if err := <-second; !errors.Is(err, context.Canceled) {
			t.Errorf("second page: got %v, want context.Canceled", err)
		}
		close(release)
		if err := errors.Join(<-first, <-third); err != nil {
			t.Errorf("the other pages: got %v", err)
		}
	})
}
