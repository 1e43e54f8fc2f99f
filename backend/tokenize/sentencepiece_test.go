package tokenize_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/tokenize"
)

// english is a vocabulary in which "▁hello" is dearer than its parts.
var english = []spmPiece{
	{"▁", -3, 0}, {"▁he", -2, 0}, {"llo", -2, 0}, {"▁hello", -4.5, 0}, {"▁world", -1, 0},
	{"h", -5, 0}, {"e", -5, 0}, {"l", -5, 0}, {"o", -5, 0}, {"<s>", 0, control}, {"ab", -3, 0},
}

func parseSPM(t testing.TB, m spm) *tokenize.SentencePiece {
	t.Helper()
	model, err := tokenize.ParseSentencePiece(m.encode())
	if err != nil {
		t.Fatal(err)
	}
	return model
}

func TestSentencePieceEncode(t *testing.T) {
	bare := appendNumber(nil, 5, 0) // escape_whitespaces
	suffix := appendNumber(nil, 24, 1)
	bpe := []spmPiece{
		{"▁", -9, 0}, {"a", -9, 0}, {"b", -9, 0}, {"c", -9, 0},
		{"ab", -1, 0}, {"bc", -2, 0}, {"abc", -3, unused}, {"▁ab", -4, 0}, {"a▁", -5, 0}, {"<x>", 0, userDefined},
	}
	for _, tc := range []struct {
		name  string
		model spm
		text  string
		want  string // pieces, separated by spaces
	}{
		{"the likeliest path", spm{pieces: english}, "hello world", "▁he llo ▁world"},
		{"extra spaces are dropped", spm{pieces: english}, "  hello   world ", "▁he llo ▁world"},
		{"or kept", spm{pieces: english, keepSpaces: true}, " hello", "▁ ▁he llo"},
		{"no space before the text", spm{pieces: english, noDummyPrefix: true}, "hello", "h e llo"},
		{"nothing", spm{pieces: english}, "", ""},
		{"only spaces", spm{pieces: english}, "   ", ""},
		{"unknown characters fuse", spm{pieces: english}, "he xyz 漢字", "▁he ▁ xyz ▁ 漢字"},
		{"or become bytes", spm{pieces: english, byteFallback: true}, "é", "▁ <0xC3> <0xA9>"},
		{"a control piece in the text is text", spm{pieces: english}, "<s>", "▁ <s>"},
		{"what is no text", spm{pieces: english}, "h\xffe", "▁ h \uFFFD e"},
		{"the score of a piece of the user's counts for nothing", spm{pieces: append([]spmPiece{{"el", -90, userDefined}}, english...), noDummyPrefix: true}, "helo", "h el o"},
		{"an unused piece is no piece", spm{pieces: append([]spmPiece{{"▁h", -0.1, unused}}, english...)}, "he", "▁he"},
		{"spaces as they are", spm{pieces: append([]spmPiece{{" ", -1, 0}}, english...), extra: appendMessage(nil, 3, bare)}, "h  e ", "  h   e"},
		{"a space behind the text", spm{pieces: english, extra: appendMessage(nil, 2, suffix)}, "h e", "h ▁ e ▁"},
		{"pairs by their score", spm{bpe: true, pieces: bpe}, "bcab", "▁ bc ab"},
		{"the leftmost of equal ones", spm{bpe: true, pieces: append([]spmPiece{{"aa", -1, 0}}, bpe...)}, "caaa", "▁ c aa a"},
		{"an unused one is taken apart", spm{bpe: true, pieces: bpe}, "cabc", "▁ c ab c"},
		{"a piece of the user's takes no part", spm{bpe: true, pieces: bpe}, "a<x>b", "▁ a <x> b"},
		{"unknown characters fuse in pairs too", spm{bpe: true, pieces: bpe}, "ayzb", "▁ a yz b"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			model := parseSPM(t, tc.model)
			var got []string
			for _, token := range model.Encode(tc.text) {
				got = append(got, token.Text)
			}
			if got := strings.Join(got, " "); got != tc.want {
				t.Errorf("%q: got %q, want %q", tc.text, got, tc.want)
			}
		})
	}
}

func TestSentencePiecePlaces(t *testing.T) {
	model := parseSPM(t, spm{pieces: english, byteFallback: true})
	got := model.Encode(" hello  é世")
	world := func(piece string, start, end int) tokenize.Token {
		id, ok := model.ID(piece)
		if !ok {
			t.Fatalf("no piece %q", piece)
		}
		return tokenize.Token{ID: id, Text: piece, Start: start, End: end, Word: 1}
	}
	want := []tokenize.Token{
		{ID: 2, Text: "▁he", Start: 1, End: 3, Word: 0}, {ID: 3, Text: "llo", Start: 3, End: 6, Word: 0},
		world("▁", 6, 8), world("<0xC3>", 8, 8), world("<0xA9>", 8, 10),
		world("<0xE4>", 10, 10), world("<0xB8>", 10, 10), world("<0x96>", 10, 13),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

func TestSentencePieceDecode(t *testing.T) {
	for _, tc := range []struct {
		name   string
		model  spm
		pieces string
		want   string
	}{
		{"the first space goes", spm{pieces: english}, "▁he llo ▁world", "hello world"},
		{"all spaces before the text go", spm{pieces: english}, "▁ ▁he", "he"},
		{"only one where spaces are kept", spm{pieces: english, keepSpaces: true}, "▁ ▁he", " he"},
		{"what is not in the vocabulary stays", spm{pieces: english}, "▁he 漢字", "he漢字"},
		{"the unknown piece", spm{pieces: english}, "▁he <unk> llo", "he ⁇ llo"},
		{"control pieces go", spm{pieces: english}, "<s> ▁he <s>", "he"},
		{"bytes become characters", spm{pieces: english, byteFallback: true}, "▁he <0xC3> <0xA9> <0xFF> llo", "heé\uFFFDllo"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := parseSPM(t, tc.model).Decode(strings.Fields(tc.pieces)); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestParseSentencePieceRefuses(t *testing.T) {
	word := spm{pieces: english, extra: appendMessage(nil, 2, appendNumber(nil, 3, 3))}
	for name, tc := range map[string]struct {
		data []byte
		want inkpool.Code
	}{
		"nothing":            {nil, inkpool.CodeModelCorrupt},
		"a page":             {[]byte("<!DOCTYPE html><html></html>"), inkpool.CodeModelCorrupt},
		"the end missing":    {spm{pieces: english}.encode()[:40], inkpool.CodeModelCorrupt},
		"a piece twice":      {spm{pieces: append(english, english...)}.encode(), inkpool.CodeModelCorrupt},
		"an empty piece":     {spm{pieces: []spmPiece{{"", 0, 0}}}.encode(), inkpool.CodeModelCorrupt},
		"a long piece":       {spm{pieces: []spmPiece{{strings.Repeat("a", 5000), 0, 0}}}.encode(), inkpool.CodeModelCorrupt},
		"no text":            {spm{pieces: []spmPiece{{"\xff", 0, 0}}}.encode(), inkpool.CodeModelCorrupt},
		"no number":          {spm{pieces: []spmPiece{{"a", math.NaN(), 0}}}.encode(), inkpool.CodeModelCorrupt},
		"an infinite number": {spm{pieces: []spmPiece{{"a", math.Inf(-1), 0}}}.encode(), inkpool.CodeModelCorrupt},
		"two unknown pieces": {spm{pieces: []spmPiece{{"a", 0, unknown}}}.encode(), inkpool.CodeModelCorrupt},
		"no byte":            {spm{pieces: []spmPiece{{"<0x1g>", 0, byteKind}}}.encode(), inkpool.CodeModelCorrupt},
		"bytes missing":      {append(spm{pieces: english}.encode(), appendMessage(nil, 2, appendNumber(nil, 35, 1))...), inkpool.CodeModelCorrupt},
		"a map cut off":      {spm{pieces: english, charsmap: []byte{1}}.encode(), inkpool.CodeModelCorrupt},
		"a map too large":    {spm{pieces: english, charsmap: []byte{0xfc, 0xff, 0xff, 0xff, 0}}.encode(), inkpool.CodeModelCorrupt},
		"a model of words":   {word.encode(), inkpool.CodeUnsupportedFormat},
	} {
		t.Run(name, func(t *testing.T) {
			model, err := tokenize.ParseSentencePiece(tc.data)
			if got := inkpool.CodeOf(err); got != tc.want || model != nil {
				t.Errorf("got %v (%q) and model %v, want %q", err, got, model, tc.want)
			}
		})
	}
}
