package engine

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/inkpool/inkpool/backend/modelpack"
)

// keptPacks is how many packs a device keeps loaded that nobody reads with: the bundled one,
// and the one that was chosen for a job. Each takes 60 MB and more.
const keptPacks = 2

// readers are the pipelines of a device, one for each pack that is read with. They are safe
// for concurrent use.
type readers struct {
	load func(context.Context, *modelpack.Pack) (*reader, error)

	mu     sync.Mutex
	list   []*packReader // the one that was asked for last comes last
	closed bool
}

// packReader is the pipeline of one pack.
type packReader struct {
	shared[*reader]
	id, version string
	users       int // guarded by readers
}

// borrow returns the pipeline of a pack, loading it first if need be. It stays loaded until it
// is given back.
func (rs *readers) borrow(ctx context.Context, p *modelpack.Pack) (r *reader, giveBack func(), err error) {
	entry, err := rs.take(p)
	if err != nil {
		return nil, nil, err
	}
	r, err = entry.get(ctx)
	if err != nil {
		rs.giveBack(entry)
		return nil, nil, err
	}
	return r, func() { rs.giveBack(entry) }, nil
}

// take finds the pipeline of a pack, or makes a place for it, and counts a user.
func (rs *readers) take(p *modelpack.Pack) (*packReader, error) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.closed {
		return nil, errClosed
	}
	at := slices.IndexFunc(rs.list, func(e *packReader) bool { return e.id == p.ID && e.version == p.Version })
	entry := &packReader{id: p.ID, version: p.Version}
	if at >= 0 {
		entry = rs.list[at]
		rs.list = slices.Delete(rs.list, at, at+1)
	} else {
		entry.load = func(ctx context.Context) (*reader, error) { return rs.load(ctx, p) }
	}
	rs.list = append(rs.list, entry)
	entry.users++
	return entry, nil
}

func (rs *readers) giveBack(entry *packReader) {
	rs.mu.Lock()
	entry.users--
	dropped := rs.dropUnused(keptPacks)
	rs.mu.Unlock()
	closeReaders(dropped)
}

// dropUnused takes pipelines that nobody uses off the list: those that could not be loaded,
// and of the others as many as are more than keep, the one that was used longest ago first.
// It returns those that are loaded, for the caller to close.
func (rs *readers) dropUnused(keep int) (dropped []*reader) {
	rs.list = slices.DeleteFunc(rs.list, func(e *packReader) bool { return e.users == 0 && e.empty() })
	excess := len(rs.list) - keep
	rs.list = slices.DeleteFunc(rs.list, func(e *packReader) bool {
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

// closeReaders frees models; what fails to close is gone all the same.
func closeReaders(list []*reader) {
	for _, r := range list {
		_ = r.close()
	}
}

// dropModels closes what is loaded; the next task loads it again. There must be no task.
func (rs *readers) dropModels() {
	rs.mu.Lock()
	dropped := rs.dropUnused(0)
	rs.mu.Unlock()
	closeReaders(dropped)
}

// loaded returns the pipelines that are loaded.
func (rs *readers) loaded() (list []*reader) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, e := range rs.list {
		if r, ok := e.peek(); ok {
			list = append(list, r)
		}
	}
	return list
}

// close closes what is loaded, for good.
func (rs *readers) close() error {
	rs.mu.Lock()
	list := rs.list
	rs.list, rs.closed = nil, true
	rs.mu.Unlock()
	var errs []error
	for _, e := range list {
		if r, ok := e.shared.take(); ok {
			errs = append(errs, r.close())
		}
	}
	return errors.Join(errs...)
}
