package score_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/score"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestReadIndex(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "index.jsonl"), `
{"image":"s/1.jpg","set":"sroie","lang":"en","tags":["scan"],"lines":[{"text":"TOTAL","box":[1,2]},{"text":"9.00"}]}
{"image":"s/2.jpg","set":"wire","text":"text wins","lines":[{"text":"over lines"}],"note":"Partial: recall only"}
{"image":"s/3.jpg","set":"boxes","text":"x","note":"no text ground truth: boxes only, for detection"}
{"image":"s/4.jpg","set":"boxes","text":"x","tags":["boxes only"]}
{"image":"s/5.jpg","set":"blank","text":" \n"}
{"image":"s/6.jpg","set":"wire","text":"nospaces","note":"the truth has no spaces inside a line"}
`)
	got, err := score.ReadIndex(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []score.Page{
		{File: "s/1.jpg", Set: "sroie", Lang: "en", Tags: []string{"scan"}, Text: "TOTAL\n9.00", Caseless: true},
		{File: "s/2.jpg", Set: "wire", Text: "text wins", Partial: true},
		{File: "s/5.jpg", Set: "blank", Text: " \n"},
		{File: "s/6.jpg", Set: "wire", Text: "nospaces", Unspaced: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages differ (-want +got):\n%s", diff)
	}
}

func TestReadSamples(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".truth", "index.json"), `[
		{"file": "page.png", "tags": ["clean"], "lang": "zh"},
		{"file": "note.txt", "tags": ["clean"], "lang": "en"}]`)
	write(t, filepath.Join(dir, ".truth", "page.png.txt"), "一页")
	write(t, filepath.Join(dir, ".truth", "note.txt.txt"), "a note")
	got, err := score.ReadSamples(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []score.Page{
		{File: "page.png", Set: "pictures", Lang: "zh", Tags: []string{"clean"}, Text: "一页"},
		{File: "note.txt", Set: "texts", Lang: "en", Tags: []string{"clean"}, Text: "a note"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages differ (-want +got):\n%s", diff)
	}
}

func TestReadingWhatIsNotThere(t *testing.T) {
	dir := t.TempDir()
	if _, err := score.ReadIndex(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("index: got %v, want a file that does not exist", err)
	}
	write(t, filepath.Join(dir, ".truth", "index.json"), `[{"file": "page.png"}]`)
	if _, err := score.ReadSamples(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("truth: got %v, want a file that does not exist", err)
	}
}
