package score_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/score"
)

// referenceReport is what the evaluation data's own scorer prints with --json. Sets and tags
// are rounded to four decimals there.
type referenceReport struct {
	Pages, Missing int
	CER, Bag       float64
	Sets, Tags     map[string]struct {
		N        int
		CER, Bag float64
	}
}

// TestAgainstReference compares with score.py of the evaluation data, on its own truths and on
// texts made from them by mistakes of many kinds.
func TestAgainstReference(t *testing.T) {
	data := dataFolder(t)
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed: no comparison with score.py")
	}
	dir := t.TempDir()
	shortIndex(t, filepath.Join(data, "ocr"), dir)
	pages, err := score.ReadIndex(dir)
	if err != nil {
		t.Fatal(err)
	}
	guesses := mistakenTexts(t, pages)
	file := filepath.Join(dir, "guesses.jsonl")
	write(t, file, guesses)

	out, err := exec.Command(python, filepath.Join(data, "score.py"), dir, file, "--json").Output()
	if err != nil {
		t.Fatalf("score.py: %v", err)
	}
	var want referenceReport
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	compareReports(t, score.Evaluate(pages, predictions(t, guesses), nil), want)
}

func compareReports(t *testing.T, got score.Report, want referenceReport) {
	t.Helper()
	if got.Overall.Pages != want.Pages || got.Missing != want.Missing {
		t.Errorf("got %d pages, %d missing, want %d, %d", got.Overall.Pages, got.Missing, want.Pages, want.Missing)
	}
	if !near(got.Overall.CER, want.CER, 1e-9) || !near(got.Overall.Bag, want.Bag, 1e-9) {
		t.Errorf("overall: got CER %v, bag %v, want %v, %v", got.Overall.CER, got.Overall.Bag, want.CER, want.Bag)
	}
	if len(got.Sets) != len(want.Sets) || len(got.Tags) != len(want.Tags) {
		t.Errorf("got %d sets, %d tags, want %d, %d", len(got.Sets), len(got.Tags), len(want.Sets), len(want.Tags))
	}
	for _, g := range got.Sets {
		if w := want.Sets[g.Name]; g.Pages != w.N || !near(g.CER, w.CER, 1e-4) || !near(g.Bag, w.Bag, 1e-4) {
			t.Errorf("set %s: got %+v, want %+v", g.Name, g, w)
		}
	}
	for _, g := range got.Tags {
		if w := want.Tags[g.Name]; g.Pages != w.N || !near(g.CER, w.CER, 1e-4) || !near(g.Bag, w.Bag, 1e-4) {
			t.Errorf("tag %s: got %+v, want %+v", g.Name, g, w)
		}
	}
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

// dataFolder returns the folder of the evaluation data, and skips the test without it.
func dataFolder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("INKPOOL_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "score.py")); err != nil {
		t.Skipf("no evaluation data in %s: set INKPOOL_DATA to its folder", dir)
	}
	return dir
}

// shortIndex writes an index with those rows of the one in from that are short, because
// score.py takes many seconds for a dense page, and with one page beyond the limit from which
// it, too, compares no longer by edit distance.
func shortIndex(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(from, "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for line := range bytes.Lines(data) {
		var row struct{ Text string }
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		if len(row.Text) < 600 { // bytes
			out.Write(line)
		}
	}
	long := map[string]any{"image": "long.png", "set": "made", "text": strings.Repeat("Long page. 长页。\n", 500)}
	row, err := json.Marshal(long)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(append(row, '\n'))
	write(t, filepath.Join(to, "index.jsonl"), out.String())
}

// mistakenTexts are predictions for pages, each wrong in one of seven ways in turn.
func mistakenTexts(t *testing.T, pages []score.Page) string {
	t.Helper()
	mistakes := []func(string) string{
		func(s string) string { return s },
		func(string) string { return "" },
		strings.ToLower,
		func(s string) string { return strings.ReplaceAll(s, "o", "0") },
		func(s string) string { return s[:len(s)/2] }, // may cut a character in two
		func(s string) string { return s + s },
		func(s string) string {
			lines := strings.Split(s, "\n")
			slices.Reverse(lines)
			return strings.Join(lines, "\n")
		},
	}
	var out strings.Builder
	for i, p := range pages {
		if i%11 == 10 {
			continue // missing
		}
		text := strings.ToValidUTF8(mistakes[i%len(mistakes)](p.Text), "�")
		row, err := json.Marshal(map[string]string{"path": "some/folder/" + p.File, "text": text})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(row, '\n'))
	}
	return out.String()
}
