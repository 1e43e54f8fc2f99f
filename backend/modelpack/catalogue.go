package modelpack

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// catalogue has the packs that RapidOCR publishes, release v3.9.2: paths and hashes of its
// list of models, python/rapidocr/default_models.yaml in github.com/RapidAI/RapidOCR. The
// models of PP-OCRv5 and v6 carry their dictionaries. Sizes are those that RapidOCR's and
// PaddleOCR's documentations round to.
//
//go:embed catalogue.json
var catalogue []byte

// hubPacks has the packs that lie in repositories of Hugging Face. Sizes, where its pages tell
// them, are those of the quantised form; hashes and versions are those that the hub lists when
// a pack is fetched. Licences are those of the models' cards, and of those they were made from.
//
//go:embed hub.json
var hubPacks []byte

// Entry is a pack that can be had.
type Entry struct {
	About
	Bundled       bool       // part of the program; the fields below are empty
	Repository    string     // on Hugging Face; empty: Files says where they are
	From, To      []string   // of a translator, BCP 47; empty: its files say it
	Quality       string     // what its publishers measured, for people; empty where they did not say
	Speed         string     // the same
	HintSource    string     // who measured, and on what
	ApproximateMB float64    // 0: not known
	Files         []Download // all of them; none where there is a Repository
	OCR           OCR        // as in a manifest
}

// NonCommercial reports whether a licence, by its SPDX identifier, is not for every use.
func NonCommercial(licence string) bool {
	return slices.Contains(strings.Split(strings.ToUpper(licence), "-"), "NC")
}

// Download is a file of an Entry.
type Download struct {
	Path   string // in the pack
	URL    string
	SHA256 string // hexadecimal
}

// list is the form of catalogue.json. Files come first, because packs share them.
type list struct {
	Base  string `json:"base"` // of all URLs
	Files []struct {
		Path          string     `json:"path"` // below Base
		SHA256        string     `json:"sha256"`
		Generation    Generation `json:"generation"`
		ApproximateMB float64    `json:"approximate_mb"`
	} `json:"files"`
	Packs []struct {
		About
		Quality    string `json:"quality"`
		Speed      string `json:"speed"`
		HintSource string `json:"hint_source"`
		Detector   string `json:"detector"` // last part of a file's path
		Classifier string `json:"classifier"`
		Recognizer string `json:"recognizer"`
	} `json:"packs"`
}

// Catalogue returns all packs that can be had, the bundled one first.
func Catalogue() ([]Entry, error) {
	var bundled Manifest
	if err := decodeStrictly(bundledManifest, &bundled); err != nil {
		return nil, internal(err)
	}
	var l list
	if err := decodeStrictly(catalogue, &l); err != nil {
		return nil, internal(err)
	}
	entries := []Entry{{About: bundled.About, Bundled: true}}
	for _, p := range l.Packs {
		e := Entry{About: p.About, Quality: p.Quality, Speed: p.Speed, HintSource: p.HintSource}
		e.OCR.Detector.Model = l.model(p.Detector)
		e.OCR.Classifier = &Classifier{Model: l.model(p.Classifier)}
		e.OCR.Recognizer.Model = l.model(p.Recognizer)
		l.addFiles(&e, p.Detector, p.Classifier, p.Recognizer)
		entries = append(entries, e)
	}
	more, err := hubCatalogue()
	return append(entries, more...), err
}

// hubCatalogue lists the packs that lie in repositories.
func hubCatalogue() ([]Entry, error) {
	var l struct {
		Packs []struct {
			About
			Repository    string   `json:"repository"`
			From          []string `json:"from"`
			To            []string `json:"to"`
			ApproximateMB float64  `json:"approximate_mb"`
		} `json:"packs"`
	}
	if err := decodeStrictly(hubPacks, &l); err != nil {
		return nil, internal(err)
	}
	var entries []Entry
	for _, p := range l.Packs {
		p.Source = "https://huggingface.co/" + p.Repository
		entries = append(entries, Entry{About: p.About, Repository: p.Repository, From: p.From, To: p.To, ApproximateMB: p.ApproximateMB})
	}
	return entries, nil
}

func internal(err error) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeInternal, "the catalogue of models cannot be read").WithCause(err)
}

// at is the index of the file of that name, -1 where there is none.
func (l *list) at(name string) int {
	for i, f := range l.Files {
		if path.Base(f.Path) == name {
			return i
		}
	}
	return -1
}

func (l *list) model(name string) Model {
	if at := l.at(name); at >= 0 {
		return Model{File: name, Generation: l.Files[at].Generation}
	}
	return Model{}
}

// addFiles adds the files of a pack. Their size is known when that of every one is.
func (l *list) addFiles(e *Entry, names ...string) {
	known := true
	for _, name := range names {
		at := l.at(name)
		if at < 0 {
			continue
		}
		f := l.Files[at]
		e.Files = append(e.Files, Download{Path: name, URL: l.Base + f.Path, SHA256: f.SHA256})
		e.ApproximateMB += f.ApproximateMB
		known = known && f.ApproximateMB > 0
	}
	if !known {
		e.ApproximateMB = 0
	}
}

// Offered returns the entry of the catalogue with that id, or in that repository.
// CodeModelMissing says that there is none.
func Offered(id string) (Entry, error) {
	entries, err := Catalogue()
	if err != nil {
		return Entry{}, err
	}
	at := slices.IndexFunc(entries, func(e Entry) bool { return e.ID == id || e.Repository != "" && strings.EqualFold(e.Repository, id) })
	if at < 0 {
		return Entry{}, missing(id)
	}
	return entries[at], nil
}
