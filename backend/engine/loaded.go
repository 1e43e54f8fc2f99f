package engine

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// pipeline is what is loaded of a pack: a reader, a translator, a labeller.
type pipeline interface {
	sessions() []infer.Session
}

// loaded are the pipelines of a device for one task, one for each pack that is used for it.
// They are safe for concurrent use.
type loaded[P pipeline] struct {
	load func(context.Context, *modelpack.Pack) (P, error)
	keep int // how many stay loaded that nobody uses

	mu     sync.Mutex
	list   []*loadedPack[P] // the one that was asked for last comes last
	closed bool
}

// loadedPack is the pipeline of one pack.
type loadedPack[P pipeline] struct {
	shared[P]
	id, version string
	users       int // guarded by loaded
}

// borrow returns the pipeline of a pack, loading it first if need be. It stays loaded until it
// is given back.
func (l *loaded[P]) borrow(ctx context.Context, pack *modelpack.Pack) (p P, giveBack func(), err error) {
	entry, err := l.take(pack)
	if err != nil {
		return p, nil, err
	}
	p, err = entry.get(ctx)
	if err != nil {
		l.giveBack(entry)
		return p, nil, err
	}
	return p, func() { l.giveBack(entry) }, nil
}

// take finds the pipeline of a pack, or makes a place for it, and counts a user.
func (l *loaded[P]) take(p *modelpack.Pack) (*loadedPack[P], error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errClosed
	}
	at := slices.IndexFunc(l.list, func(e *loadedPack[P]) bool { return e.id == p.ID && e.version == p.Version })
	entry := &loadedPack[P]{id: p.ID, version: p.Version}
	if at >= 0 {
		entry = l.list[at]
		l.list = slices.Delete(l.list, at, at+1)
	} else {
		entry.load = func(ctx context.Context) (P, error) { return l.load(ctx, p) }
	}
	l.list = append(l.list, entry)
	entry.users++
	return entry, nil
}

func (l *loaded[P]) giveBack(entry *loadedPack[P]) {
	l.mu.Lock()
	entry.users--
	dropped := l.dropUnused(l.keep)
	l.mu.Unlock()
	closePipelines(dropped)
}

// dropUnused takes pipelines that nobody uses off the list: those that could not be loaded,
// and of the others as many as are more than keep, the one that was used longest ago first.
// It returns those that are loaded, for the caller to close.
func (l *loaded[P]) dropUnused(keep int) (dropped []P) {
	l.list = slices.DeleteFunc(l.list, func(e *loadedPack[P]) bool { return e.users == 0 && e.empty() })
	excess := len(l.list) - keep
	l.list = slices.DeleteFunc(l.list, func(e *loadedPack[P]) bool {
		if e.users > 0 || len(dropped) >= excess {
			return false
		}
		r, ok := e.drop()
		if ok {
			dropped = append(dropped, r)
		}
		return ok // else it is being loaded for somebody who no longer waits
	})
	return dropped
}

// closePipelines frees models; what fails to close is gone all the same.
func closePipelines[P pipeline](list []P) {
	for _, p := range list {
		_ = closeSessions(p.sessions())
	}
}

// dropModels closes what is loaded; the next task loads it again. There must be no task.
func (l *loaded[P]) dropModels() {
	l.mu.Lock()
	dropped := l.dropUnused(0)
	l.mu.Unlock()
	closePipelines(dropped)
}

// all returns the pipelines that are loaded.
func (l *loaded[P]) all() (list []P) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.list {
		if r, ok := e.peek(); ok {
			list = append(list, r)
		}
	}
	return list
}

// close closes what is loaded, for good.
func (l *loaded[P]) close() error {
	l.mu.Lock()
	list := l.list
	l.list, l.closed = nil, true
	l.mu.Unlock()
	var errs []error
	for _, e := range list {
		if r, ok := e.shared.take(); ok {
			errs = append(errs, closeSessions(r.sessions()))
		}
	}
	return errors.Join(errs...)
}

// closeSessions frees models; those that have not been loaded are nil.
func closeSessions(list []infer.Session) error {
	var errs []error
	for _, s := range list {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}
