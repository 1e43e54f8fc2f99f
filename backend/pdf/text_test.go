package pdf_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
)

// The quad of a line is around its letters as they are drawn, and begins where the text does,
// however the page is turned.
func TestTextIsWhereItIsDrawn(t *testing.T) {
	const slack = 20 // pixels, of letters of 83: boxes leave room above capitals and beside letters
	r := newReader(t, pdf.Options{})
	for _, rotate := range []int{0, 90, 180, 270} {
		t.Run(fmt.Sprint(rotate), func(t *testing.T) {
			d := open(t, r, pdftest.Document{Pages: []pdftest.Page{{Width: 400, Height: 300, Rotate: rotate, Content: pdftest.Text(50, 200, 30, "Hgpqy")}}})
			text, err := d.Text(ctx, 0, 0)
			if err != nil || len(text.Lines) != 1 || text.Trouble != pdf.NoTrouble {
				t.Fatalf("got %+v, %v, want one line", text, err)
			}
			im := render(t, d)
			if text.WidthPx != im.Width || text.HeightPx != im.Height {
				t.Errorf("got a page of %d x %d, want %d x %d", text.WidthPx, text.HeightPx, im.Width, im.Height)
			}
			drawn, q := ink(im), text.Lines[0].Quad
			corners := [4]inkpool.Point{{X: drawn.Left, Y: drawn.Top}, {X: drawn.Right, Y: drawn.Top}, {X: drawn.Right, Y: drawn.Bottom}, {X: drawn.Left, Y: drawn.Bottom}}
			for i, got := range q {
				want := corners[(i+rotate/90)%4]
				if max(got.X-want.X, want.X-got.X, got.Y-want.Y, want.Y-got.Y) > slack {
					t.Errorf("corner %d: got %.0f, want %.0f within %d pixels", i, got, want, slack)
				}
			}
		})
	}
}

func TestTextLines(t *testing.T) {
	content := pdftest.Text(50, 700, 12, "Two words") + pdftest.Text(50, 680, 12, "left") + pdftest.Text(300, 680, 12, "right") + pdftest.Text(50, 660, 12, "last")
	text, err := open(t, newReader(t, pdf.Options{}), pdftest.Document{Pages: []pdftest.Page{{Content: content}}}).Text(ctx, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range text.Lines {
		got = append(got, l.Text)
	}
	if diff := cmp.Diff([]string{"Two words", "left", "right", "last"}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// Results are stored as JSON, which has no infinity.
func TestTextFarAway(t *testing.T) {
	content := pdftest.Text(50, 700, 12, "here") + "q " + strings.Repeat("2000000000 0 0 2000000000 0 0 cm ", 5) + pdftest.Text(2e9, 2e9, 12, "far away") + " Q"
	text, err := open(t, newReader(t, pdf.Options{}), pdftest.Document{Pages: []pdftest.Page{{Content: content}}}).Text(ctx, 0, 0)
	if err != nil || len(text.Lines) != 1 || text.Lines[0].Text != "here" {
		t.Fatalf("got %+v, %v; want the line that is there", text.Lines, err)
	}
	if _, err := json.Marshal(text.Lines); err != nil {
		t.Errorf("got %v, want lines that can be written", err)
	}
}

// A control is a mark of what is not known, so that the text stays a text.
func TestTextHasNoControls(t *testing.T) {
	controls := characterMap(func(c byte) string {
		if c == '=' {
			return "001d"
		}
		return fmt.Sprintf("%04x", c)
	})
	page := pdftest.Page{Content: pdftest.Text(50, 700, 12, "about (= 10 ps)"), ToUnicode: controls}
	text, err := open(t, newReader(t, pdf.Options{}), pdftest.Document{Pages: []pdftest.Page{page}}).Text(ctx, 0, 0)
	if err != nil || len(text.Lines) != 1 || text.Lines[0].Text != "about (\ufffd 10 ps)" {
		t.Errorf("got %+v, %v, want a mark in place of the control", text.Lines, err)
	}
}

// characterMap maps the codes of a line's letters to others.
func characterMap(to func(c byte) string) string {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n1 begincodespacerange <00> <ff> endcodespacerange\n")
	for from := 32; from < 127; from += 95 {
		b.WriteString("95 beginbfchar\n")
		for c := from; c < from+95; c++ {
			fmt.Fprintf(&b, "<%02x> <%s>\n", c, to(byte(c)))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap end end\n")
	return b.String()
}

func TestTrouble(t *testing.T) {
	const words = "The quick brown fox jumps over the lazy dog"
	r := newReader(t, pdf.Options{})
	for _, tt := range []struct {
		name string
		page pdftest.Page
		want pdf.Trouble
	}{
		{"written text", pdftest.Page{Content: pdftest.Text(50, 700, 12, words)}, pdf.NoTrouble},
		{"nothing", pdftest.Page{}, pdf.NoText},
		{"a page number", pdftest.Page{Content: pdftest.Text(300, 20, 12, "7")}, pdf.NoText},
		{"private characters", pdftest.Page{Content: pdftest.Text(50, 700, 12, words),
			ToUnicode: characterMap(func(c byte) string { return fmt.Sprintf("e0%02x", c) })}, pdf.Unmapped},
		{"bytes exchanged", pdftest.Page{Content: pdftest.Text(50, 700, 12, words),
			ToUnicode: characterMap(func(c byte) string { return fmt.Sprintf("%02x00", c) })}, pdf.Swapped},
		{"beside the page", pdftest.Page{Content: pdftest.Text(50, 2000, 12, words)}, pdf.OutsidePage},
		{"recognised well", pdftest.Page{Content: pdftest.HiddenText(50, 700, 12, words)}, pdf.NoTrouble},
		{"recognised badly", pdftest.Page{Content: pdftest.HiddenText(50, 700, 12, "~^|=+<>$ T`e |~^ qu+<k ~=|> br^~n ^^|")}, pdf.Nonsense},
		{"recognised in crumbs", pdftest.Page{Content: pdftest.HiddenText(50, 700, 12, "T h e q u i c k b r o w n fox")}, pdf.Crumbled},
		{"visible symbols", pdftest.Page{Content: pdftest.Text(50, 700, 12, "a + b = c < d ~ e | f ^ 2")}, pdf.NoTrouble},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, err := open(t, r, pdftest.Document{Pages: []pdftest.Page{tt.page}}).Text(ctx, 0, 0)
			if err != nil || text.Trouble != tt.want {
				t.Errorf("got %q, %v, want %q; lines %v", text.Trouble, err, tt.want, text.Lines)
			}
		})
	}
}

// A picture with text on it, as in a scan that was recognised, is read already; others are to
// be recognised, unless they are as small as a logo.
func TestTextTellsUnreadPictures(t *testing.T) {
	r := newReader(t, pdf.Options{})
	im := &pdftest.Image{Width: 4, Height: 4}
	var full strings.Builder
	for y := 780; y > 50; y -= 16 {
		full.WriteString(pdftest.HiddenText(50, float64(y), 12, strings.Repeat("recognised ", 7)))
	}
	for _, tt := range []struct {
		name, content string
		want          int
	}{
		{"no picture", pdftest.Text(50, 700, 12, "Some words"), 0},
		{"logo", "30 0 0 30 0 0 cm /I Do", 0},
		{"scan with a stamp", "q 595 0 0 842 0 0 cm /I Do Q\n" + pdftest.Text(50, 20, 8, "Downloaded from"), 1},
		{"recognised scan", "q 595 0 0 842 0 0 cm /I Do Q\n" + full.String(), 0},
	} {
		text, err := open(t, r, pdftest.Document{Pages: []pdftest.Page{{Content: tt.content, Image: im}}}).Text(ctx, 0, 0)
		if err != nil || len(text.Pictures) != tt.want {
			t.Errorf("%s: got %v, %v, want %d", tt.name, text.Pictures, err, tt.want)
		}
	}
}
