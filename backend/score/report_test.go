package score_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inkpool/inkpool/backend/score"
)

func predictions(t *testing.T, jsonl string) *score.Predictions {
	t.Helper()
	p, err := score.ReadPredictions(strings.NewReader(jsonl))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// escape makes a text fit for a JSON string.
func escape(s string) string { return strings.ReplaceAll(s, "\n", `\n`) }

func TestEvaluate(t *testing.T) {
	pages := []score.Page{
		{File: "a/1.png", Set: "a", Lang: "en", Tags: []string{"scan", "dense"}, Text: "abcd"},
		{File: "a/2.png", Set: "a", Lang: "zh", Tags: []string{"scan"}, Text: "abcd"},
		{File: "b/1.png", Set: "b", Text: "abcd"},
	}
	got := score.Evaluate(pages, predictions(t, `
		{"path":"/data/a/1.png","text":"abcd"}
		{"path":"/data/a/2.png","text":"abxd"}`), nil)
	perfect := score.Measure{Recall: 1, Precision: 1}
	one := score.Measure{CER: 1.0 / 4, Sorted: 1.0 / 4, Spaced: 1.0 / 4, Bag: 2.0 / 3, Recall: 1, Precision: 1}
	lost := score.Measure{CER: 1, Sorted: 1, Spaced: 1, Bag: 1}
	halfOne := score.Measure{CER: 1.0 / 8, Sorted: 1.0 / 8, Spaced: 1.0 / 8, Bag: 1.0 / 3, Recall: 1, Precision: 1}
	all := score.Measure{CER: 1.25 / 3, Sorted: 1.25 / 3, Spaced: 1.25 / 3, Bag: 5.0 / 9, Recall: 2.0 / 3, Precision: 2.0 / 3}
	want := score.Report{
		Overall: score.Group{Name: "overall", Pages: 3, Measure: all},
		Missing: 1,
		Sets:    []score.Group{{Name: "a", Pages: 2, Measure: halfOne}, {Name: "b", Pages: 1, Measure: lost}},
		Tags:    []score.Group{{Name: "dense", Pages: 1, Measure: perfect}, {Name: "scan", Pages: 2, Measure: halfOne}},
		Langs:   []score.Group{{Name: "en", Pages: 1, Measure: perfect}, {Name: "zh", Pages: 1, Measure: one}},
		Pages: []score.PageScore{
			{File: "a/1.png", Set: "a", Lang: "en", Tags: []string{"scan", "dense"}, Measure: perfect, Text: "abcd"},
			{
				File: "a/2.png", Set: "a", Lang: "zh", Tags: []string{"scan"}, Measure: one, Text: "abxd",
				Faults: []score.Fault{{Kind: score.FaultCharacters, Share: 1.0 / 4}},
			},
			{File: "b/1.png", Set: "b", Missing: true, Measure: lost, Faults: []score.Fault{{Kind: score.FaultNothing, Share: 1}}},
		},
	}
	options := []cmp.Option{cmpopts.EquateApprox(0, 1e-12), cmpopts.IgnoreUnexported(score.Group{}), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Errorf("report differs (-want +got):\n%s", diff)
	}
}

func TestEvaluatePartialPagesHaveNoPrecision(t *testing.T) {
	pages := []score.Page{
		{File: "1.png", Set: "a", Text: "abcd", Partial: true},
		{File: "2.png", Set: "a", Text: "abcd"},
	}
	got := score.Evaluate(pages, predictions(t, `
		{"path":"1.png","text":"abcd"}
		{"path":"2.png","text":"abcd\nwxyz"}`), nil)
	if got.Overall.Precision != 0.5 || got.Sets[0].Precision != 0.5 {
		t.Errorf("got precision %v, want 0.5: of the page whose whole text is known", got.Overall.Precision)
	}
}

func TestEvaluateCountsWhatIsReadFromBlankPages(t *testing.T) {
	pages := []score.Page{{File: "1.png", Text: " \n"}, {File: "2.png"}, {File: "3.png", Text: "a"}}
	got := score.Evaluate(pages, predictions(t, `
		{"path":"1.png","text":"I l"}
		{"path":"2.png","text":""}
		{"path":"3.png","text":"a"}`), nil)
	want := score.BlankPages{Pages: 2, Characters: 2, Files: []string{"1.png"}}
	if diff := cmp.Diff(want, got.Blank); diff != "" {
		t.Errorf("blank pages differ (-want +got):\n%s", diff)
	}
	if got.Overall.Pages != 1 || len(got.Pages) != 1 {
		t.Errorf("got %d pages in the means and %d scores, want the one with text", got.Overall.Pages, len(got.Pages))
	}
}

func TestWorst(t *testing.T) {
	var pages []score.Page
	for i := range 25 {
		pages = append(pages, score.Page{File: fmt.Sprintf("%d.png", i), Text: "abcd"})
	}
	r := score.Evaluate(pages, predictions(t, `
		{"path":"7.png","text":"abcd"}
		{"path":"8.png","text":"abxd"}`), nil)
	if got := r.Worst(20); len(got) != 20 || got[0].CER != 1 {
		t.Errorf("got %d pages, want 20, none better than the others", len(got))
	}
	got := r.Worst(100)
	if len(got) != 24 || got[23].File != "8.png" {
		t.Errorf("got %d pages, want all but the perfect one, the best of them last", len(got))
	}
}

func TestEvaluateNothing(t *testing.T) {
	got := score.Evaluate(nil, predictions(t, ""), nil)
	if got.Overall.Pages != 0 || math.IsNaN(got.Overall.CER) {
		t.Errorf("got %+v, want no pages and an error of 0", got.Overall)
	}
}

func TestPredictionsFind(t *testing.T) {
	p := predictions(t, `
		{"path":"C:\\data\\set\\1.png","text":"one"}
		{"path":"other/xset/2.tif","text":"not this"}
		{"path":"set/2.tif","page":1,"text":"first"}
		{"path":"set/2.tif","page":2,"text":"second"}
		{"path":"set/3.png","status":"failed","text":"","error":{"code":"invalid"}}`)
	tests := []struct {
		file, text string
		ok         bool
	}{
		{"set/1.png", "one", true},
		{"set/2.tif", "first\nsecond", true},
		{"set/3.png", "", true},
		{"set/4.png", "", false},
		{"png", "", false},
	}
	for _, tt := range tests {
		if text, ok := p.Text(tt.file); text != tt.text || ok != tt.ok {
			t.Errorf("%s: got %q, %v, want %q, %v", tt.file, text, ok, tt.text, tt.ok)
		}
	}
	for file, want := range map[string]bool{"set/3.png": true, "set/4.png": false} {
		if got := p.Covers([]score.Page{{File: file}}); got != want {
			t.Errorf("covers %s: got %v, want %v", file, got, want)
		}
	}
}

func TestReadPredictionsNamesTheBrokenLine(t *testing.T) {
	_, err := score.ReadPredictions(strings.NewReader("{\"path\":\"a\"}\n\nnonsense\n"))
	if err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("got %v, want an error that names line 3", err)
	}
}
