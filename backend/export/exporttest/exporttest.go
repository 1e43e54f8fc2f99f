// Package exporttest is the suite that every export.Exporter must pass: what the interface
// promises, said as tests. It knows no format; each brings a Reader for its own.
package exporttest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/view"
)

// Read is what a program that knows the format finds of a page.
type Read struct {
	Text    string
	Problem string // the message of its error; empty for a page that is done
}

// Reader reads back what an exporter has written.
type Reader func(out []byte) ([]Read, error)

// Run tests e. read must not share code with it.
func Run(t *testing.T, e export.Exporter, read Reader) {
	t.Run("can be found by its name", func(t *testing.T) { testByFormat(t, e) })
	t.Run("what is written is read back", func(t *testing.T) { testReadBack(t, e, read) })
	t.Run("bytes that are no text are replaced", func(t *testing.T) { testInvalidUTF8(t, e, read) })
	t.Run("an error of the pages is returned", func(t *testing.T) { testPagesError(t, e) })
	t.Run("an error of the file is returned", func(t *testing.T) { testWriterError(t, e) })
	t.Run("pages are not kept", func(t *testing.T) { testMemory(t, e) })
}

// Slice makes pages out of a list.
func Slice(pages ...view.Page) export.Pages {
	return func(yield func(view.Page, error) bool) {
		for _, p := range pages {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// Done returns a page of that text.
func Done(path, text string) view.Page {
	return view.Page{V: view.Version, Path: path, Page: 1, Kind: "image", Status: "done", Text: text, Attempt: 1}
}

// Failed returns a page that failed with that message.
func Failed(path, message string) view.Page {
	return view.Page{
		V: view.Version, Path: path, Page: 1, Status: "failed", Attempt: 1,
		Error: &view.Error{Code: "too_large", Message: message, Hint: "Make it smaller."},
	}
}

func testByFormat(t *testing.T, e export.Exporter) {
	found, err := export.ByFormat(e.Format())
	if err != nil {
		t.Fatal(err)
	}
	if found.Extension() != e.Extension() || len(e.Extension()) < 2 || e.Extension()[0] != '.' {
		t.Errorf("got extensions %q and %q, want the same, with a dot", found.Extension(), e.Extension())
	}
}

// texts are what pages may hold. Each is alone between two others in testReadBack.
var texts = []struct{ name, text string }{
	{"empty", ""},
	{"line", "hello"},
	{"blocks", "one\ntwo\n\nthree"},
	{"quotes and commas", `say "hi", 'twice', a;b`},
	{"formula", `=HYPERLINK("http://example.com","x")`},
	{"plus", "+1"},
	{"minus", "-1"},
	{"at", "@SUM(A1)"},
	{"tab", "\tcell"},
	{"Chinese", "墨池\n天气很好。"},
	{"outside the BMP", "𠮷野家 👨‍👩‍👧"},
	{"right to left", "\u202eabc\u202c שלום"},
	{"markup", `<img src=x onerror="alert(1)"> & </script>`},
	{"line separators", "a\u2028b\u2029c"},
	{"spaces at the ends", "  a  "},
	{"controls", "bell\x07 escape\x1b[31m delete\x7f"},
	{"backslash", `C:\new`},
}

func testReadBack(t *testing.T, e export.Exporter, read Reader) {
	var many []view.Page
	var want []Read
	for _, c := range texts {
		t.Run(c.name, func(t *testing.T) {
			wantRead(t, e, read, []view.Page{Done("a.png", c.text)}, []Read{{Text: c.text}})
		})
		many = append(many, Done(c.name+".png", c.text), Failed(c.name+".pdf", "too large: "+c.name))
		want = append(want, Read{Text: c.text}, Read{Problem: "too large: " + c.name})
	}
	t.Run("no pages", func(t *testing.T) { wantRead(t, e, read, nil, nil) })
	t.Run("one failed page", func(t *testing.T) {
		wantRead(t, e, read, []view.Page{Failed("a.png", "no picture")}, []Read{{Problem: "no picture"}})
	})
	t.Run("many pages in order", func(t *testing.T) { wantRead(t, e, read, many, want) })
	t.Run("names", func(t *testing.T) {
		for _, c := range texts {
			pages := []view.Page{Done(c.text, "first"), Done(c.text, "second")}
			wantRead(t, e, read, pages, []Read{{Text: "first"}, {Text: "second"}})
		}
	})
}

func wantRead(t *testing.T, e export.Exporter, read Reader, pages []view.Page, want []Read) {
	t.Helper()
	got, err := read(write(t, e, Slice(pages...)))
	if err != nil {
		t.Fatalf("read back: %v", err)
	}
	if d := cmp.Diff(want, got); d != "" && len(want)+len(got) > 0 {
		t.Errorf("read back (-written +read):\n%s", d)
	}
}

func write(t *testing.T, e export.Exporter, pages export.Pages) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := e.Write(&out, pages); err != nil {
		t.Fatalf("Write: %v", err)
	}
	return out.Bytes()
}

func testInvalidUTF8(t *testing.T, e export.Exporter, read Reader) {
	const broken, whole = "a\xffb", "a\uFFFDb"
	pages := []view.Page{Done(broken+".png", broken), Failed(broken+".pdf", "bad")}
	out := write(t, e, Slice(pages...))
	if !utf8.Valid(out) {
		t.Errorf("got bytes that are no UTF-8: %q", out)
	}
	wantRead(t, e, read, pages, []Read{{Text: whole}, {Problem: "bad"}})
}

func testPagesError(t *testing.T, e export.Exporter) {
	broken := errors.New("the history went away")
	asked := 0
	pages := func(yield func(view.Page, error) bool) {
		for asked = range 10 {
			var err error
			if asked == 3 {
				err = broken
			}
			if !yield(Done("a.png", "text"), err) {
				return
			}
		}
	}
	if err := e.Write(io.Discard, pages); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if asked != 3 {
		t.Errorf("got page %d asked for last, want none after the error, page 3", asked)
	}
}

// full is a file that takes so many bytes and no more.
type full struct{ left int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.left)
	f.left -= n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

// testWriterError lets the file fail at every byte.
func testWriterError(t *testing.T, e export.Exporter) {
	pages := Slice(Done("a.png", "first"), Failed("b.png", "bad"), Done("c.png", "third"))
	size := len(write(t, e, pages))
	for left := range size {
		if err := e.Write(&full{left: left}, pages); !errors.Is(err, errFull) {
			t.Fatalf("room for %d of %d bytes: got %v, want %v", left, size, err, errFull)
		}
	}
	if err := e.Write(&full{left: size}, pages); err != nil {
		t.Errorf("room for all: %v", err)
	}
}

// testMemory streams 10,000 pages of 4 KB, 40 MB in all, and looks at what is held.
func testMemory(t *testing.T, e export.Exporter) {
	const n, limit = 10_000, 8 << 20 // bytes
	text := bytes.Repeat([]byte("x"), 4096)
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := held()
	pages := func(yield func(view.Page, error) bool) {
		for i := range n {
			if i%2000 == 1999 {
				if now := held(); now > before+limit {
					t.Errorf("after %d pages: got %d bytes more held, want at most %d", i, now-before, limit)
				}
			}
			if !yield(Done(fmt.Sprintf("%d.png", i), string(text)), nil) {
				return
			}
		}
	}
	if err := e.Write(io.Discard, pages); err != nil {
		t.Error(err)
	}
}
