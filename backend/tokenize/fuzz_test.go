package tokenize_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/tokenize"
)

// sane fails when tokens of a text are not in order or not in the text, or when decoding
// gives what is no text.
func sane(t *testing.T, text string, c codec) {
	t.Helper()
	tokens := c.encode(text)
	if max := 256 * (len(text) + 64); len(tokens) > max {
		t.Fatalf("got %d tokens of %d bytes", len(tokens), len(text))
	}
	last := tokenize.Token{Word: -1}
	for i, token := range tokens {
		if token.Special && token.End == 0 {
			continue // of the template
		}
		if token.Start > token.End || token.Start < last.Start || token.End < last.End || token.End > len(text) {
			t.Fatalf("%q: token %d is %+v, after %+v", text, i, token, last)
		}
		if utf8.ValidString(text) && (!utf8.ValidString(text[:token.Start]) || !utf8.ValidString(text[:token.End])) {
			t.Fatalf("%q: token %d, %+v, is a part of a character", text, i, token)
		}
		last = token
	}
	if decoded := c.decode(tokens); utf8.ValidString(text) && !utf8.ValidString(decoded) {
		t.Fatalf("%q: decoded to %q", text, decoded)
	}
}

func FuzzEncode(f *testing.F) {
	var codecs []codec
	for _, g := range readGolden(f) {
		codecs = append(codecs, openCodec(f, g.Tokenizer))
		for _, c := range g.Cases {
			f.Add(c.Text)
		}
	}
	f.Add("a\xffb\xe2\x82")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			t.Skip("long texts are slow to fuzz")
		}
		for _, c := range codecs {
			sane(t, text, c)
		}
	})
}

// fuzzTexts are what the tokenizers that FuzzParse makes have to bear.
var fuzzTexts = []string{"", " ", "Hello, world! 你好", "e\u0301<s> a  b\t\n\u0000", "\xff\xe2\x82", strings.Repeat("ab ", 200)}

func FuzzParse(f *testing.F) {
	f.Add(fmt.Appendf(nil, bert, lower))
	for _, tc := range partCases() {
		f.Add([]byte(tc.file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := tokenize.Parse(data)
		if err != nil {
			return
		}
		for _, text := range fuzzTexts {
			sane(t, text, codec{m.Encode, func(tokens []tokenize.Token) string {
				var ids []int
				for _, token := range tokens {
					ids = append(ids, token.ID)
				}
				return m.Decode(ids)
			}})
			m.EncodePair(text, "b")
		}
	})
}

func FuzzParseSentencePiece(f *testing.F) {
	f.Add(spm{pieces: english}.encode())
	f.Add(spm{pieces: english, bpe: true, byteFallback: true, keepSpaces: true}.encode())
	f.Add(spm{pieces: append(english, spmPiece{"ell", 0, userDefined}, spmPiece{"el", -1, unused}), noDummyPrefix: true}.encode())
	f.Add(readTestdata(f, "unigram.spm")) // for its character map
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := tokenize.ParseSentencePiece(data)
		if err != nil {
			return
		}
		for _, text := range fuzzTexts {
			sane(t, text, codec{m.Encode, func(tokens []tokenize.Token) string {
				var pieces []string
				for _, token := range tokens {
					pieces = append(pieces, token.Text)
				}
				return m.Decode(pieces)
			}})
		}
	})
}
