package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ort"
)

// models loads models. It is safe for concurrent use.
type models struct {
	env      *ort.Environment
	cacheDir string // has the optimised models, in a folder of their own; "": no cache
	plain    bool   // run the models as they are: no rewriting, no cache
}

// model says which model to load and where it runs.
type model struct {
	name          string // of what is kept of it in the cache
	data          []byte // ONNX
	input, output string // names in the graph
	probe         probeShape

	device  string // as ort.Options has it
	threads int
	noArena bool
}

// load makes a session of the model: of what an earlier load of this program has optimised
// on this machine, where that is still there; else of the rewritten model, once it has
// computed what the original does; else of the original.
func (l models) load(ctx context.Context, m model) (s infer.Session, err error) {
	defer inkpool.Recover(&err) // callers start a goroutine for each model
	var session *ort.Session
	switch {
	case l.plain:
		session, err = l.open(m, m.data)
	case l.cacheDir == "" || m.device != "" && m.device != ort.CPU:
		session, err = l.loadRewritten(ctx, m, m.data) // what is saved is for the CPU
	default:
		session, err = l.loadCached(ctx, m, m.data)
	}
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", m.name, err)
	}
	return session, nil
}

// loadCached uses the cache, or fills it. No fault of the cache is one of the load.
func (l models) loadCached(ctx context.Context, m model, data []byte) (*ort.Session, error) {
	cache := newModelCache(l.cacheDir, m.name, data, l.env.Version())
	if saved, err := cache.read(); err == nil {
		if s, err := l.openAs(m, saved, ort.Options{Saved: true}); err == nil {
			return s, nil
		}
	}
	saved, err := l.optimise(m, cache, data)
	if err != nil {
		return l.loadRewritten(ctx, m, data)
	}
	s, err := l.checked(ctx, m, data, saved, ort.Options{Saved: true})
	if err != nil {
		return l.original(ctx, m, data)
	}
	_ = cache.write(saved) // the next start will try again
	return s, nil
}

// optimise returns the rewritten model as the runtime saves it.
func (l models) optimise(m model, cache modelCache, data []byte) (saved []byte, err error) {
	rewritten, _, err := graph.Rewrite(data)
	if err != nil {
		return nil, err
	}
	return cache.collect(func(path string) error {
		s, err := l.openAs(m, rewritten, ort.Options{SaveTo: path})
		if err != nil {
			return err
		}
		return s.Close()
	})
}

// loadRewritten does without the cache.
func (l models) loadRewritten(ctx context.Context, m model, data []byte) (*ort.Session, error) {
	rewritten, report, err := graph.Rewrite(data)
	if err != nil || !report.Changed() {
		return l.open(m, data)
	}
	s, err := l.checked(ctx, m, data, rewritten, ort.Options{})
	if err != nil {
		return l.original(ctx, m, data)
	}
	return s, nil
}

// original is what runs where a check went wrong, unless ctx ended it.
func (l models) original(ctx context.Context, m model, data []byte) (*ort.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return l.open(m, data)
}

// checked makes a session of another form of a model, which must compute what the model in
// data does.
func (l models) checked(ctx context.Context, m model, data, other []byte, how ort.Options) (*ort.Session, error) {
	original, err := l.open(m, data)
	if err != nil {
		return nil, err
	}
	s, err := l.openAs(m, other, how)
	if err != nil {
		return nil, errors.Join(err, original.Close())
	}
	err = errors.Join(m.probe.compare(ctx, original, s), original.Close())
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (l models) open(m model, data []byte) (*ort.Session, error) {
	return l.openAs(m, data, ort.Options{})
}

// openAs completes the options with those of m.
func (l models) openAs(m model, data []byte, o ort.Options) (*ort.Session, error) {
	o.Inputs, o.Outputs = []string{m.input}, []string{m.output}
	o.Device, o.Threads, o.NoArena = m.device, m.threads, m.noArena
	return l.env.Load(data, o)
}
