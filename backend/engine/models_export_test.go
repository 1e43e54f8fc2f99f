package engine

import (
	"context"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/ort"
)

// Models is what loads models.
type Models struct{ models }

// Model is one of a pack's models.
type Model struct{ model }

// NewModels caches in a folder.
func NewModels(env *ort.Environment, cacheDir string, plain bool) Models {
	return Models{models{env: env, cacheDir: cacheDir, plain: plain}}
}

// Prepare returns the models of a pack: the detector, the classifier, the recogniser.
func (l Models) Prepare(ctx context.Context, p *modelpack.Pack) ([]Model, error) {
	m, err := l.prepare(ctx, p)
	if err != nil {
		return nil, err
	}
	return []Model{{m.detector}, {*m.classifier}, {m.recognizer}}, nil
}

// Name is what the cache calls the model.
func (m Model) Name() string { return m.name }

// Data is the model's file.
func (m Model) Data() []byte { return m.data }

// Probe runs the model on its probe.
func (m Model) Probe(ctx context.Context, s infer.Session) ([]float32, error) {
	return m.probe.run(ctx, s)
}

// Compare compares two sessions on the model's probe.
func (m Model) Compare(ctx context.Context, a, b infer.Session) error {
	return m.probe.compare(ctx, a, b)
}

// Load loads a model.
func (l Models) Load(ctx context.Context, m Model) (infer.Session, error) {
	return l.load(ctx, m.model)
}

// Checked loads another form of a model.
func (l Models) Checked(ctx context.Context, m Model, data, other []byte) error {
	s, err := l.checked(ctx, m.model, data, other, ort.Options{})
	if err != nil {
		return err
	}
	return s.Close()
}

// SavePlain puts the model into the cache as the runtime optimises the original.
func (l Models) SavePlain(m Model) error {
	cache := l.cache(m)
	saved, err := cache.collect(func(path string) error {
		s, err := l.openAs(m.model, m.data, ort.Options{SaveTo: path})
		if err != nil {
			return err
		}
		return s.Close()
	})
	if err != nil {
		return err
	}
	return cache.write(saved)
}

// CachePath is the file that keeps the model.
func (l Models) CachePath(m Model) string { return l.cache(m).path() }

func (l Models) cache(m Model) modelCache {
	return newModelCache(l.cacheDir, m.name, m.data, l.env.Version())
}
