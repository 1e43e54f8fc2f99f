package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// goldenNames are the tokenizers that are kept: one for each model, and each way to
// normalise and to cut that is not trivial.
var goldenNames = []string{"unigram", "pairs-bytes", "pairs-user", "gpt2", "bert-uncased", "t5", "albert", "nllb", "llama2"}

// goldenRules normalise a few characters, in a form that a character map has room for in
// some hundred bytes: those of nmt_nfkc take 240 KB. Some begin like others, because Rust
// takes the shortest that fits and C++ the longest. Code points in hexadecimal.
const goldenRules = `FF21	41
FF42	62
FB01	66 69
2026	2E 2E 2E
2460	31
3000	20
A0	20
9	20
200B	
AD	
65 301	E9
65	65
63	63
63 327	E7
212B	C5
`

// goldenFile is testdata/golden.json.
type goldenFile struct {
	Tokenizer string       `json:"tokenizer"` // file
	Cases     []goldenCase `json:"cases"`
}

// goldenCase is what a reference made of a text.
type goldenCase struct {
	Text    string `json:"text"`
	Tokens  []int  `json:"tokens"` // id, start and end of each
	Decoded string `json:"decoded"`
}

// goldenLength is how long the texts are at most, in bytes, to keep the file small.
const goldenLength = 56

// updateGolden trains small models on our own texts, and writes them with what the
// references make of the tricky strings, where we have the same places.
func updateGolden(scratch, dir string) error {
	settings := slices.Clone(spmSettings)
	rules := filepath.Join(scratch, "rules.tsv")
	if err := os.WriteFile(rules, []byte(goldenRules), 0o600); err != nil {
		return err
	}
	for i, s := range settings {
		normalization := "--normalization_rule_tsv=" + rules
		if slices.Contains(s.args, "--normalization_rule_name=identity") {
			normalization = "--character_coverage=0.99"
		}
		settings[i].args = append([]string{"--character_coverage=0.99", "--self_test_sample_size=0"}, append(s.args, normalization)...)
	}
	lines := ownLines()
	var short []string
	for i := 0; i < len(lines); i += 7 {
		short = append(short, lines[i])
	}
	made, err := generate(scratch, strings.Join(short, "\n"), settings, 700)
	if err != nil {
		return err
	}
	var golden []goldenFile
	for _, m := range made {
		if !slices.Contains(goldenNames, m.name) {
			continue
		}
		f, err := m.golden(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		golden = append(golden, f)
	}
	data, err := json.Marshal(golden)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "golden.json"), append(data, '\n'), 0o644)
}

// golden copies a tokenizer to dir, and asks its reference.
func (m made) golden(dir string) (goldenFile, error) {
	data, err := os.ReadFile(m.file)
	if err != nil {
		return goldenFile{}, err
	}
	f := goldenFile{Tokenizer: filepath.Base(m.file)}
	if err := os.WriteFile(filepath.Join(dir, f.Tokenizer), data, 0o644); err != nil {
		return goldenFile{}, err
	}
	c, err := m.contender()
	if err != nil {
		return goldenFile{}, err
	}
	texts := slices.DeleteFunc(fixedTricky(), func(s string) bool { return len(s) > goldenLength })
	answers, _, err := c.ask(texts, nil)
	if err != nil {
		return goldenFile{}, err
	}
	for i, a := range answers {
		if c.check(c.encode(texts[i]), a, &result{}) != "" {
			continue // the comment of contender says where we differ on purpose
		}
		g := goldenCase{Text: texts[i], Decoded: a.Decoded}
		for j, id := range a.IDs {
			g.Tokens = append(g.Tokens, id, a.Places[j][0], a.Places[j][1])
		}
		f.Cases = append(f.Cases, g)
	}
	return f, nil
}
