package export_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/export/exporttest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

var update = flag.Bool("update", false, "renew the files in testdata")

func TestFormats(t *testing.T) {
	if d := cmp.Diff([]string{"text", "csv", "json", "jsonl"}, export.Formats()); d != "" {
		t.Errorf("formats (-want +got):\n%s", d)
	}
}

func TestByFormatUnknown(t *testing.T) {
	for _, name := range []string{"", "CSV", "docx"} {
		_, err := export.ByFormat(name)
		if got := inkpool.CodeOf(err); got != inkpool.CodeInvalid {
			t.Errorf("%q: got %q (%v), want %q", name, got, err, inkpool.CodeInvalid)
		}
		if hint := inkpool.AsError(err).Hint; !strings.Contains(hint, "text, csv, json, jsonl") {
			t.Errorf("%q: got hint %q, want it to list the formats", name, hint)
		}
	}
}

// sample is one page of everything.
func sample() export.Pages {
	page := exporttest.Done("scans/墨池.png", "墨池\n\n=1+1, \"x\"\n")
	page.Width, page.Height = 1280, 720
	page.Lines = []view.Line{{Text: "墨池", Score: 0.9876, Quad: [4][2]float64{{1, 2}, {30.5, 2}, {30.5, 9}, {1, 9}}}}
	page.Ms = &view.Timing{Total: 412, Wait: 3.1, Infer: 389.5}
	first, second := exporttest.Done("book.pdf", "page one"), exporttest.Failed("book.pdf", "the page is too large")
	second.Page = 2
	queued := view.Page{V: view.Version, Path: "new\nline.txt", Page: 1, Status: "queued"}
	formula := exporttest.Done("=cmd.txt", "@SUM(A1)")
	return exporttest.Slice(page, first, second, queued, formula, exporttest.Done("empty.png", ""))
}

// wantGolden compares what e writes of the sample with a file in testdata.
func wantGolden(t *testing.T, e export.Exporter) {
	t.Helper()
	var out bytes.Buffer
	if err := e.Write(&out, sample()); err != nil {
		t.Fatalf("Write: %v", err)
	}
	golden := filepath.Join("testdata", "sample"+e.Extension())
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), out.String()); d != "" {
		t.Errorf("%s (-want +got; -update renews it):\n%s", golden, d)
	}
}

// written returns what e writes of pages.
func written(t *testing.T, e export.Exporter, pages ...view.Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := e.Write(&out, exporttest.Slice(pages...)); err != nil {
		t.Fatalf("Write: %v", err)
	}
	return out.String()
}
