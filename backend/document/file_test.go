package document_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
)

func TestOpenPicture(t *testing.T) {
	ctx := t.Context()
	f := openFile(t, jpegBytes(t, paint(upright()...)))
	w, h, err := f.Size(ctx, 0)
	if f.Format() != document.FormatJPEG || f.Pages() != 1 || w != 48 || h != 32 || err != nil {
		t.Errorf("got %s of %d pages, %d x %d, %v, want one page of 48 x 32", f.Format(), f.Pages(), w, h, err)
	}
	if text, err := f.Text(ctx, 0); err != nil || text.Layer.Trouble != pdf.NoText {
		t.Errorf("got text %+v, %v, want none", text, err)
	}
	im, err := f.Decode(ctx, 0)
	if err != nil || im.Width != w || im.Height != h {
		t.Errorf("got %v, want a picture of %d x %d", err, w, h)
	}
}

func TestOpenText(t *testing.T) {
	ctx := t.Context()
	text := strings.Repeat(strings.Repeat("A line of text.\n", 100)+"\n", 1000)
	f := openFile(t, []byte(text))
	if f.Kind() != inkpool.KindText || f.Pages() != 2 {
		t.Fatalf("got %d parts of kind %q, want 2 texts", f.Pages(), f.Kind())
	}
	joined := ""
	for page := range f.Pages() {
		part, err := f.Text(ctx, page)
		if err != nil {
			t.Fatal(err)
		}
		joined += part.Plain
	}
	if joined != text {
		t.Errorf("got %d bytes in all, want the %d of the text", len(joined), len(text))
	}
	_, err := f.Decode(ctx, 0)
	wantCode(t, err, inkpool.CodeUnsupportedFormat)
}

func TestOpenPDF(t *testing.T) {
	ctx := t.Context()
	r := pdf.NewReader(pdf.Options{CacheDir: filepath.Join(os.TempDir(), "inkpool-pdf-test")})
	defer r.Close()
	data := pdftest.Document{Password: "secret", Pages: []pdftest.Page{{}, {Rotate: 90, Content: pdftest.Text(50, 700, 12, "Hello")}}}.Bytes()
	o := document.Opener{PDF: r, Limits: document.Limits{MaxPixels: 1_000_000}}
	_, err := o.Open(ctx, data, nil)
	wantCode(t, err, inkpool.CodeEncrypted)
	_, err = document.Opener{}.Open(ctx, data, []string{"secret"})
	wantCode(t, err, inkpool.CodeUnsupportedFormat)
	f, err := o.Open(ctx, data, []string{"secret"})
	if err != nil || f.Pages() != 2 || f.Kind() != inkpool.KindImage {
		t.Fatalf("got %+v, %v, want two pages", f, err)
	}
	defer f.Close()
	w, h, err := f.Size(ctx, 1)
	if err != nil || w*h > 1_000_000 || w < h {
		t.Errorf("got %d x %d, %v, want a page on its side within the limit", w, h, err)
	}
	text, err := f.Text(ctx, 1)
	if err != nil || text.Layer.WidthPx != w || len(text.Layer.Lines) != 1 {
		t.Errorf("got %+v, %v, want a line on a page %d wide", text, err, w)
	}
	im, err := f.Decode(ctx, 1)
	if err != nil || im.Width != w || im.Height != h {
		t.Errorf("got %v, want a picture of %d x %d", err, w, h)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       inkpool.Code
	}{
		{"nothing", "", inkpool.CodeInvalid},
		{"an archive", "PK\x03\x04\x14\x00", inkpool.CodeUnsupportedFormat},
		{"a broken text", "Le caf\xe9 est tr\xe8s bon, \xe0 la fran\xe7aise", inkpool.CodeInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := document.Opener{}.Open(t.Context(), []byte(tt.data), nil)
			wantCode(t, err, tt.want)
		})
	}
}
