package desktop

import (
	"context"
	"sync"
	"time"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// The states of a view.PackWork.
const (
	workRunning = "running"
	workDone    = "done"
	workFailed  = "failed"
	workStopped = "stopped"
)

// tellEvery is the least time between two words about how far something has come: the page
// cannot show more.
const tellEvery = 100 * time.Millisecond

// works are the installations of packs that go on. Each has a goroutine of its own, which
// ends with it; close ends and waits for all.
type works struct {
	ctx    context.Context
	cancel context.CancelFunc
	tell   func(view.PackWork) // called by the goroutines of works, one at a time
	ended  sync.WaitGroup

	mu      sync.Mutex
	next    int64
	running map[int64]*work
}

// work is one of them. What it shows is guarded by works.mu.
type work struct {
	shown  view.PackWork
	cancel context.CancelFunc
	told   time.Time
}

// install makes a pack and tells how far it has come.
type install func(ctx context.Context, progress func(done, total int64)) (p app.Pack, already bool, err error)

func newWorks(ctx context.Context, tell func(view.PackWork)) *works {
	ctx, cancel := context.WithCancel(ctx)
	return &works{ctx: ctx, cancel: cancel, tell: tell, running: map[int64]*work{}}
}

func (w *works) close() {
	w.cancel()
	w.ended.Wait()
}

// begin starts an installation. CodeConflict says that the same one goes on already.
func (w *works) begin(what, name string, do install) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.running {
		if r.shown.What == what && r.shown.Name == name {
			return inkpool.Errorf(inkpool.CodeConflict, "%s is being installed already", name)
		}
	}
	ctx, cancel := context.WithCancel(w.ctx)
	w.next++
	one := &work{shown: view.PackWork{ID: w.next, Name: name, What: what, State: workRunning}, cancel: cancel}
	w.running[one.shown.ID] = one
	w.tell(one.shown)
	w.ended.Go(func() {
		defer cancel()
		w.end(ctx, one, w.run(ctx, one, do))
	})
	return nil
}

// run installs, and returns what went wrong.
func (w *works) run(ctx context.Context, one *work, do install) (err error) {
	defer inkpool.Recover(&err)
	p, already, err := do(ctx, func(done, total int64) { w.progress(one, done, total) })
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	shown := packOf(p)
	one.shown.Pack, one.shown.Already = &shown, already
	return nil
}

func (w *works) progress(one *work, done, total int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	one.shown.Done, one.shown.Total = done, total
	if now := time.Now(); now.Sub(one.told) >= tellEvery {
		one.told = now
		w.tell(one.shown)
	}
}

func (w *works) end(ctx context.Context, one *work, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err == nil:
		one.shown.State = workDone
	case ctx.Err() != nil:
		one.shown.State = workStopped
	default:
		one.shown.State, one.shown.Error = workFailed, view.OfError(inkpool.AsError(err))
	}
	delete(w.running, one.shown.ID)
	w.tell(one.shown)
}

// stop ends one. What has been fetched stays, so that the next time goes on from there.
func (w *works) stop(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if one, ok := w.running[id]; ok {
		one.cancel()
	}
}
