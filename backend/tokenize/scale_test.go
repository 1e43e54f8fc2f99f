package tokenize_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/tokenize"
)

// everything returns all golden tokenizers by name.
func everything(t testing.TB) map[string]codec {
	t.Helper()
	all := map[string]codec{}
	for _, g := range readGolden(t) {
		all[g.Tokenizer] = openCodec(t, g.Tokenizer)
	}
	return all
}

// TestConcurrentUse runs every tokenizer from several goroutines at once, on texts of many
// lengths, because scratch memory is used again.
func TestConcurrentUse(t *testing.T) {
	var texts []string
	for _, c := range readGolden(t)[0].Cases {
		texts = append(texts, c.Text, strings.Repeat(c.Text+" ", 7))
	}
	for name, c := range everything(t) {
		var want [][]int
		for _, text := range texts {
			want = append(want, flat(c.encode(text)))
		}
		var group sync.WaitGroup
		for first := range 4 {
			group.Go(func() {
				for i := range texts {
					i = (i + first*len(texts)/4) % len(texts)
					if got := flat(c.encode(texts[i])); !slices.Equal(got, want[i]) {
						t.Errorf("%s: %q: got %v, want %v", name, texts[i], got, want[i])
					}
				}
			})
		}
		group.Wait()
	}
}

// TestGrowthIsBounded: no file makes a text grow beyond all bounds.
func TestGrowthIsBounded(t *testing.T) {
	nest := func(part string, n int) string { return strings.Repeat(part+",", n-1) + part }
	text := strings.Repeat("aé ", 20)
	for name, file := range map[string]string{
		"replacing": tokenizer(wordModel, `"normalizer": {"type": "Sequence", "normalizers": [`+
			nest(`{"type": "Replace", "pattern": {"String": "a"}, "content": "`+strings.Repeat("a", 200)+`"}`, 20)+`]}`),
		"nothing": tokenizer(wordModel, `"normalizer": {"type": "Sequence", "normalizers": [`+
			nest(`{"type": "Replace", "pattern": {"Regex": ""}, "content": "`+strings.Repeat("a", 200)+`"}`, 20)+`]}`),
		"bytes of bytes": tokenizer(wordModel, `"pre_tokenizer": {"type": "Sequence", "pretokenizers": [`+
			nest(`{"type": "ByteLevel", "use_regex": false}`, 100)+`]}`),
		"spaces before words": tokenizer(wordModel, `"pre_tokenizer": {"type": "Sequence", "pretokenizers": [`+
			nest(`{"type": "ByteLevel"}, {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated"}`, 40)+`]}`),
		"before the text": tokenizer(wordModel, `"normalizer": {"type": "Prepend", "prepend": "`+strings.Repeat("a", 1<<20)+`"}`),
	} {
		t.Run(name, func(t *testing.T) {
			size := 0
			for _, token := range parse(t, file).Pieces(text) {
				size += len(token.Text)
			}
			if limit := 64 * (len(text) + 1); size > limit {
				t.Errorf("got %d bytes of %d", size, len(text))
			}
		})
	}
}

// TestEvilExpression: an expression that takes for ever is given up.
func TestEvilExpression(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	m := parse(t, tokenizer(wordModel, `"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(x+x+)+y"}, "behavior": "Isolated"}`))
	text := strings.Repeat("x", 60)
	for range 5 {
		if got, want := show(m.Pieces(text), text), "?="+text; got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

// TestWordsOfGPT2 compares the words that are found by hand with those of the expression.
func TestWordsOfGPT2(t *testing.T) {
	const file = `{%s, "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0}}}`
	const expression = `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+`
	byHand := parse(t, fmt.Sprintf(file, `"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}`))
	slow := parse(t, fmt.Sprintf(file, `"pre_tokenizer": {"type": "Sequence", "pretokenizers": [
		{"type": "Split", "pattern": {"Regex": "`+expression+`"}, "behavior": "Isolated"}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}`))
	texts := []string{"don't we'll 'sx 's x", "a  b   c\n\n d \t e", "x1y2 ³④ ½a", "\u00a0\u2003a \u3000", "a\u0301 👍🏽 ‘q’ 你好，世界", "  ", "\n", "a ", "'", "''s", " 's"}
	for _, c := range readGolden(t)[0].Cases {
		texts = append(texts, c.Text)
	}
	for _, text := range texts {
		if got, want := flat(byHand.Pieces(text)), flat(slow.Pieces(text)); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

// TestEqualPaths: C++ adds scores in 64 bits and compares before it rounds to 32.
func TestEqualPaths(t *testing.T) {
	m := parseSPM(t, spm{noDummyPrefix: true, pieces: []spmPiece{{"ab", -1, 0}, {"a", -1, 0}, {"b", 1.5e-8, 0}}})
	if got, want := show(m.Encode("ab"), "ab"), "a=a b=b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkEncode(b *testing.B) {
	const text = "Like some other experts, he is skeptical about whether diabetes can be cured, noting that these findings have no relevance. " +
		"和其他一些专家一样，他对糖尿病能否治愈持怀疑态度。Für Menschen, die bereits litten, keine Bedeutung."
	all := everything(b)
	for name, c := range all {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				c.encode(text)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	data := readTestdata(b, "gpt2.json")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := tokenize.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
