package child

import (
	"context"
	"log/slog"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// hold returns a child that stays until release, unless it dies. It starts one if need be.
func (e *Engine) hold(ctx context.Context) (*process, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p, gone, rest, err := e.current()
		if p != nil || err != nil {
			return p, err
		}
		timer := time.NewTimer(rest)
		select {
		case <-gone:
		case <-timer.C:
		case <-ctx.Done():
		case <-e.stop:
		}
		timer.Stop()
	}
}

// current returns the child, or what to wait for until there may be one: that the last one
// is gone, and at most how long.
func (e *Engine) current() (p *process, gone <-chan struct{}, rest time.Duration, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, nil, 0, inkpool.Errorf(inkpool.CodeUnavailable, "the engine has been closed")
	}
	if e.child != nil && !e.child.serves() { // it has died a moment ago
		return nil, e.child.gone, e.opts.Grace, nil
	}
	if e.child == nil {
		if rest := time.Until(e.restOver); rest > 0 {
			return nil, nil, rest, nil
		}
		if err := e.start(); err != nil {
			return nil, nil, 0, err
		}
	}
	if e.idle != nil {
		e.idle.Stop()
	}
	e.child.holders++
	return e.child, nil, 0, nil
}

// release undoes hold. The last one to do so starts the time after which the child is ended.
func (e *Engine) release(p *process) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p.holders--
	if p.holders > 0 || p != e.child || e.settings.IdleAfter <= 0 || e.closed {
		return
	}
	e.idle = time.AfterFunc(e.settings.IdleAfter, func() { e.drop(p) })
}

// drop ends a child that nobody holds.
func (e *Engine) drop(p *process) {
	e.mu.Lock()
	if p != e.child || p.holders > 0 || e.closed {
		e.mu.Unlock()
		return
	}
	e.child = nil
	e.work.Add(1)
	e.mu.Unlock()
	defer e.work.Done()
	e.opts.Log.Info("engine is idle and ends", "pid", p.pid())
	p.end(e.opts.Grace)
}

// replace kills p, which did not stop the call hung in time, and tells everybody else who
// waits for it that they may try again.
func (e *Engine) replace(p *process, hung *call) {
	tasks := p.tasks()
	if !p.retire(fateReplaced) {
		return // it has died by itself, or another call was quicker
	}
	e.mu.Lock()
	e.deaths++
	if e.child == p {
		e.child = nil
	}
	e.mu.Unlock()
	e.opts.Log.Warn("engine did not stop a task in time and is replaced",
		"pid", p.pid(), "task", hung.task, "tasks", tasks)
	p.kill()
	p.fail(restarted())
}

// restarted is what those are told whose child has been replaced.
func restarted() *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeUnavailable, "the engine was restarted").WithHint("Try again.")
}

// start starts a child. The caller holds e.mu.
func (e *Engine) start() error {
	settings := e.settings
	settings.IdleAfter = 0 // the child is ended instead
	p, err := startProcess(e.opts.Command, opening{
		Version: wireVersion, Background: e.opts.Background, Settings: settings,
	})
	if err != nil {
		failure := inkpool.Errorf(inkpool.CodeUnavailable, "the engine cannot be started").WithCause(err).
			WithHint("Close other programs and try again; if that does not help, install Inkpool again.")
		e.opts.Log.Error("engine cannot be started", "error", err)
		e.restAfter(failure)
		return failure
	}
	e.child = p
	e.opts.Log.Info("engine started", "pid", p.pid(), "deaths", e.deaths)
	e.work.Go(p.write)
	e.work.Go(func() { e.supervise(p) })
	return nil
}

// supervise ends with the child. It keeps account of how that was before anybody hears of
// it, so that whoever tries again finds things in order.
func (e *Engine) supervise(p *process) {
	defer close(p.gone)
	cause := p.receive()
	log := e.opts.Log.With("pid", p.pid(), "tasks", p.tasks())
	e.mu.Lock()
	if e.child == p {
		e.child = nil
	}
	if p.answered() {
		e.inVain, e.trouble = 0, nil
	}
	var failure *inkpool.Error
	switch p.fate() {
	case fateClosed:
		failure = inkpool.Errorf(inkpool.CodeUnavailable, "the engine has been closed").WithCause(cause)
		log.Info("engine ended", "how", cause)
	case fateReplaced:
		failure = restarted().WithCause(cause) // for those whom replace has not told yet
		log.Info("engine ended", "how", cause)
	case fateRefused:
		failure = e.refused(log, cause)
	default:
		failure = e.crashed(p, log, cause)
	}
	e.mu.Unlock()
	p.fail(failure)
}

// refused returns what to say of a child that would not work: its own words. That is not
// the doing of any task, so all may be tried again. The caller holds e.mu.
func (e *Engine) refused(log *slog.Logger, cause error) *inkpool.Error {
	e.deaths++
	log.Error("engine refused to work", "error", cause)
	why := inkpool.AsError(cause)
	e.restAfter(why)
	return inkpool.Errorf(inkpool.CodeUnavailable, "%s", why.Message).WithHint(why.Hint).WithCause(cause)
}

// crashed returns what to say of a child that died by itself. Its tasks are to blame, unless
// it drew a picture or counted pages meanwhile, which get to know at once that they are the
// suspects; or unless the children before it have died in vain as well. The caller holds e.mu.
func (e *Engine) crashed(p *process, log *slog.Logger, cause error) *inkpool.Error {
	e.deaths++
	failure := inkpool.Errorf(inkpool.CodeEngineCrashed, "the engine stopped unexpectedly").WithCause(cause)
	if p.wasKilled() {
		failure = failure.WithHint("The computer may have run out of memory. Close other programs, or let Inkpool use less in Settings.")
	}
	log.Error("engine died", "error", failure)
	broken := e.inVain >= mayDieInVain
	if !p.answered() {
		e.restAfter(keepsDying(inkpool.CodeEngineCrashed, failure))
	}
	if broken {
		return keepsDying(inkpool.CodeUnavailable, failure)
	}
	if p.fail(failure, doPicture, doPages) > 0 {
		return restarted().WithCause(failure)
	}
	return failure
}

// keepsDying is what to say of children that die one after the other.
func keepsDying(code inkpool.Code, last error) *inkpool.Error {
	return inkpool.Errorf(code, "the engine stops whenever it is started").WithCause(last).
		WithHint("Restart the computer; if that does not help, install Inkpool again, and report it with the log.")
}

// restAfter counts a child that was of no use, and makes the next one wait when it was not
// the first. A person should know of trouble then. The caller holds e.mu.
func (e *Engine) restAfter(trouble *inkpool.Error) {
	e.inVain++
	over := e.inVain - mayDieInVain
	if over < 0 {
		return
	}
	e.restOver = time.Now().Add(e.opts.Rest << min(over, restDoublings))
	e.trouble = trouble
}
