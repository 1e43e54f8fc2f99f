package pdf_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
	"github.com/inkpool/inkpool/backend/raster"
)

var ctx = context.Background()

func TestPixelSize(t *testing.T) {
	for _, tt := range []struct {
		name         string
		wide, high   float64 // points
		pixels       int
		wantW, wantH int
	}{
		{name: "A4 at 200 dpi", wide: 595.3, high: 841.9, wantW: 1654, wantH: 2339},
		{name: "receipt of 58 mm at 300 dpi", wide: 164, high: 600, wantW: 683, wantH: 2500},
		{name: "receipt of 80 mm, finer", wide: 227, high: 800, wantW: 827, wantH: 2915},
		{name: "stamp at 300 dpi", wide: 72, high: 72, wantW: 300, wantH: 300},
		{name: "A0 at 150 dpi", wide: 2384, high: 3370, wantW: 5046, wantH: 7134},
		{name: "200 inches", wide: 14400, high: 14400, wantW: 6000, wantH: 6000},
		{name: "little memory", wide: 595.3, high: 841.9, pixels: 1_000_000, wantW: 841, wantH: 1189},
		{name: "a hair", wide: 0.1, high: 5, wantW: 1, wantH: 21},
		{name: "a rope", wide: 10, high: 1e6, wantW: 1, wantH: 65535},
	} {
		w, h := pdf.PixelSize(tt.wide, tt.high, tt.pixels)
		if w != tt.wantW || h != tt.wantH {
			t.Errorf("%s: got %d x %d, want %d x %d", tt.name, w, h, tt.wantW, tt.wantH)
		}
	}
}

func TestOpenAndSize(t *testing.T) {
	d := open(t, newReader(t, pdf.Options{}), pdftest.Document{Pages: []pdftest.Page{
		{}, {Width: 300, Height: 200}, {Width: 300, Height: 200, Rotate: 90},
	}})
	if d.Pages() != 3 {
		t.Fatalf("got %d pages, want 3", d.Pages())
	}
	for page, want := range [][2]float64{{595, 842}, {300, 200}, {200, 300}} {
		w, h, err := d.Size(ctx, page)
		if err != nil || w != want[0] || h != want[1] {
			t.Errorf("page %d: got %g x %g, %v, want %v", page, w, h, err, want)
		}
	}
	for _, page := range []int{-1, 3} {
		_, _, err := d.Size(ctx, page)
		wantCode(t, err, inkpool.CodeInvalid)
		_, err = d.Render(ctx, page, 0)
		wantCode(t, err, inkpool.CodeInvalid)
	}
}

func TestOpenRefuses(t *testing.T) {
	r := newReader(t, pdf.Options{MaxPages: 3})
	good := pdftest.Document{Pages: make([]pdftest.Page, 4)}.Bytes()
	endless := bytes.ReplaceAll(good, []byte("/Count 4"), []byte("/Count 999999"))
	for _, tt := range []struct {
		name string
		data []byte
		want inkpool.Code
	}{
		{"nothing", nil, inkpool.CodeInvalid},
		{"a text", []byte("hello"), inkpool.CodeInvalid},
		{"a mark only", []byte("%PDF-1.7\n"), inkpool.CodeInvalid},
		{"no objects", []byte("%PDF-1.7\n" + strings.Repeat("x", 5000)), inkpool.CodeInvalid},
		{"too many pages", good, inkpool.CodeTooLarge},
		{"as many pages as it likes", endless, inkpool.CodeTooLarge},
	} {
		began := time.Now()
		_, err := r.Open(ctx, tt.data, nil)
		wantCode(t, err, tt.want)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: got %v, want an answer at once", tt.name, took)
		}
	}
}

func TestPassword(t *testing.T) {
	r := newReader(t, pdf.Options{})
	for name, cipher := range map[string]pdftest.Cipher{"RC4": pdftest.RC4, "AES": pdftest.AES} {
		t.Run(name, func(t *testing.T) {
			doc := pdftest.Document{Password: "secret", Cipher: cipher, Pages: []pdftest.Page{{Content: pdftest.Text(72, 700, 24, "Hello")}}}
			for _, wrong := range [][]string{nil, {"Secret"}, {"", "secret "}} {
				_, err := r.Open(ctx, doc.Bytes(), wrong)
				wantCode(t, err, inkpool.CodeEncrypted)
			}
			many := append(slices.Repeat([]string{"other"}, 150), "secret") // the last is what was typed last
			if d, err := r.Open(ctx, doc.Bytes(), many); err != nil {
				t.Errorf("the last of many passwords: got %v", err)
			} else {
				d.Close()
			}
			d, err := r.Open(ctx, doc.Bytes(), []string{"Secret", "secret", "other"})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			text, err := d.Text(ctx, 0, 0)
			if err != nil || len(text.Lines) != 1 || text.Lines[0].Text != "Hello" {
				t.Errorf("got %+v, %v, want Hello", text.Lines, err)
			}
		})
	}
}

// Fields that are filled in and notes on the page are part of what people see.
func TestRenderDrawsFieldsAndAnnotations(t *testing.T) {
	r := newReader(t, pdf.Options{})
	for name, object := range map[string]string{
		"field": "/Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Filled in) /DA (/Helv 12 Tf 0 g) /Rect [100 600 300 630] /F 4",
		"box":   "/Type /Annot /Subtype /Square /Rect [100 600 300 630] /C [1 0 0] /IC [0 0 1] /F 4",
	} {
		t.Run(name, func(t *testing.T) {
			im := render(t, open(t, r, pdftest.Document{Pages: []pdftest.Page{{Objects: []string{object}}}}))
			if got := ink(im); got.Right <= got.Left {
				t.Error("got a blank page, want the annotation")
			}
		})
	}
}

func TestRenderPicture(t *testing.T) {
	im := render(t, open(t, newReader(t, pdf.Options{}), pdftest.Document{Pages: []pdftest.Page{{
		Width: 720, Height: 720, Content: "360 0 0 360 0 360 cm /I Do", // the upper left quarter
		Image: &pdftest.Image{Width: 2, Height: 2, Pixels: []byte{0, 0, 0, 0}},
	}}}))
	if got := ink(im); got.Left != 0 || got.Top != 0 || got.Right < 999 || got.Right > 1001 || got.Bottom < 999 || got.Bottom > 1001 {
		t.Errorf("got black in %v, want it in 1000 x 1000 pixels at the upper left", got)
	}
}

// endless is a page that takes PDFium minutes.
var endless = pdftest.Page{Content: strings.Repeat("0 0 m 595 842 l 0 900 600 0 10 800 c B*\n", 200_000)}

// A page that takes too long is given up, and nothing of it stays behind.
func TestRenderStops(t *testing.T) {
	r := newReader(t, pdf.Options{Instances: 1})
	d := open(t, r, pdftest.Document{Pages: []pdftest.Page{endless, {Content: pdftest.Text(72, 700, 24, "Hello")}}})
	limited, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := d.Render(limited, 0, 0)
	if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 5*time.Second {
		t.Fatalf("got %v after %v, want a deadline that is kept", err, took)
	}
	if im, err := d.Render(ctx, 1, 0); err != nil || ink(im).Right == 0 {
		t.Errorf("got %v, want the page after it", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = d.Render(cancelled, 1, 0)
	wantCode(t, err, inkpool.CodeCancelled)
}

func TestMemoryLimit(t *testing.T) {
	r := newReader(t, pdf.Options{MemoryLimit: 48 << 20})
	d := open(t, r, pdftest.Document{Pages: []pdftest.Page{
		{Width: 14400, Height: 14400, Content: pdftest.Text(72, 700, 24, "Hello")}, {Content: pdftest.Text(72, 700, 24, "Hello")},
	}})
	_, err := d.Render(ctx, 0, 0)
	wantCode(t, err, inkpool.CodeOutOfMemory)
	if _, err := d.Render(ctx, 1, 0); err != nil {
		t.Errorf("the next page: got %v, want it", err)
	}
	if _, err := d.Render(ctx, 0, 4_000_000); err != nil {
		t.Errorf("the large page in fewer pixels: got %v, want it", err)
	}
}

// A small file that unpacks to much must not take more than a page may have.
func TestDeflateBomb(t *testing.T) {
	r := newReader(t, pdf.Options{MemoryLimit: 32 << 20})
	d := open(t, r, pdftest.Document{Pages: []pdftest.Page{{Content: strings.Repeat(" ", 40<<20), Deflate: true}, {}}})
	_, err := d.Render(ctx, 0, 0)
	wantCode(t, err, inkpool.CodeOutOfMemory)
	if _, err := d.Render(ctx, 1, 0); err != nil {
		t.Errorf("the next page: got %v, want it", err)
	}
}

func TestPictureLimit(t *testing.T) {
	d := open(t, newReader(t, pdf.Options{}), pdftest.Document{Pages: []pdftest.Page{{
		Content: "500 0 0 500 0 0 cm /I Do", Image: &pdftest.Image{Width: 1, Height: 1},
	}}})
	if _, err := d.Render(ctx, 0, 0); err != nil {
		t.Fatal(err)
	}
	data := pdftest.Document{Pages: []pdftest.Page{{Content: "500 0 0 500 0 0 cm /I Do", Image: &pdftest.Image{Width: 1, Height: 1}}}}.Bytes()
	data = bytes.ReplaceAll(data, []byte("/Width 1 /Height 1"), []byte("/Width 40000 /Height 40000"))
	huge, err := newReader(t, pdf.Options{}).Open(ctx, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = huge.Render(ctx, 0, 0)
	wantCode(t, err, inkpool.CodeTooLarge)
}

// Pages come out the same however many are worked on at once, in one document or several.
func TestRenderAtOnce(t *testing.T) {
	r := newReader(t, pdf.Options{Instances: 2})
	doc := pdftest.Document{Pages: []pdftest.Page{
		{Width: 200, Height: 200, Content: pdftest.Text(20, 100, 24, "One")},
		{Width: 200, Height: 200, Content: pdftest.Text(20, 100, 24, "Two")},
		{Width: 200, Height: 200, Content: pdftest.Text(20, 100, 24, "Three")},
	}}
	docs := []*pdf.Document{open(t, r, doc), open(t, r, doc)}
	var want [3]*raster.Image
	for page := range want {
		var err error
		if want[page], err = docs[0].Render(ctx, page, 0); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			got, err := docs[i%2].Render(ctx, i%3, 0)
			if err != nil || !bytes.Equal(got.Pix, want[i%3].Pix) {
				t.Errorf("page %d: got %v or other pixels, want those of the page alone", i%3, err)
			}
		})
	}
	wg.Wait()
}

func TestClosed(t *testing.T) {
	r := newReader(t, pdf.Options{})
	d := open(t, r, pdftest.Document{Pages: []pdftest.Page{{}}})
	d.Close()
	_, err := d.Render(ctx, 0, 0)
	wantCode(t, err, inkpool.CodeUnavailable)
	r.Close()
	_, err = r.Open(ctx, pdftest.Document{Pages: []pdftest.Page{{}}}.Bytes(), nil)
	wantCode(t, err, inkpool.CodeUnavailable)
}
