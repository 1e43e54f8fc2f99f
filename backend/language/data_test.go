package language_test

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/language"
)

// TestParallelTexts holds the promise of docs/benchmarks.md on sentences of news and of
// everyday life, and on what is left of them after 20 characters.
func TestParallelTexts(t *testing.T) {
	dir := filepath.Join(cmp.Or(os.Getenv("INKPOOL_DATA"), filepath.Join("..", "..", "..", "shared", "data")), "parallel")
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if len(files) == 0 {
		t.Skipf("no evaluation data in %s: set INKPOOL_DATA to its folder", dir)
	}
	d := language.New(load(t))
	codes := map[string]string{"en": "en", "de": "de", "es": "es", "zh": "zh-Hans", "zh_Hant": "zh-Hant"}
	var whole, cut, all float64
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(data)) {
			var sentence map[string]any
			if err := json.Unmarshal([]byte(l), &sentence); err != nil {
				t.Fatal(err)
			}
			for name, want := range codes {
				text, ok := sentence[name].(string)
				if !ok {
					continue
				}
				all++
				if tell(t, d, text) == want {
					whole++
				}
				if tell(t, d, beginning(text, 20)) == want {
					cut++
				}
			}
		}
	}
	t.Logf("%.0f sentences: %.2f %% right, %.2f %% of their first 20 characters", all, 100*whole/all, 100*cut/all)
	if least := 0.99; whole/all < least {
		t.Errorf("sentences: got %.4f right, want %v", whole/all, least)
	}
	if least := 0.93; cut/all < least {
		t.Errorf("first 20 characters: got %.4f right, want %v", cut/all, least)
	}
}

func tell(t *testing.T, d *language.Detector, text string) string {
	t.Helper()
	got, err := d.Detect(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return got.Code
}

func beginning(text string, n int) string {
	letters := []rune(text)
	return string(letters[:min(n, len(letters))])
}
