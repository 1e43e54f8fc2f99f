package engine

import (
	"fmt"
	"slices"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/infer"
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
func describe(library models, p *modelpack.Pack, file string) (packModel, error) {
	about, err := p.Model(file)
	return packModel{library: library, pack: p, file: file, about: about}, err
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
