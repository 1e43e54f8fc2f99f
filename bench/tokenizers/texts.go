package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// texts are what tokenizers are compared on.
type texts struct {
	natural []string // sentences that somebody wrote
	tricky  []string // characters that tokenizers trip over
}

// training returns the natural texts, one a line.
func (t texts) training() string { return strings.Join(t.natural, "\n") }

// readTexts reads the sentences of the evaluation data, or where that is not, the lines of
// our own documents.
func readTexts(data string, notes io.Writer) texts {
	t := texts{tricky: append(fixedTricky(), randomTricky(600)...)}
	for _, folder := range []string{"parallel", "labelled"} {
		files, _ := filepath.Glob(filepath.Join(data, folder, "*.jsonl")) // the pattern is right
		for _, file := range files {
			t.natural = append(t.natural, sentences(file)...)
		}
	}
	if len(t.natural) == 0 {
		fmt.Fprintf(notes, "no sentences in %s (INKPOOL_DATA): taking our own documents\n", data)
		t.natural = ownLines()
	}
	return t
}

// sentences returns the texts of a file of evaluation data: what its lines have of fields
// that hold a text.
func sentences(file string) []string {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	var out []string
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line map[string]any
		if json.Unmarshal(scanner.Bytes(), &line) != nil {
			continue
		}
		for _, field := range []string{"text", "en", "zh", "zh_Hant", "de", "es"} {
			if s, ok := line[field].(string); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

// ownLines returns the lines of what we wrote ourselves, in English and Chinese.
func ownLines() []string {
	var out []string
	for _, pattern := range []string{"README.md", "docs/*.md", "docs/decisions/*.md", "samples/note-[cem]*.txt", "frontend/src/lib/i18n/zh.ts"} {
		files, _ := filepath.Glob(pattern) // the pattern is right
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			for line := range strings.Lines(string(content)) {
				if line = strings.TrimSpace(line); line != "" {
					out = append(out, line)
				}
			}
		}
	}
	return out
}

// fixedTricky are strings that some tokenizer we know gets wrong.
func fixedTricky() []string {
	return []string{
		"", " ", "   leading and trailing   ", "multiple   inner    spaces", "tabs\tand\nnewlines\r\nand\vvt\fff", "\n\n\n", "\t", "end\n",
		"你好，世界！", "繁體中文測試：臺灣的天氣如何？", "ＦＵＬＬ－ＷＩＤＴＨ　ｔｅｘｔ　１２３", "ｶﾀｶﾅ ﾊﾝｶｸ ガギグ", "～波ダッシュ〜 ｜ ＠ ＃",
		"日本語の文章をトークン化します。", "한국어 문장입니다.", "ᄒ\u1161ᆫ jamo 한", "བོད་ཡིག་ནི་བོད་པའི་སྐད་ཡིག་ཡིན།", "السَّلَامُ عَلَيْكُمْ ﷺ ﻻ ﷲ", "שָׁלוֹם עוֹלָם",
		"नमस्ते दुनिया, क्या हाल है?", "สวัสดีชาวโลก", "Ёжик й", "ΆΈΉ ς Σ ΟΔΟΣ", "İstanbul ıI ŞşĞğ", "Straße ẞ ﬁ ﬂ ﬀ Ǆ ǅ", "½ ⅓ ² ³ ㎏ ㍿ ℃ № ™ ① ⑳ Ⅷ",
		"👨‍👩‍👧‍👦 family 👩🏽‍💻 dev 🏳️‍🌈 flag 🇨🇳🇺🇸", "emoji🙂inside👍🏿word", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
		"e\u0301 é n\u0303 ñ A\u030A Å", "Z\u0351\u036b\u0343a\u030d\u0342l\u0322g\u0317o\u035f", "Tiếng Việt ế ệ ỗ", "a\u0300\u0301\u0302b\u0323\u0302", "e\u0302\u0323 ệ", "x\u0338 ≠",
		"control\u0000char\u0001s\u0007here\u007f\u0085\u009f", "zero\u200bwidth\u200cnon\u200djoiner\u2060word\ufeffbom", "soft\u00adhyphen nbsp\u00a0here thin\u2009space\u3000wide",
		"\u2028line\u2029para", "\ufffd replacement \ufffe", "\u0007leading control", "A\u0000B", "…\u200b…",
		strings.Repeat("a", 300), strings.Repeat("字", 250), strings.Repeat("supercalifragilistic", 10), strings.Repeat("é", 40), strings.Repeat(" ", 50) + "x",
		"“smart” ‘single’ — em–dash… «guillemets» ¿qué?", "$100 €50 ₿1", "3.14159 1,000,000 1e-9 0xFF 12:30 12345678901234567890", "don't can't I'll we've it's o'clock 'S",
		"snake_case camelCase kebab-case #tag @name", "http://example.com/path?query=1&b=%20#frag user@example.org", "\\ / | ~ ` ^ & * _ + = ( [ { < > } ] )",
		"<s> </s> <unk> <pad> [CLS] [SEP] [MASK] [UNK] <mask>", "a<mask>b", "one  <mask>  two", "[MASK][MASK]", ">>cmn_Hans<< Hello there", "▁metaspace ▁▁ inside", "Ġgpt2 Ċ byte-level", "<0x0A> <0xe4>",
		"𝒽𝑒𝓁𝓁𝑜 𝕎𝕠𝕣𝕝𝕕 𠀀𠮷 𝟙𝟚𝟛", "㐀㐁 豈更車 﨎 ⼀⼁ 〇々〆", "mixed中文English混合にほんご한국어текст", "᠊ᠮᠣᠩᠭᠣᠯ ئۇيغۇرچە", "A.B.C. U.S.A. e.g.", "end with space ", "-- --- ... !!! ?!",
		"NewWord newword NEWWORD xNewWordx NewWord.", " <trim>  x <trim> ", "the<extra_0>end",
	}
}

// randomTricky mixes characters of many blocks of Unicode, always in the same way.
func randomTricky(n int) []string {
	blocks := [][2]rune{{0x20, 0x7e}, {0xa0, 0x24f}, {0x300, 0x36f}, {0x370, 0x52f}, {0x590, 0x6ff}, {0x900, 0x97f}, {0xe00, 0xe7f}, {0xf00, 0xfff}, {0x1100, 0x11ff},
		{0x1e00, 0x1fff}, {0x2000, 0x206f}, {0x2100, 0x23ff}, {0x2460, 0x24ff}, {0x3000, 0x30ff}, {0x3200, 0x33ff}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
		{0xfb00, 0xfdff}, {0xfe70, 0xfefe}, {0xff00, 0xffef}, {0x1f300, 0x1f6ff}, {0x1d400, 0x1d7ff}, {0x20000, 0x200ff}, {0x1, 0x1f}, {0x7f, 0x9f}}
	random := rand.New(rand.NewPCG(7, 7))
	var out []string
	for range n {
		var s strings.Builder
		chosen := [][2]rune{blocks[random.IntN(len(blocks))], blocks[random.IntN(len(blocks))], blocks[random.IntN(len(blocks))]}
		for range 1 + random.IntN(60) {
			if random.IntN(7) == 0 {
				s.WriteByte(' ')
			}
			b := chosen[random.IntN(len(chosen))]
			s.WriteRune(b[0] + random.Int32N(b[1]-b[0]+1))
		}
		out = append(out, s.String())
	}
	return out
}
