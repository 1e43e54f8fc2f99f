package score_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/score"
)

func TestNormalize(t *testing.T) {
	tests := []struct {
		name     string
		in       string
		caseless bool
		want     string
	}{
		{"full-width forms", "ＡＢＣ１２３：", false, "ABC123:"},
		{"ligature", "ﬁne", false, "fine"},
		{"white space of all kinds", "a b\tc\r\nd\u00a0e\u3000f\u2028g\u0085h\x1fi", false, "abcdefghi"},
		{"zero-width space is no white space", "a\u200bb", false, "a\u200bb"},
		{"composed", "e\u0301", false, "é"},
		{"case stays", "Straße", false, "Straße"},
		{"case folds", "Straße TOTAL", true, "strassetotal"},
	}
	for _, tt := range tests {
		if got := score.Normalize(tt.in, tt.caseless); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestLines(t *testing.T) {
	got := score.Lines(" To be\r\n\n \nＯＲ not\tto\n", true)
	want := []score.Line{
		{Chars: []rune("tobe"), Gaps: []bool{false, false, true, false}},
		{Chars: []rune("ornot"), Gaps: []bool{false, false, true, false, false}},
		{Chars: []rune("to"), Gaps: []bool{false, false}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines differ (-want +got):\n%s", diff)
	}
}
