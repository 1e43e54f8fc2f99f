package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"path/filepath"
	"time"

	"github.com/inkpool/inkpool/backend/score"
)

//go:embed report.html.tmpl
var reportTemplate string

// htmlReport is what the template shows. The first reader is the one that the report is about.
type htmlReport struct {
	Date        string
	Readers     []reading // of the first collection, for their versions
	Collections []htmlCollection
}

type htmlCollection struct {
	Name     string
	Folder   string
	Pages    int
	Readings []reading
	Tables   []table
	Worst    []htmlPage
}

// htmlPage is one of the pages that were read worst.
type htmlPage struct {
	score.PageScore
	Overlay    *overlay // nil if there is no picture
	Want, Have [][]stretch
	Best       *htmlPeer // nil without peers
}

// htmlPeer is how the best of the peers read a page.
type htmlPeer struct {
	Name string
	score.PageScore
	Have [][]stretch
}

// writeHTML writes the report into one file that needs nothing else. There is at least one
// result.
func writeHTML(ctx context.Context, file string, results []result) error {
	report := htmlReport{Date: time.Now().Format(time.DateOnly), Readers: results[0].Readings}
	for _, r := range results {
		report.Collections = append(report.Collections, newHTMLCollection(ctx, r))
	}
	var b bytes.Buffer
	if err := parseTemplate().Execute(&b, report); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return write(file, b.Bytes())
}

func parseTemplate() *template.Template {
	functions := template.FuncMap{
		"points":  func(v float64) string { return fmt.Sprintf("%.1f", 100*v) },
		"signed":  func(v float64) string { return fmt.Sprintf("%+.1f", 100*v) },
		"explain": explain,
	}
	return template.Must(template.New("report").Funcs(functions).Parse(reportTemplate))
}

func newHTMLCollection(ctx context.Context, r result) htmlCollection {
	h := htmlCollection{Name: r.Name, Folder: r.Folder, Pages: r.Pages, Readings: r.Readings}
	for _, k := range kinds() {
		h.Tables = append(h.Tables, newTable(k, r.Readings))
	}
	for _, p := range r.Readings[0].Report.Worst(worstListed) {
		h.Worst = append(h.Worst, newHTMLPage(ctx, p, r))
	}
	return h
}

func newHTMLPage(ctx context.Context, p score.PageScore, r result) htmlPage {
	truth := r.collection.page(p.File)
	h := htmlPage{PageScore: p}
	h.Want, h.Have = markUp(truth.Align(p.Text))
	read, _ := findPage(r.Readings[0].output, p.File)
	h.Overlay = drawOverlay(ctx, filepath.Join(r.Folder, filepath.FromSlash(p.File)), read)
	if best, name := bestPeer(r.Readings[1:], p.File); name != "" {
		h.Best = &htmlPeer{Name: name, PageScore: best}
		_, h.Best.Have = markUp(truth.Align(best.Text))
	}
	return h
}

// bestPeer is the reading of a page with the least CER, the first of equal ones.
func bestPeer(peers []reading, file string) (best score.PageScore, name string) {
	for _, r := range peers {
		for _, p := range r.Report.Pages {
			if p.File == file && (name == "" || p.CER < best.CER) {
				best, name = p, r.Name
			}
		}
	}
	return best, name
}

// explain says in a sentence what went wrong.
func explain(f score.Fault) string {
	words := map[string]string{
		score.FaultNothing:    "Nothing was read.",
		score.FaultOrder:      "Lines are in another order.",
		score.FaultMissed:     "Text was missed.",
		score.FaultExtra:      "Text was read that is not there.",
		score.FaultCharacters: "Characters were misread.",
		score.FaultSpaces:     "Spaces between words are wrong.",
		score.FaultDictionary: "The dictionary lacks characters.",
	}
	return words[f.Kind]
}
