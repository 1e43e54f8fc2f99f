package child

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Options say what to run as the child, and how. Zero values are defaults.
type Options struct {
	// Command is the program and its arguments; default: this one with the argument "engine".
	Command []string
	// Settings are the worker's. IdleAfter is kept by the parent: it ends the whole child,
	// which gives back all of its memory.
	Settings   engine.Settings
	Background bool          // the child gets a low priority
	Grace      time.Duration // for a request whose context has ended, and for Close; default 3 s
	Rest       time.Duration // before a start after three in vain in a row, doubled up to 8 times; default 1 s
	Log        *slog.Logger  // gets ids of processes and tasks, and what a dead child said; default: none
}

const (
	// A cancelled run of a model returns within 15 ms, 53 at most (measured); decoding the
	// largest picture, which nothing stops, takes about this long.
	defaultGrace = 3 * time.Second

	// A child that dies before it has answered anything may have met one bad file; three in
	// a row are no accident. Tasks then wait for the next start, and none is blamed for the
	// deaths that follow, so that a broken runtime library neither starts a process for each
	// of 10,000 tasks nor has all of them set aside. One bad file kills two in a row at
	// most: in company and alone.
	mayDieInVain = 3
	defaultRest  = time.Second
	// 8 s at most: well below the deadline of a task, which goes on while it waits.
	restDoublings = 3
)

// Engine has a child do what its methods ask for. A child that has died is replaced at the
// next request, at once unless it keeps dying before it has answered any.
//
// While a request is with a child that dies, it fails with CodeEngineCrashed. It fails with
// CodeUnavailable, because it is innocent and should be tried again, when the child had to be
// replaced because another request hung; when the child drew a picture or counted pages as it
// died, which are blamed alone; when it refused to work, as one does whose program was replaced
// by another version; and when three children before it had died in vain. The request that
// hung returns the error of its context.
//
// Each child costs three goroutines for as long as it lives; Close waits for all of them.
type Engine struct {
	opts Options
	work sync.WaitGroup // goroutines
	stop chan struct{}  // closed by Close

	mu       sync.Mutex
	settings engine.Settings
	child    *process // nil: none
	closed   bool
	idle     *time.Timer    // ends the child when it fires
	deaths   int            // of children that were not asked to end
	inVain   int            // starts, the last ones in a row, of children that answered nothing
	restOver time.Time      // no start before
	trouble  *inkpool.Error // while children start in vain: what a person should know
	last     inkpool.Usage  // what a child said last
}

// New makes an Engine. It starts nothing yet.
func New(opts Options) *Engine {
	if opts.Grace <= 0 {
		opts.Grace = defaultGrace
	}
	if opts.Rest <= 0 {
		opts.Rest = defaultRest
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{opts: opts, settings: opts.Settings, stop: make(chan struct{})}
}

// Process has the child do the work of a task. It calls tell on the caller's goroutine.
func (e *Engine) Process(ctx context.Context, task inkpool.Task, tell func(inkpool.Progress)) (inkpool.Result, error) {
	a, err := e.callTelling(ctx, request{Do: doProcess, Task: task}, tell)
	return a.Result, err
}

// Pages has the child count the pages of files, which secrets may open.
func (e *Engine) Pages(ctx context.Context, paths, secrets []string) ([]inkpool.PageCount, error) {
	a, err := e.call(ctx, request{Do: doPages, Paths: paths, Secrets: secrets})
	return a.Counts, err
}

// Picture has the child draw the page of a task.
func (e *Engine) Picture(ctx context.Context, task inkpool.Task, rotation, maxSide int) ([]byte, error) {
	a, err := e.call(ctx, request{Do: doPicture, Task: task, Rotation: rotation, MaxSide: maxSide})
	return a.Picture, err
}

// Warm starts a child, if there is none, and loads its models.
func (e *Engine) Warm(ctx context.Context) error {
	_, err := e.call(ctx, request{Do: doWarm})
	return err
}

// InFlight is how many tasks to process at once to keep the child busy.
func (e *Engine) InFlight() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.settings.InFlight()
}

// SetWorkers changes the number of slots, of the child that runs and of those to come.
func (e *Engine) SetWorkers(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings.Workers = n
	if e.child != nil {
		e.child.tell(request{Do: doSetWorkers, Workers: n})
	}
}

// Close ends the child, which may finish what is under way within Grace, and waits for
// everything that the Engine has started. Requests fail with CodeUnavailable from then on.
// An error says that the system keeps a child which has been killed, in a read from a dead
// network drive perhaps.
func (e *Engine) Close() error {
	e.mu.Lock()
	p := e.child
	if !e.closed {
		e.closed = true
		close(e.stop)
	}
	if e.idle != nil {
		e.idle.Stop()
	}
	e.mu.Unlock()
	if p != nil {
		p.end(e.opts.Grace)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); e.work.Wait() }()
	select {
	case <-ended:
		return nil
	case <-time.After(2 * e.opts.Grace):
		return inkpool.Errorf(inkpool.CodeUnavailable, "the engine's process does not end")
	}
}

// call sends a request to the child and waits for its reply.
func (e *Engine) call(ctx context.Context, r request) (reply, error) {
	return e.callTelling(ctx, r, nil)
}

// callTelling is call that passes on what the child tells meanwhile.
func (e *Engine) callTelling(ctx context.Context, r request, tell func(inkpool.Progress)) (reply, error) {
	if tell == nil {
		tell = func(inkpool.Progress) {}
	}
	for {
		p, err := e.hold(ctx)
		if err != nil {
			return reply{}, err
		}
		a, err := e.ask(ctx, p, r, tell)
		e.release(p)
		if !errors.Is(err, errGone) {
			return a, err
		}
	}
}

// ask waits for the reply of p. When ctx ends the request is cancelled, which p may take
// Grace for; then p is replaced.
func (e *Engine) ask(ctx context.Context, p *process, r request, tell func(inkpool.Progress)) (reply, error) {
	c, err := p.send(r)
	if err != nil {
		return reply{}, err
	}
	if p.await(ctx, c, tell) {
		return c.reply, c.err
	}
	p.tell(request{ID: c.id, Do: doCancel})
	timer := time.NewTimer(e.opts.Grace)
	defer timer.Stop()
	select {
	case <-c.done:
		return c.reply, stopped(ctx, c.err)
	case <-timer.C:
		e.replace(p, c)
		return reply{}, ctx.Err()
	}
}
