package export_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/export/exporttest"
	"github.com/inkpool/inkpool/backend/view"
)

func TestJSONL(t *testing.T) {
	exporttest.Run(t, export.JSONL{}, func(out []byte) ([]exporttest.Read, error) {
		var read []exporttest.Read
		for line := range bytes.Lines(out) {
			var p view.Page
			if err := json.Unmarshal(line, &p); err != nil {
				return nil, err
			}
			read = append(read, ofPage(p))
		}
		return read, nil
	})
	wantGolden(t, export.JSONL{})
}

// TestJSONLWritesAlong checks that a page is written before the next one is asked for.
func TestJSONLWritesAlong(t *testing.T) {
	var out bytes.Buffer
	pages := func(yield func(view.Page, error) bool) {
		for i := range 3 {
			if got := bytes.Count(out.Bytes(), []byte("\n")); got != i {
				t.Errorf("before page %d: got %d lines written, want %d", i, got, i)
			}
			if !yield(exporttest.Done("a", "b"), nil) {
				return
			}
		}
	}
	if err := (export.JSONL{}).Write(&out, pages); err != nil {
		t.Fatal(err)
	}
}
