package tokenize_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/tokenize"
)

// bert is a small BERT tokenizer: %s takes the normalizer's settings.
const bert = `{
	"truncation": {"max_length": 4, "strategy": "LongestFirst", "stride": 0},
	"padding": {"strategy": {"Fixed": 16}, "pad_id": 0},
	"added_tokens": [
		{"id": 0, "content": "[UNK]", "special": true},
		{"id": 1, "content": "[CLS]", "special": true},
		{"id": 2, "content": "[SEP]", "special": true},
		{"id": 3, "content": "[MASK]", "special": true, "lstrip": true}
	],
	"normalizer": {"type": "BertNormalizer" %s},
	"pre_tokenizer": {"type": "BertPreTokenizer"},
	"post_processor": {"type": "TemplateProcessing",
		"single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
		"pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
			{"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
		"special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]}, "[SEP]": {"id": "[SEP]", "ids": [2], "tokens": ["[SEP]"]}}},
	"decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
	"model": {"unk_token": "[UNK]", "max_input_chars_per_word": 10, "vocab": {
		"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "[MASK]": 3, "play": 4, "##ing": 5, "##er": 6, "the": 7, "中": 8, "国": 9, "!": 10, "uber": 11, "i": 12, "##̇": 13, "σας": 14, "σασ": 15, "##!": 16}}
}`

const lower = `, "lowercase": true`

func parse(t testing.TB, file string) *tokenize.Tokenizer {
	t.Helper()
	tokenizer, err := tokenize.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return tokenizer
}

// show writes tokens as pieces with what stands at their places in text.
func show(tokens []tokenize.Token, text string) string {
	var out []string
	for _, t := range tokens {
		out = append(out, fmt.Sprintf("%s=%s", t.Text, text[t.Start:t.End]))
	}
	return strings.Join(out, " ")
}

func TestWordPiece(t *testing.T) {
	uncased, cased := parse(t, fmt.Sprintf(bert, lower)), parse(t, fmt.Sprintf(bert, `, "lowercase": false`))
	for _, tc := range []struct {
		name      string
		tokenizer *tokenize.Tokenizer
		text      string
		want      string
	}{
		{"words and their rests", uncased, "Playing the player", "play=Play ##ing=ing the=the play=play ##er=er"},
		{"small letters count", cased, "Playing the", "[UNK]=Playing the=the"},
		{"accents go", uncased, "ÜBER über", "uber=ÜBER uber=über"},
		{"combining ones too", uncased, "u\u0308ber", "uber=u\u0308ber"},
		{"Chinese characters are words", uncased, "the中国!", "the=the 中=中 国=国 !=!"},
		{"control characters go", uncased, "p\u0000l\u200bay\ufffd", "play=p\u0000l\u200bay"},
		{"what is not assigned stays", uncased, "the\u0378", "[UNK]=the\u0378"},
		{"vertical tabs are no white space", uncased, "th\ve\tthe", "the=th\ve the=the"},
		{"a capital I with a dot", cased, "İ", "[UNK]=İ"},
		{"a sigma at the end", uncased, "ΣΑΣ", "σασ=ΣΑΣ"},
		{"long words are unknown", uncased, strings.Repeat("play", 3), "[UNK]=playplayplay"},
		{"by characters, not bytes", uncased, strings.Repeat("ä", 10), "[UNK]=ääääääääää"},
		{"no text", uncased, "th\xffe", "the=th\xffe"},
		{"nothing", uncased, " \t ", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := show(tc.tokenizer.Pieces(tc.text), tc.text); got != tc.want {
				t.Errorf("%q: got %q, want %q", tc.text, got, tc.want)
			}
		})
	}
}

func TestEncodeInTemplate(t *testing.T) {
	tokenizer := parse(t, fmt.Sprintf(bert, lower))
	cls, sep := tokenize.Token{ID: 1, Text: "[CLS]", Word: -1, Special: true}, tokenize.Token{ID: 2, Text: "[SEP]", Word: -1, Special: true}
	last := sep
	last.Type = 1
	first := []tokenize.Token{cls,
		{ID: 4, Text: "play", Start: 0, End: 4, Word: 0}, {ID: 5, Text: "##ing", Start: 4, End: 7, Word: 0},
		{ID: 3, Text: "[MASK]", Start: 7, End: 14, Word: -1, Special: true}, {ID: 10, Text: "!", Start: 14, End: 15, Word: 2}, sep}
	if diff := cmp.Diff(first, tokenizer.Encode("Playing [MASK]!")); diff != "" {
		t.Errorf("one text (-want +got):\n%s", diff)
	}
	both := append(first, tokenize.Token{ID: 7, Text: "the", Start: 1, End: 4, Word: 0, Type: 1}, last)
	if diff := cmp.Diff(both, tokenizer.EncodePair("Playing [MASK]!", " the")); diff != "" {
		t.Errorf("two texts (-want +got):\n%s", diff)
	}
}

func TestWordPieceDecode(t *testing.T) {
	tokenizer := parse(t, fmt.Sprintf(bert, lower))
	for _, text := range []string{"playing the player!", "the 中 国"} {
		var ids []int
		for _, token := range tokenizer.Encode(text) {
			ids = append(ids, token.ID)
		}
		if got := tokenizer.Decode(append(ids, -1, 99)); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
}

func TestTokenizerPieces(t *testing.T) {
	tokenizer := parse(t, fmt.Sprintf(bert, lower))
	if id, ok := tokenizer.ID("##ing"); id != 5 || !ok {
		t.Errorf("got id %d, %v, want 5", id, ok)
	}
	if _, ok := tokenizer.ID("gone"); ok {
		t.Error("got an id for a piece that there is not")
	}
	if got, want := [3]string{tokenizer.Piece(5), tokenizer.Piece(-1), tokenizer.Piece(99)}, [3]string{"##ing"}; got != want {
		t.Errorf("got pieces %q, want %q", got, want)
	}
	if got := tokenizer.Size(); got != 17 {
		t.Errorf("got size %d, want 17", got)
	}
}

func TestParseRefuses(t *testing.T) {
	with := func(old, new string) string {
		file := fmt.Sprintf(bert, lower)
		if !strings.Contains(file, old) {
			t.Fatalf("no %q in the file", old)
		}
		return strings.Replace(file, old, new, 1)
	}
	for name, tc := range map[string]struct {
		file string
		want inkpool.Code
	}{
		"nothing":             {"", inkpool.CodeModelCorrupt},
		"a list":              {"[]", inkpool.CodeModelCorrupt},
		"no model":            {"{}", inkpool.CodeModelCorrupt},
		"an unknown model":    {with(`"model": {`, `"model": {"type": "Magic",`), inkpool.CodeUnsupportedFormat},
		"normalizer":          {with("BertNormalizer", "Magic"), inkpool.CodeUnsupportedFormat},
		"pre-tokenizer":       {with("BertPreTokenizer", "Magic"), inkpool.CodeUnsupportedFormat},
		"post-processor":      {with("TemplateProcessing", "Magic"), inkpool.CodeUnsupportedFormat},
		"decoder":             {with(`"decoder": {"type": "WordPiece"`, `"decoder": {"type": "Magic"`), inkpool.CodeUnsupportedFormat},
		"a negative id":       {with(`"play": 4`, `"play": -4`), inkpool.CodeModelCorrupt},
		"a huge id":           {with(`"play": 4`, `"play": 4000000000`), inkpool.CodeModelCorrupt},
		"an id that is none":  {with(`"play": 4`, `"play": "4"`), inkpool.CodeModelCorrupt},
		"no unknown piece":    {with(`"[UNK]": 0,`, ``), inkpool.CodeModelCorrupt},
		"a token of a number": {with(`"content": "[UNK]"`, `"content": 5`), inkpool.CodeModelCorrupt},
		"template":            {with(`"special_tokens"`, `"other"`), inkpool.CodeModelCorrupt},
		"nesting": {with(`{"type": "BertPreTokenizer"}`,
			strings.Repeat(`{"type": "Sequence", "pretokenizers": [`, 50)+strings.Repeat(`]}`, 50)), inkpool.CodeModelCorrupt},
		"many parts": {with(`{"type": "BertPreTokenizer"}`,
			`{"type": "Sequence", "pretokenizers": [`+strings.Repeat(`{"type": "BertPreTokenizer"},`, 2000)+`null]}`), inkpool.CodeModelCorrupt},
		"an expression that is none": {with(`{"type": "BertPreTokenizer"}`,
			`{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated"}`), inkpool.CodeUnsupportedFormat},
		"an empty pattern": {with(`{"type": "BertPreTokenizer"}`,
			`{"type": "Split", "pattern": {}, "behavior": "Isolated"}`), inkpool.CodeModelCorrupt},
		"a behaviour": {with(`{"type": "BertPreTokenizer"}`,
			`{"type": "Split", "pattern": {"String": "a"}, "behavior": "Magic"}`), inkpool.CodeUnsupportedFormat},
		"a replacement of two": {with(`{"type": "BertPreTokenizer"}`, `{"type": "Metaspace", "replacement": "ab"}`), inkpool.CodeModelCorrupt},
		"a map that is none":   {with(`{"type": "BertNormalizer"`, `{"type": "Precompiled", "precompiled_charsmap": "!"`), inkpool.CodeModelCorrupt},
		"a map cut off":        {with(`{"type": "BertNormalizer"`, `{"type": "Precompiled", "precompiled_charsmap": "AAE="`), inkpool.CodeModelCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			tokenizer, err := tokenize.Parse([]byte(tc.file))
			if got := inkpool.CodeOf(err); got != tc.want || tokenizer != nil {
				t.Errorf("got %v (%q), want %q", err, got, tc.want)
			}
		})
	}
}
