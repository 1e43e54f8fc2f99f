package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/inkpool/inkpool/backend/score"
)

// collection is a folder of pages with known text. Pictures and plain texts are never in one,
// because not every reader takes plain texts.
type collection struct {
	name  string
	dir   string
	texts bool
	pages []score.Page
}

// openCollections reads the truth of the data and of the samples. One of them may be missing:
// that is said on notes.
func openCollections(o options, notes io.Writer) ([]collection, error) {
	data, err := score.ReadIndex(o.data)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(notes, "eval: no evaluation data in %s: give its folder with -data, or set INKPOOL_DATA\n", o.data)
	} else if err != nil {
		return nil, err
	}
	samples, err := score.ReadSamples(o.samples)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(notes, "eval: no samples: %v\n", err)
	} else if err != nil {
		return nil, err
	}
	pictures, texts := split(samples)
	var found []collection
	for _, c := range []collection{
		{name: "data", dir: o.data, pages: data},
		{name: "sample pictures", dir: o.samples, pages: pictures},
		{name: "sample texts", dir: o.samples, texts: true, pages: texts},
	} {
		if c.pages = o.choose(c.pages); len(c.pages) > 0 {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return nil, errors.New("nothing to evaluate")
	}
	return found, nil
}

func split(samples []score.Page) (pictures, texts []score.Page) {
	for _, p := range samples {
		if p.Set == score.SetTexts {
			texts = append(texts, p)
		} else {
			pictures = append(pictures, p)
		}
	}
	return pictures, texts
}

// files are the paths of the collection's pages.
func (c collection) files() []string {
	files := make([]string, len(c.pages))
	for i, p := range c.pages {
		files[i] = filepath.Join(c.dir, filepath.FromSlash(p.File))
	}
	return files
}

// page returns the page of that name, which must be one of the collection's.
func (c collection) page(file string) score.Page {
	for _, p := range c.pages {
		if p.File == file {
			return p
		}
	}
	return score.Page{}
}
