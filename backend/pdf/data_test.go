package pdf_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
	"github.com/inkpool/inkpool/backend/raster"
)

// document is a line of the index of real documents.
type document struct {
	File, Kind, Expect, Password string
	Pages                        *int
}

// documents reads the index, or skips the test.
func documents(t *testing.T) (dir string, list []document) {
	t.Helper()
	root := os.Getenv("INKPOOL_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir = filepath.Join(root, "pdf")
	f, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Skipf("no evaluation data in %s: set INKPOOL_DATA to its folder", dir)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d document
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		list = append(list, d)
	}
	if lines.Err() != nil || len(list) == 0 {
		t.Fatalf("got %d entries, %v, want some", len(list), lines.Err())
	}
	return dir, list
}

// perPage is what a page may take of one core, its text layer and its picture as people get
// them; the slowest takes 2.3 s. hang is when a page is given up, however busy the machine is.
const (
	perPage = 5 * time.Second
	hang    = time.Minute
)

// Every real document gets an answer: pages, or an error for people that fits what the index
// expects of it. Where a text layer is expected, that is what comes.
func TestEveryDocumentGetsAnAnswer(t *testing.T) {
	dir, list := documents(t)
	r := newReader(t, pdf.Options{})
	for _, in := range list {
		t.Run(in.File, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, in.File))
			if err != nil {
				t.Fatal(err)
			}
			limited, cancel := context.WithTimeout(ctx, hang)
			defer cancel()
			if in.Password != "" {
				_, err := r.Open(limited, data, nil)
				wantCode(t, err, inkpool.CodeEncrypted)
			}
			d, err := r.Open(limited, data, []string{in.Password})
			if err != nil {
				wantRefusal(t, in, err)
				return
			}
			defer d.Close()
			if in.Pages != nil && d.Pages() != *in.Pages {
				t.Errorf("got %d pages, want %d", d.Pages(), *in.Pages)
			}
			for page := range d.Pages() {
				checkPage(t, in, d, page)
			}
		})
	}
}

// checkPage reads the text of a page and renders it.
func checkPage(t *testing.T, in document, d *pdf.Document, page int) {
	t.Helper()
	pixels := 0
	if page > 1 {
		pixels = 500_000 // that all pages come is what counts
	}
	limited, cancel := context.WithTimeout(ctx, hang)
	defer cancel()
	began := pdftest.Computed(t)
	text, err := d.Text(limited, page, pixels)
	var im *raster.Image
	if err == nil {
		im, err = d.Render(limited, page, pixels)
	}
	if took := pdftest.Computed(t) - began; took > perPage {
		t.Errorf("page %d: took %v of a core, want at most %v", page, took, perPage)
	}
	if err != nil {
		wantRefusal(t, in, err)
		return
	}
	if text.WidthPx != im.Width || text.HeightPx != im.Height {
		t.Errorf("page %d: got text on %d x %d pixels, want %d x %d", page, text.WidthPx, text.HeightPx, im.Width, im.Height)
	}
	// Of the Arabic page the ligatures are mapped to Greek letters: nobody can use that.
	spoilt := strings.Contains(in.File, "habibi")
	if in.Kind == "born_digital" && page == 0 && (text.Trouble == pdf.NoTrouble) == spoilt {
		t.Errorf("got trouble %q, want the text layer: %v", text.Trouble, !spoilt)
	}
	if in.Expect == "OCR instead of the text layer" && text.Trouble == pdf.NoTrouble {
		t.Error("got no trouble, want some")
	}
}

// wantRefusal checks an error against what the index expects.
func wantRefusal(t *testing.T, in document, err error) {
	t.Helper()
	code := inkpool.CodeOf(err)
	if inkpool.AsError(err).Hint == "" {
		t.Errorf("got %v without a hint, want one", err)
	}
	switch {
	case strings.Contains(in.Expect, "clear error") && code == inkpool.CodeInvalid:
	case strings.Contains(in.Expect, "bounded memory") && (code == inkpool.CodeTooLarge || code == inkpool.CodeOutOfMemory):
	default:
		t.Errorf("got %v, want %s", err, in.Expect)
	}
}
