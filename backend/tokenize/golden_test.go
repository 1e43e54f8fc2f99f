package tokenize_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/tokenize"
)

// goldenFile is what the reference of a tokenizer made of texts: testdata/golden.json, which
// `make tokenizers-golden` writes.
type goldenFile struct {
	Tokenizer string
	Cases     []struct {
		Text    string
		Tokens  []int // id, start and end of each
		Decoded string
	}
}

func readGolden(t testing.TB) []goldenFile {
	t.Helper()
	var golden []goldenFile
	if err := json.Unmarshal(readTestdata(t, "golden.json"), &golden); err != nil {
		t.Fatal(err)
	}
	return golden
}

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// codec is what a Tokenizer and a SentencePiece have in common, with the template.
type codec struct {
	encode func(string) []tokenize.Token
	decode func([]tokenize.Token) string
}

func openCodec(t testing.TB, name string) codec {
	t.Helper()
	if strings.HasSuffix(name, ".spm") {
		m, err := tokenize.ParseSentencePiece(readTestdata(t, name))
		if err != nil {
			t.Fatal(err)
		}
		return codec{m.Encode, func(tokens []tokenize.Token) string {
			var pieces []string
			for _, token := range tokens {
				pieces = append(pieces, token.Text)
			}
			return m.Decode(pieces)
		}}
	}
	m := parse(t, string(readTestdata(t, name)))
	return codec{m.Encode, func(tokens []tokenize.Token) string {
		var ids []int
		for _, token := range tokens {
			ids = append(ids, token.ID)
		}
		return m.Decode(ids)
	}}
}

// flat returns the ids and places of tokens.
func flat(tokens []tokenize.Token) []int {
	var out []int
	for _, token := range tokens {
		out = append(out, token.ID, token.Start, token.End)
	}
	return out
}

func TestGolden(t *testing.T) {
	for _, f := range readGolden(t) {
		t.Run(f.Tokenizer, func(t *testing.T) {
			if len(f.Cases) < 40 {
				t.Errorf("got %d cases only", len(f.Cases))
			}
			c := openCodec(t, f.Tokenizer)
			for _, g := range f.Cases {
				tokens := c.encode(g.Text)
				if got := flat(tokens); !slices.Equal(got, g.Tokens) {
					t.Errorf("%q: got ids and places\n%v, want\n%v", g.Text, got, g.Tokens)
				}
				if got := c.decode(tokens); got != g.Decoded {
					t.Errorf("%q: decoded to %q, want %q", g.Text, got, g.Decoded)
				}
			}
		})
	}
}
