package pdf_test

import (
	"context"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
)

// Whatever the bytes are, the answer is pages or an error for people, in bounded time and
// memory, and the Reader goes on.
func FuzzPDF(f *testing.F) {
	page := pdftest.Page{
		Width: 200, Height: 100, Content: pdftest.Text(20, 50, 12, "Hello") + "50 0 0 50 0 0 cm /I Do",
		Image:   &pdftest.Image{Width: 2, Height: 2},
		Objects: []string{"/Type /Annot /Subtype /Square /Rect [1 1 30 20] /C [1 0 0]"},
	}
	f.Add(pdftest.Document{Pages: []pdftest.Page{page}}.Bytes())
	f.Add(pdftest.Document{Pages: []pdftest.Page{page, page}, Password: "a", Cipher: pdftest.AES}.Bytes())
	r := newReader(f, pdf.Options{Instances: 1, MemoryLimit: 64 << 20})
	f.Fuzz(func(t *testing.T, data []byte) {
		const most, slow = time.Second, 4 * time.Second
		began := time.Now()
		limited, cancel := context.WithTimeout(context.Background(), most)
		defer cancel()
		d, err := r.Open(limited, data, []string{"a"})
		if err == nil {
			defer d.Close()
			_, err = d.Render(limited, 0, 100_000)
		}
		if err == nil {
			_, err = d.Text(limited, 0, 100_000)
		}
		if inkpool.CodeOf(err) == inkpool.CodeInternal {
			t.Errorf("got %v, want pages or an error that says what is wrong with the document", err)
		}
		if took := time.Since(began); took > slow {
			t.Errorf("took %v, want at most %v", took, slow)
		}
	})
}
