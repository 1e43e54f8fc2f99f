package app

import (
	"context"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// PackState says what there is of a pack of models.
type PackState string

// The states of a pack.
const (
	PackBundled   PackState = "bundled" // part of the program
	PackInstalled PackState = "installed"
	PackDamaged   PackState = "damaged"       // installed, but it cannot be used
	PackOffered   PackState = "not installed" // in the catalogue only
)

// Pack is a pack of models as doors show it.
type Pack struct {
	ID        string    `json:"id"`
	Name      string    `json:"name,omitempty"`
	Version   string    `json:"version"`
	State     PackState `json:"state"`
	Task      string    `json:"task,omitempty"`      // "ocr", "translation", "text-classification" …
	Languages []string  `json:"languages,omitempty"` // BCP 47
	From      []string  `json:"from,omitempty"`      // of a translator, BCP 47
	To        []string  `json:"to,omitempty"`        // of a translator, BCP 47
	Licence   string    `json:"licence,omitempty"`   // SPDX
	Source    string    `json:"source,omitempty"`

	Repository string `json:"repository,omitempty"` // on Hugging Face, of one that is not here

	Folder        string     `json:"folder,omitempty"` // of an installed one
	Bytes         int64      `json:"bytes,omitempty"`  // of all files; 0: not known
	ApproximateMB float64    `json:"approximate_mb,omitempty"`
	Files         []PackFile `json:"files,omitempty"`

	Quality    string `json:"quality,omitempty"` // what its publishers measured, for people
	Speed      string `json:"speed,omitempty"`
	HintSource string `json:"hint_source,omitempty"` // who measured, and on what

	Noncommercial bool `json:"noncommercial,omitempty"` // its licence is not for every use

	Error *inkpool.Error `json:"-"` // of a damaged one
}

// PackFile is a file of a pack.
type PackFile struct {
	Path   string `json:"path"`
	URL    string `json:"url,omitempty"`    // of one that is not here
	Bytes  int64  `json:"bytes,omitempty"`  // of one that is
	SHA256 string `json:"sha256,omitempty"` // where it is known
}

// Packs lists the bundled pack, the installed ones and those of the catalogue that are not
// installed. Nothing is loaded, nor fetched.
func Packs(settings config.Settings) ([]Pack, error) {
	found, err := shelf(settings).List()
	if err != nil {
		return nil, err
	}
	offered, err := modelpack.Catalogue()
	if err != nil {
		return nil, err
	}
	hints, have := map[string]modelpack.Entry{}, map[string]bool{}
	for _, e := range offered {
		hints[e.ID] = e
	}
	var packs []Pack
	for _, f := range found {
		have[f.ID] = true
		packs = append(packs, packOf(f, hints[f.ID]))
	}
	for _, e := range offered {
		if !have[e.ID] && !e.Bundled {
			packs = append(packs, packOffered(e))
		}
	}
	return packs, nil
}

// FindPack returns the pack that reads for an id, as the engine finds it: the bundled one for
// an empty id. CodeModelMissing says that there is none, CodeModelCorrupt that it is damaged.
func FindPack(settings config.Settings, id string) (*modelpack.Pack, error) {
	if _, err := bundle.Embedded(); err != nil && id == "" {
		return nil, err
	}
	return shelf(settings).Find(id)
}

// VerifyPack reads all files of a pack and compares them with their hashes; hashed is false
// for one that came without any. An empty version is the one that FindPack finds.
func VerifyPack(ctx context.Context, settings config.Settings, id, version string) (hashed bool, err error) {
	find := func() (*modelpack.Pack, error) { return shelf(settings).FindVersion(id, version) }
	if version == "" {
		find = func() (*modelpack.Pack, error) { return FindPack(settings, id) }
	}
	p, err := find()
	if err != nil {
		return false, err
	}
	return p.Files[0].SHA256 != "", p.Verify(ctx)
}

// shelf is where packs stand.
func shelf(settings config.Settings) modelpack.Shelf {
	s := modelpack.Shelf{Dir: settings.PacksPath()}
	if files, err := bundle.Embedded(); err == nil {
		s.Bundled, _ = files.Pack() // whoever needs it is told by the engine
	}
	return s
}

func packOf(f modelpack.Found, hint modelpack.Entry) Pack {
	p := Pack{
		ID: f.ID, Version: f.Version, State: PackDamaged, Folder: f.Dir, Error: inkpool.AsError(f.Err),
		Quality: hint.Quality, Speed: hint.Speed, HintSource: hint.HintSource,
	}
	if f.Pack == nil {
		return p
	}
	p.State, p.Bytes = PackInstalled, f.Pack.Size()
	if f.Pack.Bundled {
		p.State = PackBundled
	}
	p.Name, p.Task, p.Languages, p.Licence, p.Source = f.Pack.Name, string(f.Pack.Task), f.Pack.Languages, f.Pack.Licence, f.Pack.Source
	p.Noncommercial = modelpack.NonCommercial(p.Licence)
	if t := f.Pack.Translation; t != nil {
		p.From, p.To = t.From, t.To
	}
	for _, file := range f.Pack.Files {
		p.Files = append(p.Files, PackFile{Path: file.Path, Bytes: file.Size, SHA256: file.SHA256})
	}
	return p
}

func packOffered(e modelpack.Entry) Pack {
	p := Pack{
		ID: e.ID, Name: e.Name, Version: e.Version, State: PackOffered,
		Task: string(e.Task), Languages: e.Languages, From: e.From, To: e.To,
		Licence: e.Licence, Source: e.Source, Repository: e.Repository, ApproximateMB: e.ApproximateMB,
		Quality: e.Quality, Speed: e.Speed, HintSource: e.HintSource,
		Noncommercial: modelpack.NonCommercial(e.Licence),
	}
	for _, file := range e.Files {
		p.Files = append(p.Files, PackFile{Path: file.Path, URL: file.URL, SHA256: file.SHA256})
	}
	return p
}
