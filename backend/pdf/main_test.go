package pdf_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
	"github.com/inkpool/inkpool/backend/raster"
)

// newReader returns a Reader that ends with the test. Compiled code is shared with earlier
// runs: compiling takes seconds.
func newReader(t testing.TB, o pdf.Options) *pdf.Reader {
	t.Helper()
	o.CacheDir = filepath.Join(os.TempDir(), "inkpool-pdf-test")
	r := pdf.NewReader(o)
	t.Cleanup(r.Close)
	return r
}

// open opens a document that is sound.
func open(t testing.TB, r *pdf.Reader, doc pdftest.Document) *pdf.Document {
	t.Helper()
	d, err := r.Open(context.Background(), doc.Bytes(), []string{doc.Password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// render draws the first page.
func render(t *testing.T, d *pdf.Document) *raster.Image {
	t.Helper()
	im, err := d.Render(context.Background(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// ink returns the box around everything that is not nearly white; it is empty for a blank page.
func ink(im *raster.Image) pdf.Box {
	b := pdf.Box{Left: float64(im.Width), Top: float64(im.Height)}
	for y := range im.Height {
		for x := range im.Width {
			if c := im.At(x, y); min(c[0], c[1], c[2]) < 200 {
				b.Left, b.Right = min(b.Left, float64(x)), max(b.Right, float64(x+1))
				b.Top, b.Bottom = min(b.Top, float64(y)), max(b.Bottom, float64(y+1))
			}
		}
	}
	return b
}

func wantCode(t *testing.T, err error, want inkpool.Code) {
	t.Helper()
	if got := inkpool.CodeOf(err); got != want {
		t.Errorf("got %v (%q), want code %q", err, got, want)
	}
}
