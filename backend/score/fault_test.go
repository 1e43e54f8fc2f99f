package score_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inkpool/inkpool/backend/score"
)

func TestFaults(t *testing.T) {
	known := score.NewDictionary("abcdefghijklmnopqrstuvwxyz\n。ＡＢＣ")
	tests := []struct {
		name string
		page score.Page
		got  string
		want []score.Fault
	}{
		{"perfect", score.Page{Text: "perfect"}, "perfect", nil},
		{"nothing", score.Page{Text: "some text"}, " ", []score.Fault{{Kind: score.FaultNothing, Share: 1}}},
		{"order", score.Page{Text: "first\nsecond\n"}, "second\nfirst", []score.Fault{{Kind: score.FaultOrder, Share: 10.0 / 11}}},
		{"missed", score.Page{Text: "first\nsecond"}, "first", []score.Fault{{Kind: score.FaultMissed, Share: 6.0 / 11, Detail: "1 of 2 lines"}}},
		{"extra", score.Page{Text: "first"}, "first\nxx", []score.Fault{{Kind: score.FaultExtra, Share: 2.0 / 5, Detail: "1 of 2 lines"}}},
		{"extra, but partial", score.Page{Text: "first", Partial: true}, "first\nxx", nil},
		{"characters", score.Page{Text: "first"}, "fixst", []score.Fault{{Kind: score.FaultCharacters, Share: 1.0 / 5}}},
		{"spaces", score.Page{Text: "to be or not"}, "tobeornot", []score.Fault{{Kind: score.FaultSpaces, Share: 3.0 / 9}}},
		{"spaces of misread words", score.Page{Text: "to be or not"}, "tq beor not", []score.Fault{
			{Kind: score.FaultCharacters, Share: 1.0 / 9}, {Kind: score.FaultSpaces, Share: 1.0 / 9},
		}},
		{"spaces not known", score.Page{Text: "tobe", Unspaced: true}, "to be", nil},
		{"dictionary", score.Page{Text: "straßeß。"}, "strasses。", []score.Fault{
			{Kind: score.FaultCharacters, Share: 3.0 / 8},
			{Kind: score.FaultDictionary, Share: 2.0 / 8, Detail: "ß"},
		}},
	}
	for _, tt := range tests {
		tt.page.File = "p.png"
		row := `{"path":"p.png","text":"` + escape(tt.got) + `"}`
		got := score.Evaluate([]score.Page{tt.page}, predictions(t, row), known).Pages[0].Faults
		if diff := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-12), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: faults differ (-want +got):\n%s", tt.name, diff)
		}
	}
}
