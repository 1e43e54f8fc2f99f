package pdf_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
)

func TestTextSources(t *testing.T) {
	sound, broken := pdf.Text{}, pdf.Text{Trouble: pdf.Unmapped}
	withPicture := pdf.Text{Pictures: []pdf.Box{{Right: 10, Bottom: 10}}}
	for _, tt := range []struct {
		source           inkpool.TextSource
		text             pdf.Text
		layer, recognise bool
	}{
		{inkpool.SourceMixed, sound, true, false},
		{"", sound, true, false},
		{inkpool.SourceMixed, withPicture, true, true},
		{inkpool.SourceMixed, broken, false, true},
		{inkpool.SourceImage, sound, false, true},
		{inkpool.SourceCarried, broken, true, false},
		{inkpool.SourceCarried, withPicture, true, false},
	} {
		if layer, recognise := tt.text.Sources(tt.source); layer != tt.layer || recognise != tt.recognise {
			t.Errorf("%q, trouble %q: got %v, %v, want %v, %v", tt.source, tt.text.Trouble, layer, recognise, tt.layer, tt.recognise)
		}
	}
}

// lineAt is a line of 100 x 20 pixels.
func lineAt(text string, x, y float64) inkpool.Line {
	return inkpool.Line{Text: text, Quad: inkpool.Quad{{X: x, Y: y}, {X: x + 100, Y: y}, {X: x + 100, Y: y + 20}, {X: x, Y: y + 20}}}
}

func TestCombine(t *testing.T) {
	layer := pdf.Text{
		Lines:    []inkpool.Line{lineAt("written", 0, 0), lineAt("caption", 0, 210)},
		Pictures: []pdf.Box{{Left: 0, Top: 100, Right: 300, Bottom: 300}},
	}
	got := pdf.Combine(layer, []inkpool.Line{lineAt("wrltten", 0, 0), lineAt("in the picture", 20, 150), lineAt("captlon", 2, 212), lineAt("elsewhere", 0, 500)})
	var texts []string
	for _, l := range got {
		texts = append(texts, l.Text)
	}
	if diff := cmp.Diff([]string{"written", "caption", "in the picture"}, texts); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
