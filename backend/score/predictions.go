package score

import (
	"fmt"
	"io"
	"strings"
)

// Predictions are the texts that one program read, by file.
type Predictions struct {
	paths []string // in the order in which they came, each once
	texts map[string][]string
}

// ReadPredictions reads lines of JSON with "path" and "text", as `inkpool run --format jsonl`
// prints them. Several lines with one path are the pages of that file, in order.
func ReadPredictions(r io.Reader) (*Predictions, error) {
	p := &Predictions{texts: map[string][]string{}}
	type row struct {
		Path string `json:"path"`
		Text string `json:"text"`
	}
	err := eachRow(r, func(r row) {
		path := strings.ReplaceAll(r.Path, `\`, "/")
		if _, seen := p.texts[path]; !seen {
			p.paths = append(p.paths, path)
		}
		p.texts[path] = append(p.texts[path], r.Text)
	})
	if err != nil {
		return nil, fmt.Errorf("read predictions: %w", err)
	}
	return p, nil
}

// Text returns what was read from file, a path as an index names it: the first path that is
// file or ends in it counts. ok is false if there is none.
func (p *Predictions) Text(file string) (text string, ok bool) {
	for _, path := range p.paths {
		if path == file || strings.HasSuffix(path, "/"+file) {
			return strings.Join(p.texts[path], "\n"), true
		}
	}
	return "", false
}

// Covers tells whether there is a prediction for any of pages.
func (p *Predictions) Covers(pages []Page) bool {
	for _, page := range pages {
		if _, ok := p.Text(page.File); ok {
			return true
		}
	}
	return false
}
