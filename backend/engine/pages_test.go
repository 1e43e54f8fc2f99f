package engine_test

import (
	"encoding/binary"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
)

// written is a page with a sentence in its text layer.
func written(text string) pdftest.Page {
	return pdftest.Page{Content: pdftest.Text(72, 700, 12, text)}
}

// scanned is a page that shows a picture of a line of text, and has no text layer.
func scanned(t *testing.T, text string) pdftest.Page {
	t.Helper()
	im := drawn(t, 420, 100, text)
	return pdftest.Page{
		Width: 210, Height: 50, Content: "q 210 0 0 50 0 0 cm /I Do Q",
		Image: &pdftest.Image{Width: 420, Height: 100, Pixels: im.Pix},
	}
}

// greyTIFF is a file with a page for each picture, stored as it is.
func greyTIFF(pages ...*image.Gray) []byte {
	const entries = 9
	order := binary.LittleEndian
	out := []byte("II*\x00")
	for _, im := range pages {
		w, h := im.Bounds().Dx(), im.Bounds().Dy()
		pixels := len(out) + 4
		out = order.AppendUint32(out, uint32(pixels+len(im.Pix))) // where the directory is
		out = append(out, im.Pix...)
		out = order.AppendUint16(out, entries)
		for _, e := range [][2]int{{256, w}, {257, h}, {258, 8}, {259, 1}, {262, 1}, {273, pixels}, {277, 1}, {278, h}, {279, len(im.Pix)}} {
			out = order.AppendUint16(out, uint16(e[0]))
			out = order.AppendUint16(out, 4)
			out = order.AppendUint32(out, 1)
			out = order.AppendUint32(out, uint32(e[1]))
		}
	}
	return order.AppendUint32(out, 0)
}

// paths writes files and returns where they are, in the order of their names.
func paths(t *testing.T, contents ...[]byte) (list []string) {
	t.Helper()
	dir := t.TempDir()
	for i, data := range contents {
		path := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		list = append(list, path)
	}
	return list
}

func TestPages(t *testing.T) {
	e := openWith(t, nil, 2) // needs no models
	three := pdftest.Document{Pages: []pdftest.Page{{}, {}, {}}}
	locked := three
	locked.Password = "secret"
	small := image.NewGray(image.Rect(0, 0, 4, 4))
	long := strings.Repeat("A line of a long text.\n", 1<<16)
	list := append(paths(t, encoded(t, small), three.Bytes(), locked.Bytes(), greyTIFF(small, small), []byte(long), []byte("%PDF-1.7\n"), nil),
		filepath.Join(t.TempDir(), "gone"))
	counts, err := e.Pages(t.Context(), list, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range counts {
		code := inkpool.Code("")
		if c.Error != nil {
			code = c.Error.Code
		}
		got = append(got, strings.TrimSpace(fmt.Sprintf("%d %s", c.Pages, code)))
	}
	if d := cmp.Diff([]string{"1", "3", "0 encrypted", "2", "2", "0 invalid", "1", "0"}, got); d != "" {
		t.Errorf("pages (-want +got):\n%s", d)
	}
}

// The text layer is taken where it is sound, and what has none is recognised.
func TestProcessReadsPDF(t *testing.T) {
	e := open(t, 2)
	const typed, seen = "Harbour office, Pier 3", "Customs house"
	book := file(t, "book.pdf", pdftest.Document{Pages: []pdftest.Page{written(typed), scanned(t, seen), {}}}.Bytes())
	for page, want := range []string{typed, seen, ""} {
		book.Page = page + 1
		r, err := e.Process(t.Context(), book, nil)
		if err != nil || r.Kind != inkpool.KindImage || withoutSpaces(r.Text) != withoutSpaces(want) {
			t.Errorf("page %d: got %s %q, %v; want %q", book.Page, r.Kind, r.Text, err, want)
		}
		for _, l := range r.Lines {
			for _, p := range l.Quad {
				if p.X < 0 || p.Y < 0 || p.X > float64(r.WidthPx) || p.Y > float64(r.HeightPx) {
					t.Errorf("page %d: got a line at %v, want it within %d x %d", book.Page, l.Quad, r.WidthPx, r.HeightPx)
				}
			}
		}
		im := picture(t, e, book, 0, 10_000)
		if got := im.Bounds().Size(); got != image.Pt(r.WidthPx, r.HeightPx) {
			t.Errorf("page %d: got a picture of %v, want %d x %d as the lines are", book.Page, got, r.WidthPx, r.HeightPx)
		}
	}
	book.Page = 4
	_, err := e.Process(t.Context(), book, nil)
	if got := inkpool.CodeOf(err); got != inkpool.CodeInvalid {
		t.Errorf("page 4: got %q (%v), want %q", got, err, inkpool.CodeInvalid)
	}
}

// Pictures that lie on a side are read so, but the page stays as its own text stands, and so do
// the parts of it that are to be ignored.
func TestProcessIgnoresOnThePageAsItStands(t *testing.T) {
	const seen, copies = "Customs house", 4
	page := scanned(t, seen)
	page.Width, page.Height, page.Content = 600, 800, pdftest.Text(72, 700, 12, "Harbour office, Pier 3")
	for i := range copies {
		page.Content += fmt.Sprintf("q 0 210 -50 0 %d 100 cm /I Do Q\n", 130+110*i)
	}
	task := file(t, "mixed.pdf", pdftest.Document{Pages: []pdftest.Page{page}}.Bytes())
	task.Reading.Ignore = []inkpool.Region{{Right: 1, Bottom: 0.4}}
	r, err := open(t, 2).Process(t.Context(), task, nil)
	if err != nil || r.Rotation != 0 || strings.Count(withoutSpaces(r.Text), withoutSpaces(seen)) != copies || strings.Contains(r.Text, "Pier") {
		t.Errorf("got %q, turned by %d, %v; want %q %d times", r.Text, r.Rotation, err, seen, copies)
	}
}

// Where the text of a page comes from is chosen with its job.
func TestProcessSources(t *testing.T) {
	e := open(t, 2)
	const typed, seen = "Harbour office, Pier 3", "Customs house"
	both := scanned(t, seen)
	both.Content += pdftest.HiddenText(10, 20, 12, typed) // over the picture
	book := file(t, "book.pdf", pdftest.Document{Pages: []pdftest.Page{both}}.Bytes())
	photo := file(t, "photo.png", encoded(t, drawn(t, 420, 100, seen)))
	for _, tt := range []struct {
		name   string
		task   inkpool.Task
		source inkpool.TextSource
		want   string
	}{
		{"carried, whatever it is", book, inkpool.SourceCarried, typed},
		{"recognised, whatever is carried", book, inkpool.SourceImage, seen},
		{"a picture carries none", photo, inkpool.SourceCarried, ""},
		{"a picture", photo, inkpool.SourceImage, seen},
	} {
		tt.task.Reading.Source = tt.source
		r, err := e.Process(t.Context(), tt.task, nil)
		if err != nil || withoutSpaces(r.Text) != withoutSpaces(tt.want) || r.WidthPx == 0 || r.HeightPx == 0 {
			t.Errorf("%s: got %q on %d x %d pixels, %v; want %q", tt.name, r.Text, r.WidthPx, r.HeightPx, err, tt.want)
		}
	}
}

// Pictures of phones are read, unless that is switched off.
func TestProcessReadsPhotos(t *testing.T) {
	data, err := os.ReadFile("../heif/testdata/turned.heic")
	if err != nil {
		t.Fatal(err)
	}
	photo := file(t, "photo.heic", data)
	if r, err := open(t, 1).Process(t.Context(), photo, nil); err != nil || r.WidthPx != 48 || r.HeightPx != 32 {
		t.Errorf("got %d x %d pixels, %v; want 48 x 32", r.WidthPx, r.HeightPx, err)
	}
	off := engine.New(engine.Options{Settings: engine.Settings{Workers: 1, NoHEIF: true}})
	defer off.Close()
	_, err = off.Process(t.Context(), photo, nil)
	if got := inkpool.CodeOf(err); got != inkpool.CodeUnsupportedFormat {
		t.Errorf("switched off: got %q (%v), want %q", got, err, inkpool.CodeUnsupportedFormat)
	}
}

// A file that one job's password has opened stays locked for another.
func TestProcessKeepsSecretsApart(t *testing.T) {
	e := openWith(t, nil, 1)
	locked := file(t, "locked.pdf", pdftest.Document{Password: "secret", Pages: []pdftest.Page{written("Harbour"), written("office")}}.Bytes())
	locked.Page = 2
	for _, secrets := range [][]string{{"other", "secret"}, nil, {"secret"}, {"other"}} {
		locked.Secrets = secrets
		r, err := e.Process(t.Context(), locked, nil)
		want := inkpool.CodeEncrypted
		if slices.Contains(secrets, "secret") {
			want = ""
		}
		if got := inkpool.CodeOf(err); got != want || err == nil && r.Text != "office" {
			t.Errorf("with %q: got %q, %v, want %q", secrets, r.Text, err, want)
		}
	}
}

func TestProcessReadsPagesOfTIFF(t *testing.T) {
	e := open(t, 2)
	scan := file(t, "scan.tif", greyTIFF(drawn(t, 420, 100, "Harbour"), drawn(t, 430, 100, "Customs")))
	for page, want := range []string{"Harbour", "Customs"} {
		scan.Page = page + 1
		if r, err := e.Process(t.Context(), scan, nil); err != nil || r.Text != want || r.WidthPx != 420+10*page {
			t.Errorf("page %d: got %q of %d pixels, %v; want %q", scan.Page, r.Text, r.WidthPx, err, want)
		}
	}
}

// Whole files are read where they have one page, and never lose the others without a word.
func TestProcessWholeFiles(t *testing.T) {
	e := openWith(t, nil, 1)
	one := file(t, "one.pdf", pdftest.Document{Pages: []pdftest.Page{written("Harbour office")}}.Bytes())
	two := file(t, "two.pdf", pdftest.Document{Pages: []pdftest.Page{written("Harbour"), written("office")}}.Bytes())
	one.Page, two.Page = 0, 0
	if r, err := e.Process(t.Context(), one, nil); err != nil || r.Text != "Harbour office" {
		t.Errorf("got %q, %v; want the page", r.Text, err)
	}
	_, err := e.Process(t.Context(), two, nil)
	if got := inkpool.CodeOf(err); got != inkpool.CodeConflict {
		t.Errorf("got %q (%v), want %q", got, err, inkpool.CodeConflict)
	}
}

// All pages of a file that are read at once, again and again, are the same, and the file is
// opened once.
func TestProcessKeepsFilesOpen(t *testing.T) {
	e := openWith(t, nil, 2)
	var pages []pdftest.Page
	for i := range 20 {
		pages = append(pages, written(fmt.Sprintf("This is page number %d", i)))
	}
	book := file(t, "book.pdf", pdftest.Document{Pages: pages}.Bytes())
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			task := book
			task.Page = i%20 + 1
			r, err := e.Process(t.Context(), task, nil)
			if want := fmt.Sprintf("This is page number %d", i%20); err != nil || r.Text != want {
				t.Errorf("got %q, %v; want %q", r.Text, err, want)
			}
		})
	}
	wg.Wait()
	if got := engine.OpenFiles(e); got != 1 {
		t.Errorf("got %d open files, want the one for the next page", got)
	}
	engine.Idle(e)
	if got := engine.OpenFiles(e); got != 0 {
		t.Errorf("got %d open files, want none when there is nothing to do", got)
	}
	if r, err := e.Process(t.Context(), book, nil); err != nil || r.Text != "This is page number 0" {
		t.Errorf("afterwards: got %q, %v; want the first page", r.Text, err)
	}
}

// A file that is written anew is another one; few are kept, and pictures never.
func TestProcessOpensWhatChanged(t *testing.T) {
	e := openWith(t, nil, 1)
	book := file(t, "book.pdf", pdftest.Document{Pages: []pdftest.Page{written("Harbour"), {}}}.Bytes())
	for _, want := range []string{"Harbour", "Customs house"} {
		data := pdftest.Document{Pages: []pdftest.Page{written(want), {}}}.Bytes()
		if err := os.WriteFile(book.Path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if r, err := e.Process(t.Context(), book, nil); err != nil || r.Text != want {
			t.Errorf("got %q, %v; want %q", r.Text, err, want)
		}
	}
	for i := range 5 {
		data := pdftest.Document{Pages: []pdftest.Page{written(fmt.Sprint("Book number ", i)), {}}}.Bytes()
		if _, err := e.Process(t.Context(), file(t, "more.pdf", data), nil); err != nil {
			t.Error(err)
		}
	}
	picture(t, e, file(t, "a.png", encoded(t, image.NewGray(image.Rect(0, 0, 9, 9)))), 0, 9)
	if got, most := engine.OpenFiles(e), 2*e.InFlight(); got != most {
		t.Errorf("got %d open files, want %d", got, most)
	}
}
