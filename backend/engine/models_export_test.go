package engine

import (
	"context"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/ort"
)

// Models is what loads models.
type Models struct{ models }

// Model is one of the bundled models.
type Model struct{ model }

// NewModels loads from a bundle and caches in a folder.
func NewModels(env *ort.Environment, files *bundle.Bundle, cacheDir string, plain bool) Models {
	return Models{models{env: env, files: files, cacheDir: cacheDir, plain: plain}}
}

// BundledModels are all of them.
func BundledModels() []Model {
	return []Model{{detectorModel()}, {classifierModel()}, {recognizerModel()}}
}

// Name is the model's file in the bundle.
func (m Model) Name() string { return m.file }

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
	cache, data, err := l.cache(m)
	if err != nil {
		return err
	}
	saved, err := cache.collect(func(path string) error {
		s, err := l.openAs(m.model, data, ort.Options{SaveTo: path})
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
func (l Models) CachePath(m Model) (string, error) {
	cache, _, err := l.cache(m)
	return cache.path(), err
}

func (l Models) cache(m Model) (modelCache, []byte, error) {
	data, err := l.files.ReadFile(m.file)
	return newModelCache(l.cacheDir, m.file, data, l.env.Version()), data, err
}
