package engine

import (
	"fmt"
	"os"
	"slices"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/ort"
)

// packModel is a model of a pack, described and not loaded yet.
type packModel struct {
	library models
	pack    *modelpack.Pack
	file    string
	about   graph.Description
}

// describe looks at a model without loading it. Files of hundreds of megabytes are read through,
// and not kept.
func describe(library models, p *modelpack.Pack, file string) (m packModel, err error) {
	m = packModel{library: library, pack: p, file: file}
	path, installed := p.Path(file)
	if !installed {
		data, err := p.ReadFile(file)
		if err != nil {
			return m, err
		}
		m.about, err = graph.Describe(data)
		return m, err
	}
	f, err := os.Open(path)
	if err != nil {
		return m, inkpool.Errorf(inkpool.CodeModelMissing, "%s of the model pack %q cannot be opened", file, p.ID).
			WithCause(err).WithHint("Install it again.")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return m, fmt.Errorf("look at %s of pack %q: %w", file, p.ID, err)
	}
	structure, err := graph.Inspect(f, info.Size())
	m.about = structure.Description
	return m, err
}

// load makes a session of the model as it is: the runtime reads the file of an installed pack by
// itself, so that what takes hundreds of megabytes is not in memory twice.
func (m packModel) load(inputs, outputs []string) (infer.Session, error) {
	s, err := m.open(ort.Options{Inputs: inputs, Outputs: outputs})
	if err != nil {
		return nil, fmt.Errorf("load %s of pack %q: %w", m.file, m.pack.ID, err)
	}
	return s, nil
}

func (m packModel) open(o ort.Options) (*ort.Session, error) {
	path, installed := m.pack.Path(m.file)
	if installed && !m.takesTexts() {
		return m.library.env.LoadFile(path, o)
	}
	data, err := m.pack.ReadFile(m.file)
	if err != nil {
		return nil, err
	}
	if m.takesTexts() {
		if data, _, err = graph.WithPlainLocale(data); err != nil {
			return nil, err
		}
	}
	return m.library.env.Load(data, o)
}

// takesTexts reports whether the model takes texts as they are. The runtime may not be able to
// load such a one on this system unless it is changed.
func (m packModel) takesTexts() bool {
	return slices.ContainsFunc(m.about.Inputs, func(v graph.Value) bool { return v.Type == graph.String })
}
