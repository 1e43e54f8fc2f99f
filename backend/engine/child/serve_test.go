package child

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// gate is a Worker whose tasks wait until it is opened, or their context ends.
type gate struct {
	open   chan struct{}
	result inkpool.Result
	closed chan struct{}
}

func newGate() *gate { return &gate{open: make(chan struct{}), closed: make(chan struct{})} }

func (g *gate) Process(ctx context.Context, _ inkpool.Task, _ func(inkpool.Progress)) (inkpool.Result, error) {
	select {
	case <-g.open:
		return g.result, nil
	case <-ctx.Done():
		return inkpool.Result{}, ctx.Err()
	}
}

func (g *gate) Picture(context.Context, inkpool.Task, int, int) ([]byte, error) {
	return make([]byte, maxFrameBytes), nil
}
func (g *gate) Pages(context.Context, []string, []string) ([]inkpool.PageCount, error) {
	return nil, nil
}
func (g *gate) Warm(context.Context) error { return nil }
func (g *gate) SetWorkers(int)             {}
func (g *gate) Usage() inkpool.Usage       { return inkpool.Usage{} }
func (g *gate) Close() error               { close(g.closed); return nil }

// parent is the other end of a server.
type parent struct {
	t    *testing.T
	in   *io.PipeWriter
	out  *io.PipeReader
	ends chan error // what Serve returns
}

// serving starts a server, and goes through the opening with it.
func serving(t *testing.T, ctx context.Context, w Worker) *parent {
	t.Helper()
	p := connect(t, ctx, func(engine.Settings) (Worker, error) { return w, nil })
	p.send(opening{Version: wireVersion})
	var h hello
	p.receive(&h)
	if h.Version != wireVersion || h.Failure != nil {
		t.Fatalf("got %+v, want version %d", h, wireVersion)
	}
	return p
}

func connect(t *testing.T, ctx context.Context, open func(engine.Settings) (Worker, error)) *parent {
	t.Helper()
	inReader, in := io.Pipe()
	out, outWriter := io.Pipe()
	p := &parent{t: t, in: in, out: out, ends: make(chan error, 1)}
	go func() {
		p.ends <- serve(ctx, inReader, outWriter, func(o opening) (Worker, error) { return open(o.Settings) })
	}()
	t.Cleanup(func() { in.Close(); out.Close() })
	return p
}

func (p *parent) send(value any) {
	p.t.Helper()
	if err := writeFrame(p.in, value); err != nil {
		p.t.Fatal(err)
	}
}

func (p *parent) receive(to any) {
	p.t.Helper()
	if err := readFrame(p.out, to); err != nil {
		p.t.Fatal(err)
	}
}

func TestServeDrainsWhenAskedToClose(t *testing.T) {
	g := newGate()
	g.result.Text = "finished"
	p := serving(t, t.Context(), g)
	p.send(request{ID: 1, Do: doProcess})
	p.send(request{ID: 2, Do: doProcess})
	p.send(request{Do: doClose})
	p.send(request{ID: 3, Do: doProcess}) // too late: gets no reply
	p.send(request{ID: 2, Do: doCancel})  // may still be
	var a reply
	p.receive(&a)
	if got := inkpool.CodeOf(a.Failure.err()); a.ID != 2 || got != inkpool.CodeCancelled {
		t.Errorf("got %+v, want 2 to be cancelled", a)
	}
	close(g.open)
	var b reply
	p.receive(&b)
	if b.ID != 1 || b.Result.Text != "finished" {
		t.Errorf("got %+v, want 1 to be finished", b)
	}
	if err := <-p.ends; err != nil {
		t.Error(err)
	}
	<-g.closed
}

// Nobody waits for native code when the parent has died.
func TestServeEndsAtOnceWithoutItsParent(t *testing.T) {
	p := serving(t, t.Context(), newGate())
	p.send(request{ID: 1, Do: doProcess})
	p.in.Close()
	if err := <-p.ends; !errors.Is(err, errOrphaned) {
		t.Errorf("got %v, want %v", err, errOrphaned)
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := serving(t, ctx, newGate())
	cancel()
	if err := <-p.ends; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestServeEndsWhenNobodyReads(t *testing.T) {
	p := serving(t, t.Context(), newGate())
	p.out.Close()
	p.send(request{ID: 1, Do: doWarm})
	if err := <-p.ends; !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v, want %v", err, io.ErrClosedPipe)
	}
}

func TestServeRefusesGarbage(t *testing.T) {
	p := serving(t, t.Context(), newGate())
	if _, err := p.in.Write([]byte("GET / HTTP/1.1\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := <-p.ends; !errors.Is(err, errGarbled) {
		t.Errorf("got %v, want %v", err, errGarbled)
	}
}

func TestServeAnswersWhatItCannotSendOrDoesNotKnow(t *testing.T) {
	p := serving(t, t.Context(), newGate())
	for do, want := range map[verb]inkpool.Code{doPicture: inkpool.CodeTooLarge, 99: inkpool.CodeInternal} {
		p.send(request{ID: 5, Do: do})
		var a reply
		p.receive(&a)
		if got := inkpool.CodeOf(a.Failure.err()); got != want || a.ID != 5 {
			t.Errorf("request %d: got %q, want %q", do, got, want)
		}
	}
}

func TestServeSaysWhyItDoesNotBegin(t *testing.T) {
	for name, c := range map[string]struct {
		version int
		open    func(engine.Settings) (Worker, error)
		want    inkpool.Code
	}{
		"replaced": {wireVersion + 1, nil, inkpool.CodeConflict},
		"panics":   {wireVersion, func(engine.Settings) (Worker, error) { panic("boom") }, inkpool.CodeInternal},
	} {
		t.Run(name, func(t *testing.T) {
			p := connect(t, t.Context(), c.open)
			p.send(opening{Version: c.version})
			var h hello
			p.receive(&h)
			if got := inkpool.CodeOf(h.Failure.err()); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := inkpool.CodeOf(<-p.ends); got != c.want {
				t.Errorf("got %q at the end, want %q", got, c.want)
			}
		})
	}
}
