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

func TestEvaluate(t *testing.T) {
	pages := []score.Page{
		{File: "a/1.png", Set: "a", Tags: []string{"scan", "dense"}, Text: "abcd"},
		{File: "a/2.png", Set: "a", Tags: []string{"scan"}, Text: "abcd"},
		{File: "b/1.png", Set: "b", Text: "abcd"},
	}
	got := score.Evaluate(pages, predictions(t, `
		{"path":"/data/a/1.png","text":"abcd"}
		{"path":"/data/a/2.png","text":"abxd"}`))
	perfect, one, lost := score.Measure{}, score.Measure{CER: 1.0 / 4, Bag: 2.0 / 3}, score.Measure{CER: 1, Bag: 1}
	halfOne := score.Measure{CER: 1.0 / 8, Bag: 1.0 / 3}
	want := score.Report{
		Overall: score.Group{Name: "overall", Pages: 3, Measure: score.Measure{CER: 1.25 / 3, Bag: 5.0 / 9}},
		Missing: 1,
		Sets:    []score.Group{{Name: "a", Pages: 2, Measure: halfOne}, {Name: "b", Pages: 1, Measure: lost}},
		Tags:    []score.Group{{Name: "dense", Pages: 1, Measure: perfect}, {Name: "scan", Pages: 2, Measure: halfOne}},
		Worst: []score.PageScore{
			{File: "b/1.png", Measure: lost}, {File: "a/2.png", Measure: one}, {File: "a/1.png", Measure: perfect},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("report differs (-want +got):\n%s", diff)
	}
}

func TestEvaluateListsTheTwentyWorst(t *testing.T) {
	var pages []score.Page
	for i := range 25 {
		pages = append(pages, score.Page{File: fmt.Sprintf("%d.png", i), Text: "abcd"})
	}
	got := score.Evaluate(pages, predictions(t, `{"path":"7.png","text":"abcd"}`)).Worst
	if len(got) != 20 {
		t.Fatalf("got %d pages, want 20", len(got))
	}
	for _, p := range got {
		if p.File == "7.png" {
			t.Error("got the one perfect page among the worst twenty of twenty-five")
		}
	}
}

func TestEvaluateNothing(t *testing.T) {
	got := score.Evaluate(nil, predictions(t, ""))
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
