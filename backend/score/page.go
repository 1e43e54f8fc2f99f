package score

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// TruthFolder is the folder beside the samples that holds their true texts: NAME.txt for the
// sample NAME, in UTF-8, and index.json. Its name begins with a dot, so that reading the
// samples' folder as a whole leaves it out.
const TruthFolder = ".truth"

// Sets of the samples.
const (
	SetPictures = "pictures"
	SetTexts    = "texts"
)

// Page is a picture or text with its true text.
type Page struct {
	File     string   // slash-separated, relative to the folder of its index
	Set      string   // where it comes from
	Lang     string   // as its index says it, "zh", "en", "zh+en" ...
	Tags     []string // what is particular about it: "receipt", "rotated 90" ...
	Text     string   // the truth, in reading order
	Partial  bool     // Text holds only some of what the page says
	Unspaced bool     // Text has no spaces between words, whatever the page has
	Caseless bool     // Text was written down in capitals, whatever the page says
}

// Blank tells whether there is no text on the page.
func (p Page) Blank() bool { return Normalize(p.Text, p.Caseless) == "" }

// indexRow is one line of an index.jsonl.
type indexRow struct {
	Image string   `json:"image"`
	Set   string   `json:"set"`
	Lang  string   `json:"lang"`
	Tags  []string `json:"tags"`
	Text  string   `json:"text"`
	Note  string   `json:"note"`
	Lines []struct {
		Text string `json:"text"`
	} `json:"lines"`
}

// ReadIndex reads dir/index.jsonl, one JSON object per page. Pages whose true text is not
// known are left out: those whose note or tags say "boxes only".
func ReadIndex(dir string) ([]Page, error) {
	f, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	defer f.Close()
	var pages []Page
	err = eachRow(f, func(r indexRow) {
		if !r.boxesOnly() {
			pages = append(pages, r.page())
		}
	})
	if err != nil {
		return nil, fmt.Errorf("read index of %q: %w", dir, err)
	}
	return pages, nil
}

func (r indexRow) page() Page {
	return Page{
		File: r.Image, Set: r.Set, Lang: r.Lang, Tags: r.Tags, Text: r.truth(),
		Partial:  strings.Contains(strings.ToLower(r.Note), "partial"),
		Unspaced: strings.Contains(r.Note, "no spaces"),
		Caseless: writtenInCapitals(r.Set),
	}
}

// truth is the page's text, or else that of its lines.
func (r indexRow) truth() string {
	if r.Text != "" {
		return r.Text
	}
	var lines []string
	for _, l := range r.Lines {
		lines = append(lines, l.Text)
	}
	return strings.Join(lines, "\n")
}

func (r indexRow) boxesOnly() bool {
	return slices.Contains(r.Tags, "boxes only") || strings.Contains(r.Note, "boxes only")
}

// writtenInCapitals tells the sets whose truth is in capitals where the picture is not, or
// that derive from such a set.
func writtenInCapitals(set string) bool {
	switch set {
	case "sroie", "derived", "mmocr_rec":
		return true
	}
	return false
}

// sampleRow is one entry of a TruthFolder's index.json.
type sampleRow struct {
	File string   `json:"file"`
	Tags []string `json:"tags"`
	Lang string   `json:"lang"`
}

// ReadSamples reads the samples of dir as its TruthFolder describes them. Text files are of
// SetTexts, the others of SetPictures.
func ReadSamples(dir string) ([]Page, error) {
	truth := filepath.Join(dir, TruthFolder)
	data, err := os.ReadFile(filepath.Join(truth, "index.json"))
	if err != nil {
		return nil, fmt.Errorf("read index of samples: %w", err)
	}
	var rows []sampleRow
	if err := json.Unmarshal(data, &rows); err != nil {
		return nil, fmt.Errorf("read index of samples in %q: %w", dir, err)
	}
	pages := make([]Page, 0, len(rows))
	for _, r := range rows {
		text, err := os.ReadFile(filepath.Join(truth, filepath.FromSlash(r.File)+".txt"))
		if err != nil {
			return nil, fmt.Errorf("read truth of sample: %w", err)
		}
		p := Page{File: r.File, Set: SetPictures, Lang: r.Lang, Tags: r.Tags, Text: string(text)}
		if strings.HasSuffix(r.File, ".txt") {
			p.Set = SetTexts
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// eachRow calls do for every JSON object of r, one per line; blank lines are left out.
func eachRow[T any](r io.Reader, do func(T)) error {
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if strings.TrimSpace(string(line)) != "" {
			var row T
			if err := json.Unmarshal(line, &row); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
			do(row)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
