package tokenize_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/tokenize"
)

const marianVocabulary = `{"</s>":0,"<unk>":1,"▁he":2,"llo":3,"▁world":4,"▁":5,"你好":6,"世":7,">>cmn_Hans<<":8,">>yue<<":9,"<pad>":10,"h":11}`

func parseMarian(t testing.TB) *tokenize.Marian {
	t.Helper()
	target := spm{pieces: []spmPiece{{"▁", -1, 0}, {"你好", -1, 0}, {"世", -2, 0}, {"</s>", 0, control}}}
	m, err := tokenize.ParseMarian(spm{pieces: english}.encode(), target.encode(), []byte(marianVocabulary))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMarianEncode(t *testing.T) {
	m := parseMarian(t)
	for _, tc := range []struct {
		name, text string
		want       []int
	}{
		{"a sentence", "hello world", []int{2, 3, 4, 0}},
		{"nothing", "", []int{0}},
		{"the target language is taken off", ">>cmn_Hans<< hello", []int{8, 2, 3, 0}},
		{"with no space behind it", ">>yue<<hello", []int{9, 2, 3, 0}},
		{"a language that the model does not have is text", ">>fr<<", []int{5, 1, 0}},
		{"one in the middle is text", "h>>yue<<", []int{5, 11, 1, 1, 1, 0}},
		{"pieces that the vocabulary lacks", "ab", []int{5, 1, 0}},
		{"unknown to the source, known to the target", "世", []int{5, 7, 0}},
		{"a run of them is looked up as one", "你好", []int{5, 6, 0}},
		{"and unknown as one", "世你好", []int{5, 1, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, m.Encode(tc.text)); diff != "" {
				t.Errorf("ids of %q (-want +got):\n%s", tc.text, diff)
			}
		})
	}
}

// TestMarianBytes: a source model that writes unknown characters as bytes.
func TestMarianBytes(t *testing.T) {
	source := spm{pieces: english, byteFallback: true}.encode()
	m, err := tokenize.ParseMarian(source, source, []byte(`{"</s>": 0, "<unk>": 1, "<pad>": 2, "▁": 3, "<0xC3>": 4, "é": 5}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Encode("é"), []int{3, 4, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMarianDecode(t *testing.T) {
	m := parseMarian(t)
	for _, tc := range []struct {
		name string
		ids  []int
		want string
	}{
		{"spaces come of ▁", []int{5, 6, 5, 7, 0}, "你好 世"},
		{"special ids go", []int{10, 8, 6, 1, 0, 10}, "你好"},
		{"pieces of the source only", []int{5, 6, 4}, "你好 world"},
		{"ids that there are not", []int{-1, 6, 99}, "你好"},
		{"nothing", nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := m.Decode(tc.ids); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestMarianVocabulary(t *testing.T) {
	m := parseMarian(t)
	if got, want := m.Languages(), []string{">>cmn_Hans<<", ">>yue<<"}; !slices.Equal(got, want) {
		t.Errorf("got languages %q, want %q", got, want)
	}
	if id, ok := m.ID("你好"); id != 6 || !ok || m.Piece(6) != "你好" || m.Piece(-1) != "" {
		t.Errorf("got id %d (%v) and piece %q", id, ok, m.Piece(6))
	}
	if got, want := [3]int{m.Size(), m.End(), m.Pad()}, [3]int{12, 0, 10}; got != want {
		t.Errorf("got size, end, pad %v, want %v", got, want)
	}
}

func TestParseMarianRefuses(t *testing.T) {
	good := spm{pieces: english}.encode()
	for name, files := range map[string][3][]byte{
		"source":        {[]byte("x"), good, []byte(marianVocabulary)},
		"target":        {good, []byte("x"), []byte(marianVocabulary)},
		"no json":       {good, good, []byte("version https://git-lfs.github.com/spec/v1")},
		"a list":        {good, good, []byte(`["</s>","<unk>","<pad>"]`)},
		"no padding":    {good, good, []byte(`{"</s>":0,"<unk>":1}`)},
		"negative":      {good, good, []byte(`{"</s>":0,"<unk>":-1,"<pad>":2}`)},
		"a huge number": {good, good, []byte(`{"</s>":0,"<unk>":1,"<pad>":2147483647}`)},
		"no number":     {good, good, []byte(`{"</s>":0,"<unk>":1.5,"<pad>":2}`)},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := tokenize.ParseMarian(files[0], files[1], files[2])
			if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt || m != nil {
				t.Errorf("got %v (%q), want %q", err, got, inkpool.CodeModelCorrupt)
			}
		})
	}
}
