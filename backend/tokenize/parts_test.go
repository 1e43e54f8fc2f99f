package tokenize_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/tokenize"
)

// letters is a vocabulary of single letters and a few words, as pairs.
const letters = `{"<unk>": 0, "a": 1, "b": 2, "c": 3, "▁": 4, "ab": 5, "abc": 6, "▁a": 7, "ca": 8, "<0x41>": 9, "Ġ": 10, "Ġa": 11, "1": 12, "-": 13, "b</w>": 14, "ab</w>": 15,
	"â": 16, "ĳ": 17, "ÿ": 18, "<0xe4>": 19}`

// tokenizer puts together a file of a model and other parts.
func tokenizer(model string, parts ...string) string {
	return "{" + strings.Join(append(parts, `"model": {`+model+`}`), ", ") + "}"
}

// pairsOf is a model of pairs, of the letters, with settings.
func pairsOf(settings string) string {
	return `"vocab": ` + letters + `, "merges": ["a b", "ab c", "▁ a", "Ġ a"], "unk_token": "<unk>"` + settings
}

const (
	unigramModel = `"unk_id": 0, "vocab": [["<unk>", 0], ["▁", -3], ["a", -1], ["b", -1], ["ab", -1.5], ["▁a", -1], ["<0xC3>", 0], ["<0xA9>", 0]]`
	wordModel    = `"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "a": 1, "b": 2, "12": 3, "ab": 4, "-": 5, "a-": 6, "-b": 7, "--": 8, "i̇": 9, "é": 10, "A": 11, "e": 12}`

	meta = `"pre_tokenizer": {"type": "Metaspace", "replacement": "▁"%s}`
)

// partCase is a small tokenizer and what it makes of a text.
type partCase struct {
	name string
	file string
	text string
	want string // piece=place, separated by spaces
}

func partCases() []partCase {
	words := func(preTokenizer string) string { return tokenizer(wordModel, `"pre_tokenizer": `+preTokenizer) }
	normal := func(normalizer string) string { return tokenizer(wordModel, `"normalizer": `+normalizer) }
	split := func(behaviour string) string {
		return words(`{"type": "Split", "pattern": {"String": "-"}, "behavior": "` + behaviour + `"}`)
	}
	added := func(model, settings string) string {
		return tokenizer(model, `"added_tokens": [{"id": 77, "content": "ab"`+settings+`}]`)
	}
	return []partCase{
		{"merges as strings, and no type", tokenizer(pairsOf("")), "abcab", "abc=abc ab=ab"},
		{"merges as pairs", tokenizer(strings.Replace(pairsOf(""), `["a b", "ab c", "▁ a", "Ġ a"]`, `[["a", "b"]]`, 1)), "abc", "ab=ab c=c"},
		{"unknown characters by themselves", tokenizer(pairsOf("")), "xya", "<unk>=x <unk>=y a=a"},
		{"or fused", tokenizer(pairsOf(`, "fuse_unk": true`)), "xya", "<unk>=xy a=a"},
		{"or as bytes, where there are all", tokenizer(pairsOf(`, "byte_fallback": true`)), "AéA", "<0x41>=A <unk>=é <0x41>=A"},
		{"words that merges do not lead to", tokenizer(pairsOf("")), "ca", "c=c a=a"},
		{"but that the vocabulary has", tokenizer(pairsOf(`, "ignore_merges": true`)), "ca", "ca=ca"},
		{"ends of words", tokenizer(`"vocab": ` + letters + `, "merges": ["a b</w>"], "end_of_word_suffix": "</w>"`), "ab", "ab</w>=ab"},
		{"no type and a list", tokenizer(unigramModel), "ab", "ab=ab"},
		{"a run of unknown characters", tokenizer(unigramModel), "axyb", "a=a xy=xy b=b"},
		{"bytes at the place of the run", tokenizer(unigramModel + `, "byte_fallback": true`), "aé", "a=a <0xC3>=é <0xA9>=é"},

		{"a space before the text", tokenizer(unigramModel, fmt.Sprintf(meta, "")), "a a", "▁a=a ▁a= a"},
		{"as older files say", tokenizer(unigramModel, fmt.Sprintf(meta, `, "add_prefix_space": true`)), "a", "▁a=a"},
		{"or do not", tokenizer(unigramModel, fmt.Sprintf(meta, `, "add_prefix_space": false`)), "a a", "a=a ▁a= a"},
		{"never", tokenizer(unigramModel, fmt.Sprintf(meta, `, "prepend_scheme": "never"`)), "a", "a=a"},
		{"at the beginning only", tokenizer(unigramModel, fmt.Sprintf(meta, `, "prepend_scheme": "first"`), `"added_tokens": [{"content": "|"}]`), "a|a", "▁a=a |=| a=a"},
		{"which is there already", tokenizer(unigramModel, fmt.Sprintf(meta, "")), " a", "▁a= a"},

		{"matches go", split("Removed"), "a--b", "a=a b=b"},
		{"matches stay", split("Isolated"), "a-b", "a=a -=- b=b"},
		{"matches stay together", split("Contiguous"), "a--b", "a=a --=-- b=b"},
		{"matches join what is before", split("MergedWithPrevious"), "a--b", "a-=a- -=- b=b"},
		{"matches join what is behind", split("MergedWithNext"), "a--b", "a=a -=- -b=-b"},
		{"digits together", words(`{"type": "Digits", "individual_digits": false}`), "a12b", "a=a 12=12 b=b"},
		{"digits alone", words(`{"type": "Digits", "individual_digits": true}`), "a12", "a=a ?=1 ?=2"},
		{"words and signs", words(`{"type": "Whitespace"}`), "ab --", "ab=ab --=--"},
		{"at a character", words(`{"type": "CharDelimiterSplit", "delimiter": "+"}`), "a+b", "a=a b=b"},
		{"looking ahead", words(`{"type": "Split", "pattern": {"Regex": "a(?=b)"}, "behavior": "Isolated"}`), "aab", "a=a a=a b=b"},
		{"signs that Unicode 8 has not", words(`{"type": "BertPreTokenizer"}`), "a\u061Da \u166Da", "?=a\u061Da ?=\u166D a=a"},
		{"a character of three", words(`{"type": "CharDelimiterSplit", "delimiter": "、"}`), "a、b", "a=a b=b"},
		{"between characters", words(`{"type": "Split", "pattern": {"Regex": "(?=b)"}, "behavior": "Isolated"}`), "ab", "a=a b=b"},

		{"an I with a dot", normal(`{"type": "Lowercase"}`), "İ", "i̇=İ"},
		{"composed, at the place of the first", normal(`{"type": "NFC"}`), "e\u0301", "é=e"},
		{"compatible", normal(`{"type": "NFKC"}`), "Ａ", "A=Ａ"},
		{"compatible since Unicode 12", normal(`{"type": "NFKC"}`), "㋿", "?=㋿"},
		{"Hangul", tokenizer(`"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "한": 1}`, `"normalizer": {"type": "NFC"}`), "ᄒ\u1161ᆫ", "한=ᄒ"},
		{"Hangul taken apart", tokenizer(`"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "한": 1}`, `"normalizer": {"type": "NFD"}`), "한", "한=한"},
		{"marks in their order", tokenizer(`"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "e\u0323\u0302": 1}`, `"normalizer": {"type": "NFD"}`), "e\u0302\u0323", "e\u0323\u0302=e\u0302\u0323"},
		{"a wide tilde, nothing known of a map", normal(`{"type": "Precompiled"}`), "～", "?=～"},
		{"without marks", normal(`{"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}]}`), "é", "e=é"},
		{"without white space", normal(`{"type": "Strip"}`), "\u3000ab ", "ab=ab"},
		{"nothing known of a map", normal(`{"type": "Precompiled", "precompiled_charsmap": null}`), "\u0001Ａ", "A=Ａ"},
		{"replaced", normal(`{"type": "Replace", "pattern": {"Regex": "x+"}, "content": "b"}`), "axx", "ab=axx"},

		{"an added token", added(wordModel, ""), "aabb", "a=a ab=ab b=b"},
		{"not in a word", added(wordModel, `, "single_word": true`), "aab-ab", "?=aab- ab=ab"},
		{"with white space before it", added(wordModel, `, "lstrip": true`), "a \t ab", "a=a ab= \t ab"},
		{"and behind", added(wordModel, `, "rstrip": true`), "ab  a", "ab=ab   a=a"},
		{"in the normalised text", tokenizer(wordModel, `"normalizer": {"type": "Lowercase"}`, `"added_tokens": [{"content": "AB", "normalized": true}]`), "aAb", "a=a AB=Ab"},
		{"in the text itself", tokenizer(wordModel, `"normalizer": {"type": "Lowercase"}`, `"added_tokens": [{"content": "AB"}]`), "ABab", "AB=AB ab=ab"},
		{"the longest", tokenizer(wordModel, `"added_tokens": [{"content": "<"}, {"content": "<<"}]`), "<<<", "<<=<< <=<"},
	}
}

func TestParts(t *testing.T) {
	for _, tc := range partCases() {
		t.Run(tc.name, func(t *testing.T) {
			if got := show(parse(t, tc.file).Pieces(tc.text), tc.text); got != tc.want {
				t.Errorf("%q: got %q, want %q", tc.text, got, tc.want)
			}
		})
	}
}

func TestDecoders(t *testing.T) {
	for _, tc := range []struct {
		name, decoder string
		ids           []int
		want          string
	}{
		{"none", `null`, []int{1, 2}, "a b"},
		{"bytes as characters", `{"type": "ByteLevel"}`, []int{11, 10, 1}, " a a"},
		{"spaces", `{"type": "Metaspace", "replacement": "▁"}`, []int{7, 7}, "a a"},
		{"all spaces", `{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never"}`, []int{7, 7}, " a a"},
		{"ends of words", `{"type": "BPEDecoder", "suffix": "</w>"}`, []int{15, 14}, "ab b"},
		{"bytes that are no text", `{"type": "ByteLevel"}`, []int{16, 17, 18, 1, 16}, "\uFFFD\uFFFDa\uFFFD"},
		{"pieces of bytes that are no text", `{"type": "ByteFallback"}`, []int{19, 19, 9}, "\uFFFD\uFFFD\uFFFD"},
		{"bytes", `{"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]}`, []int{1, 9, 9}, "aAA"},
		{"the first only", `{"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}`, []int{7, 7}, "a a"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := parse(t, tokenizer(pairsOf(""), `"decoder": `+tc.decoder))
			if got := m.Decode(tc.ids); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTemplates(t *testing.T) {
	byLevel := `"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": true}`
	roberta := `"post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 91], "cls": ["<s>", 90]%s}`
	const a, b = "a a", "a"
	for _, tc := range []struct {
		name string
		file string
		want string // id@segment:start-end
	}{
		{"none", tokenizer(pairsOf("")), "1@0:0-1 0@0:1-2 1@0:2-3 1@1:0-1"},
		{"BERT's", tokenizer(wordModel, `"pre_tokenizer": {"type": "WhitespaceSplit"}`, `"post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 91], "cls": ["[CLS]", 90]}`),
			"90@0:0-0 1@0:0-1 1@0:2-3 91@0:0-0 1@1:0-1 91@1:0-0"},
		{"RoBERTa's, with places trimmed", tokenizer(pairsOf(""), byLevel, fmt.Sprintf(roberta, "")),
			"90@0:0-0 11@0:0-1 11@0:2-3 91@0:0-0 91@0:0-0 11@0:0-1 91@0:0-0"},
		{"or as they are", tokenizer(pairsOf(""), byLevel, fmt.Sprintf(roberta, `, "trim_offsets": false`)),
			"90@0:0-0 11@0:0-1 11@0:1-3 91@0:0-0 91@0:0-0 11@0:0-1 91@0:0-0"},
		{"trimmed and a template", tokenizer(pairsOf(""), byLevel, `"post_processor": {"type": "Sequence", "processors": [{"type": "ByteLevel"},
			{"type": "TemplateProcessing", "single": [], "pair": [{"Sequence": {"id": "B", "type_id": 0}}, {"SpecialToken": {"id": "x", "type_id": 1}}, {"Sequence": {"id": "A", "type_id": 1}}],
			"special_tokens": {"x": {"id": "x", "ids": [5, 6], "tokens": ["y", "z"]}}}]}`),
			"11@0:0-1 5@1:0-0 6@1:0-0 11@1:0-1 11@1:2-3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, token := range parse(t, tc.file).EncodePair(a, b) {
				got = append(got, fmt.Sprintf("%d@%d:%d-%d", token.ID, token.Type, token.Start, token.End))
			}
			if got := strings.Join(got, " "); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestCharsmapModes: of "e" and "e with an accent", C++ takes what fits longest, and Rust what
// fits shortest, for the whole grapheme.
func TestCharsmapModes(t *testing.T) {
	pieces := func(c codec) string {
		var out strings.Builder
		for _, token := range c.encode("cafe\u0301") {
			out.WriteString(token.Text)
		}
		return out.String()
	}
	if got, want := pieces(openCodec(t, "unigram.spm")), "▁café"; got != want {
		t.Errorf("SentencePiece: got %q, want %q", got, want)
	}
	if got, want := pieces(openCodec(t, "t5.json")), "▁cafe</s>"; got != want {
		t.Errorf("tokenizer.json: got %q, want %q", got, want)
	}
}

func TestParseModelRefuses(t *testing.T) {
	unigram := func(vocab string) string { return tokenizer(`"type": "Unigram", ` + vocab) }
	templates := `"post_processor": {"type": "Sequence", "processors": [{"type": "BertProcessing", "sep": ["a", 1], "cls": ["a", 1]}, {"type": "BertProcessing", "sep": ["a", 1], "cls": ["a", 1]}]}`
	for name, tc := range map[string]struct {
		file string
		want inkpool.Code
	}{
		"no pieces":                    {unigram(`"vocab": []`), inkpool.CodeModelCorrupt},
		"a score that is none":         {unigram(`"vocab": [["a", "b"]]`), inkpool.CodeModelCorrupt},
		"a score beyond all":           {unigram(`"vocab": [["a", 1e999]]`), inkpool.CodeModelCorrupt},
		"a piece that is none":         {unigram(`"vocab": [[1, 1]]`), inkpool.CodeModelCorrupt},
		"a piece alone":                {unigram(`"vocab": [["a"]]`), inkpool.CodeModelCorrupt},
		"a vocabulary that is none":    {unigram(`"vocab": 5`), inkpool.CodeModelCorrupt},
		"an unknown piece beyond":      {unigram(`"unk_id": 1, "vocab": [["a", 1]]`), inkpool.CodeModelCorrupt},
		"an unknown piece before":      {unigram(`"unk_id": -1, "vocab": [["a", 1]]`), inkpool.CodeModelCorrupt},
		"merges of other pieces":       {tokenizer(`"vocab": {"a": 0}, "merges": ["a b"]`), inkpool.CodeModelCorrupt},
		"merges of one":                {tokenizer(`"vocab": {"a": 0}, "merges": ["a"]`), inkpool.CodeModelCorrupt},
		"merges of three":              {tokenizer(`"vocab": {"a": 0}, "merges": ["a a a"]`), inkpool.CodeModelCorrupt},
		"merges that are none":         {tokenizer(`"vocab": {"a": 0}, "merges": 5`), inkpool.CodeModelCorrupt},
		"words, none of them unknown":  {tokenizer(`"type": "WordLevel", "vocab": {"a": 0}`), inkpool.CodeModelCorrupt},
		"two templates":                {tokenizer(wordModel, templates), inkpool.CodeUnsupportedFormat},
		"a template of nothing":        {tokenizer(wordModel, `"post_processor": {"type": "TemplateProcessing", "single": [{}]}`), inkpool.CodeModelCorrupt},
		"a template of many":           {tokenizer(wordModel, `"post_processor": {"type": "TemplateProcessing", "single": [`+strings.Repeat(`{"Sequence": {"id": "A"}},`, 99)+`{}]}`), inkpool.CodeModelCorrupt},
		"a part that is none":          {tokenizer(wordModel, `"normalizer": "NFC"`), inkpool.CodeModelCorrupt},
		"a part with no type":          {tokenizer(wordModel, `"normalizer": {"lowercase": true}`), inkpool.CodeModelCorrupt},
		"a setting that is none":       {tokenizer(wordModel, `"normalizer": {"type": "Strip", "strip_left": 5}`), inkpool.CodeModelCorrupt},
		"a scheme":                     {tokenizer(wordModel, fmt.Sprintf(meta, `, "prepend_scheme": "sometimes"`)), inkpool.CodeUnsupportedFormat},
		"a suffix of nothing":          {tokenizer(wordModel, `"decoder": {"type": "BPEDecoder", "suffix": ""}`), inkpool.CodeModelCorrupt},
		"a long expression":            {tokenizer(wordModel, `"decoder": {"type": "Replace", "pattern": {"Regex": "`+strings.Repeat("a", 9000)+`"}, "content": ""}`), inkpool.CodeUnsupportedFormat},
		"a long added token":           {tokenizer(wordModel, `"added_tokens": [{"content": "`+strings.Repeat("a", 9000)+`"}]`), inkpool.CodeModelCorrupt},
		"a very long name of a part":   {tokenizer(wordModel, `"decoder": {"type": "`+strings.Repeat("中", 9000)+`"}`), inkpool.CodeUnsupportedFormat},
		"a piece of a thousand signs":  {tokenizer(`"vocab": {"` + strings.Repeat("a", 2000) + `": 0}, "merges": []`), inkpool.CodeModelCorrupt},
		"a sequence within a sequence": {tokenizer(wordModel, `"decoder": `+strings.Repeat(`{"type": "Sequence", "decoders": [`, 99)+strings.Repeat(`]}`, 99)), inkpool.CodeModelCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := tokenize.Parse([]byte(tc.file))
			if got := inkpool.CodeOf(err); got != tc.want || m != nil {
				t.Errorf("got %v (%q), want %q", err, got, tc.want)
			}
			var e *inkpool.Error
			if errors.As(err, &e) && len(e.Message) > 300 {
				t.Errorf("got a message of %d bytes", len(e.Message))
			}
		})
	}
}
