package export_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/export/exporttest"
	"github.com/inkpool/inkpool/backend/view"
)

func TestJSON(t *testing.T) {
	exporttest.Run(t, export.JSON{}, func(out []byte) ([]exporttest.Read, error) {
		var pages []view.Page
		if err := json.Unmarshal(out, &pages); err != nil {
			return nil, err
		}
		var read []exporttest.Read
		for _, p := range pages {
			read = append(read, ofPage(p))
		}
		return read, nil
	})
	wantGolden(t, export.JSON{})
}

func ofPage(p view.Page) exporttest.Read {
	r := exporttest.Read{Text: p.Text}
	if p.Error != nil {
		r.Problem = p.Error.Message
	}
	return r
}

func TestJSONNoPages(t *testing.T) {
	if got, want := written(t, export.JSON{}), "[]\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestJSONLeavesMarkup(t *testing.T) {
	for _, e := range []export.Exporter{export.JSON{}, export.JSONL{}} {
		if got := written(t, e, exporttest.Done("a", "<b>&")); !strings.Contains(got, `"<b>&"`) {
			t.Errorf("%s: got %s, want the text as it is", e.Format(), got)
		}
	}
}

func TestJSONImpossibleNumber(t *testing.T) {
	page := exporttest.Done("a", "b")
	page.Lines = []view.Line{{Score: math.NaN()}}
	for _, e := range []export.Exporter{export.JSON{}, export.JSONL{}} {
		if err := e.Write(new(strings.Builder), exporttest.Slice(page)); err == nil {
			t.Errorf("%s: got no error for a score that is not a number", e.Format())
		}
	}
}
