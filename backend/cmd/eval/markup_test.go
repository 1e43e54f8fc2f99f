package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/score"
)

// plain prints lines of runs as text with [wrong>other], {lost} and <space>.
func plain(lines [][]stretch) string {
	var b strings.Builder
	for _, line := range lines {
		for _, s := range line {
			switch s.Mark {
			case markRight:
				b.WriteString(s.Text)
			case markWrong:
				b.WriteString("[" + s.Text + ">" + s.Other + "]")
			case markLost:
				b.WriteString("{" + s.Text + "}")
			case markSpace:
				b.WriteString("<" + s.Text + ">")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestMarkUp(t *testing.T) {
	tests := []struct{ name, want, have, wantMarked, haveMarked string }{
		{"right", "to be", "to be", "to be\n", "to be\n"},
		{"wrong", "total 12", "tofel 12", "to[ta>fe]l 12\n", "to[fe>ta]l 12\n"},
		{"lost", "first\nother", "first", "first\n{other}\n", "first\n"},
		{"left out", "receipt", "reciptx", "rec{e}ipt\n", "recipt{x}\n"},
		{"moved", "first\nsecond", "secand\nfirst", "first\nsec[o>a]nd\n", "sec[a>o]nd\nfirst\n"},
		{"space missed", "to be", "tobe", "to< >be\n", "to<\u2423>be\n"},
		{"space too much", "tobe", "to be", "to<\u2423>be\n", "to< >be\n"},
		{"nothing read", "text", "", "{text}\n", ""},
	}
	for _, tt := range tests {
		want, have := markUp(score.Align(score.Lines(tt.want, false), score.Lines(tt.have, false)))
		if diff := cmp.Diff([]string{tt.wantMarked, tt.haveMarked}, []string{plain(want), plain(have)}); diff != "" {
			t.Errorf("%s: marks differ (-want +got):\n%s", tt.name, diff)
		}
	}
}
