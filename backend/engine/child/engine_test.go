//go:build unix

package child_test

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/engine/child"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestEngineAnswers(t *testing.T) {
	e := open(t, 0)
	const anyBytes = "ok:\xff\xfe墨\n池" // what a path may hold
	if got, err := do(t.Context(), e, anyBytes); got != anyBytes || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, anyBytes)
	}
	picture, err := e.Picture(t.Context(), inkpool.Task{Path: "page"}, 90, 240)
	if want := "page by 90 at 240\xff\x00"; string(picture) != want || err != nil {
		t.Errorf("got %q, %v; want %q", picture, err, want)
	}
	if err := e.Warm(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestEngineTellsHowFarATaskHasCome(t *testing.T) {
	e := open(t, 0)
	var got []string
	r, err := e.Process(t.Context(), inkpool.Task{Path: "tell"}, func(p inkpool.Progress) {
		for _, s := range p.Finished {
			got = append(got, s.Source)
		}
		if p.Total != 1000 || p.Done != len(got) || got[p.Done-1] != strconv.Itoa(p.Done-1) {
			t.Errorf("got %d of %d, with %d sentences so far", p.Done, p.Total, len(got))
		}
	})
	if r.Text != "tell" || err != nil {
		t.Errorf("got %q, %v; want the task's result", r.Text, err)
	}
	if len(got) != 1000 || got[999] != "999" {
		t.Errorf("got %d sentences, want all before the result", len(got))
	}
}

// By default the child is this program itself.
func TestEngineStartsItsOwnProgram(t *testing.T) {
	if got, err := do(t.Context(), openWith(t, child.Options{}), "ok"); got != "ok" || err != nil {
		t.Errorf("got %q, %v; want ok", got, err)
	}
}

func TestEngineTellsWhatWentWrong(t *testing.T) {
	e := open(t, 0)
	_, err := do(t.Context(), e, "fail")
	var got *inkpool.Error
	if !errors.As(err, &got) || got.Code != inkpool.CodeEncrypted || got.Message != "needs a password" || got.Hint != "Give it." {
		t.Errorf("got %#v, want the worker's error", err)
	}
	if !strings.Contains(err.Error(), "read page: needs a password: bad key") {
		t.Errorf("got %q, want the whole cause for the log", err)
	}
	_, err = do(t.Context(), e, "panic")
	wantCode(t, err, inkpool.CodeInternal)
	if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil || e.Usage().Restarts != 0 {
		t.Errorf("after a panic: got %q, %v, %d restarts; want the same child", got, err, e.Usage().Restarts)
	}
}

// Native code prints on standard output as it likes; Ctrl-C reaches the child as well.
func TestChildIsNotDisturbed(t *testing.T) {
	e := open(t, 0)
	for _, word := range []string{"print", "interrupt", "ok"} {
		if got, err := do(t.Context(), e, word); got != word || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, word)
		}
	}
	if got := e.Usage().Restarts; got != 0 {
		t.Errorf("got %d restarts, want none", got)
	}
}

func TestEngineStopsATaskWithItsContext(t *testing.T) {
	e := open(t, time.Minute) // cooperation is enough
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := do(ctx, e, "wait"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
	if _, err := do(ctx, e, "ok"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("begun too late: got %v, want %v", err, context.DeadlineExceeded)
	}
	if got := e.Usage(); got.Restarts != 0 || got.ReservedBytes != 0 {
		t.Errorf("got %d restarts and %d tasks, want none", got.Restarts, got.ReservedBytes)
	}
}

func TestEngineStopsManyTasksAtOnce(t *testing.T) {
	e := open(t, time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	const n = 200
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if _, err := do(ctx, e, "wait"); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want %v", err, context.Canceled)
			}
		})
	}
	busy(t, e, n)
	for range n { // others go on meanwhile, and are not touched
		wg.Go(func() {
			if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil {
				t.Errorf("got %q, %v; want ok", got, err)
			}
		})
	}
	cancel()
	wg.Wait()
	busy(t, e, 0)
}

func TestEngineReplacesAChildThatHangs(t *testing.T) {
	for _, word := range []string{"hang", "stop"} {
		t.Run(word, func(t *testing.T) {
			e := open(t, 50*time.Millisecond)
			innocent := make(chan error)
			go func() { _, err := do(t.Context(), e, "wait"); innocent <- err }()
			busy(t, e, 1)
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if _, err := do(ctx, e, word); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
			}
			wantCode(t, <-innocent, inkpool.CodeUnavailable)
			if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil || e.Usage().Restarts != 1 {
				t.Errorf("got %q, %v, %d restarts; want another child", got, err, e.Usage().Restarts)
			}
		})
	}
}

func TestUsageWithAndWithoutAChild(t *testing.T) {
	e := open(t, 0)
	e.SetWorkers(3)
	if got := e.Usage(); !cmp.Equal(got, inkpool.Usage{}) {
		t.Errorf("got %+v before the start, want nothing", got)
	}
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	cpu := inkpool.DeviceUsage{Name: "cpu", Slots: 3, Busy: 1, Sessions: 3}
	got := e.Usage()
	if got.Process == 0 || got.Process == os.Getpid() || !cmp.Equal(got.Devices, []inkpool.DeviceUsage{cpu}) {
		t.Errorf("got %+v, want a child with %+v", got, cpu)
	}
	e.SetWorkers(4)
	if got := e.Usage().Devices[0].Slots; got != 4 {
		t.Errorf("got %d slots, want 4", got)
	}
	_, err := do(t.Context(), e, "kill")
	wantCode(t, err, inkpool.CodeEngineCrashed)
	want := inkpool.Usage{Restarts: 1, Devices: []inkpool.DeviceUsage{{Name: "cpu", Slots: 4}}}
	if diff := cmp.Diff(want, e.Usage()); diff != "" {
		t.Errorf("without a child (-want +got):\n%s", diff)
	}
	if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil || e.Usage().Devices[0].Slots != 4 {
		t.Errorf("got %q, %v, %+v; want another child with 4 slots", got, err, e.Usage())
	}
}

// The window asks for the usage every second: a child that is stopped must not stop it.
func TestUsageOfAChildThatDoesNotAnswer(t *testing.T) {
	e := open(t, 10*time.Millisecond)
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := e.Usage()
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error)
	go func() { _, err := do(ctx, e, "stop"); stopped <- err }()
	until(t, "the child is stopped", func() bool { return stateOf(t, before.Process) == 'T' })
	if got := e.Usage(); !cmp.Equal(got.Devices, before.Devices) || got.Process != before.Process {
		t.Errorf("got %+v, want what was known before, %+v", got, before)
	}
	cancel()
	if err := <-stopped; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestIdleChildEndsAndComesBack(t *testing.T) {
	e := openWith(t, child.Options{
		Command: command(asStub), Settings: engine.Settings{IdleAfter: 20 * time.Millisecond, Workers: 2},
	})
	for range 3 {
		if err := e.Warm(t.Context()); err != nil {
			t.Fatal(err)
		}
		until(t, "the child has ended", func() bool { return e.Usage().Process == 0 })
	}
	want := inkpool.Usage{Devices: []inkpool.DeviceUsage{{Name: "cpu", Slots: 2}}}
	got := e.Usage()
	got.Devices[0].Busy = 0
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("while idle (-want +got):\n%s", diff)
	}
}

func TestIdleTimeDoesNotEndWork(t *testing.T) {
	e := openWith(t, child.Options{
		Command: command(asStub), Settings: engine.Settings{IdleAfter: time.Nanosecond},
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := do(ctx, e, "wait"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
	})
	for ctx.Err() == nil { // begins and ends all the time
		if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil {
			t.Errorf("got %q, %v; want ok", got, err)
		}
	}
	wg.Wait()
}

func TestClose(t *testing.T) {
	t.Run("before the start", func(t *testing.T) {
		e := open(t, 0)
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		_, err := do(t.Context(), e, "ok")
		wantCode(t, err, inkpool.CodeUnavailable)
	})
	t.Run("with work that ends", func(t *testing.T) {
		e := open(t, time.Minute)
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan error)
		go func() { _, err := do(ctx, e, "wait"); stopped <- err }()
		busy(t, e, 1)
		closed := make(chan error)
		go func() { closed <- e.Close() }()
		cancel()
		if err := <-stopped; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		_, err := do(t.Context(), e, "ok")
		wantCode(t, err, inkpool.CodeUnavailable)
	})
	t.Run("with work that hangs", func(t *testing.T) {
		e := open(t, 50*time.Millisecond)
		hung := make(chan error)
		go func() { _, err := do(t.Context(), e, "hang"); hung <- err }()
		busy(t, e, 1)
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		wantCode(t, <-hung, inkpool.CodeUnavailable)
	})
}
