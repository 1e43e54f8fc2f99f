package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"github.com/inkpool/inkpool/backend/tokenize"
)

// contender is a tokenizer and the reference for it.
//
// On purpose we differ in places only: Rust loses count where a character map drops
// characters at the beginning of a text, and marks that change their order all have the
// place of their run with us.
type contender struct {
	name      string
	encode    func(text string) []tokenize.Token
	pair      func(a, b string) []tokenize.Token // nil: there are no pairs
	decode    func(a answer) string
	placeless bool // the reference or we know no places
	ask       func(texts []string, pairs [][2]string) ([]answer, time.Duration, error)
}

// newRust compares a tokenizer.json with Rust.
func newRust(name, file string) (contender, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return contender{}, err
	}
	t, err := tokenize.Parse(data)
	if err != nil {
		return contender{}, fmt.Errorf("%s: %w", name, err)
	}
	return contender{
		name: name, encode: t.Encode, pair: t.EncodePair, decode: func(a answer) string { return t.Decode(a.IDs) },
		ask: func(texts []string, pairs [][2]string) ([]answer, time.Duration, error) {
			return ask(question{Model: file, Texts: texts, Pairs: pairs}, "node", filepath.Join(folder, "rust_reference.mjs"))
		},
	}, nil
}

// newSentencePiece compares an .spm model with C++.
func newSentencePiece(name, file string) (contender, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return contender{}, err
	}
	m, err := tokenize.ParseSentencePiece(data)
	if err != nil {
		return contender{}, fmt.Errorf("%s: %w", name, err)
	}
	return contender{
		name: name, encode: m.Encode, decode: func(a answer) string { return m.Decode(a.Pieces) },
		ask: func(texts []string, _ [][2]string) ([]answer, time.Duration, error) {
			return ask(question{Model: file, Texts: texts}, python, filepath.Join(folder, "sentencepiece_reference.py"))
		},
	}, nil
}

// newMarian compares a folder with source.spm, target.spm and vocab.json with what
// transformers does with C++ SentencePiece.
func newMarian(name, dir string) (contender, error) {
	var files [3][]byte
	var paths [3]string
	for i, file := range []string{"source.spm", "target.spm", "vocab.json"} {
		var err error
		paths[i] = filepath.Join(dir, file)
		if files[i], err = os.ReadFile(paths[i]); err != nil {
			return contender{}, err
		}
	}
	m, err := tokenize.ParseMarian(files[0], files[1], files[2])
	if err != nil {
		return contender{}, fmt.Errorf("%s: %w", name, err)
	}
	return contender{
		name: name, decode: func(a answer) string { return m.Decode(a.IDs) }, placeless: true,
		encode: func(text string) []tokenize.Token {
			var tokens []tokenize.Token
			for _, id := range m.Encode(text) {
				tokens = append(tokens, tokenize.Token{ID: id})
			}
			return tokens
		},
		ask: func(texts []string, _ [][2]string) ([]answer, time.Duration, error) {
			q := question{Model: paths[0], Target: paths[1], Vocabulary: paths[2], Texts: texts}
			return ask(q, python, filepath.Join(folder, "sentencepiece_reference.py"))
		},
	}, nil
}

// result counts the texts that differ, by what differs first.
type result struct {
	texts                          int
	ids, places, segments, decoded int
	speed, referenceSpeed          float64 // MB per second of CPU time
}

// compare runs both over texts, and over pairs of some of them.
func (c contender) compare(texts []string, show int, notes io.Writer) (result, error) {
	var pairs [][2]string
	for i := 0; i+1 < min(len(texts), 200) && c.pair != nil; i += 2 {
		pairs = append(pairs, [2]string{texts[i], texts[i+1]})
	}
	answers, took, err := c.ask(texts, pairs)
	if err != nil {
		return result{}, err
	}
	r := result{texts: len(answers), referenceSpeed: speed(texts, took)}
	if r.speed, err = c.speed(texts); err != nil {
		return result{}, err
	}
	for i, want := range answers {
		text, tokens := "", []tokenize.Token(nil)
		if i < len(texts) {
			text, tokens = texts[i], c.encode(texts[i])
		} else {
			p := pairs[i-len(texts)]
			text, tokens = strings.Join(p[:], " ‖ "), c.pair(p[0], p[1])
		}
		difference := c.check(tokens, want, &r)
		if difference != "" && show > 0 {
			show--
			fmt.Fprintf(notes, "%s: %s of %q\n", c.name, difference, text)
		}
	}
	return r, nil
}

// check says what differs, or "", and counts it.
func (c contender) check(tokens []tokenize.Token, want answer, r *result) string {
	if got := c.decode(want); got != want.Decoded {
		r.decoded++
		return fmt.Sprintf("decoded to %q, want %q:", got, want.Decoded)
	}
	got := make([]int, len(tokens))
	for i, t := range tokens {
		got[i] = t.ID
	}
	if fmt.Sprint(got) != fmt.Sprint(want.IDs) {
		r.ids++
		return fmt.Sprintf("ids %v, want %v", got, want.IDs)
	}
	for i, t := range tokens {
		if want.Types != nil && t.Type != want.Types[i] {
			r.segments++
			return fmt.Sprintf("segment %d of token %d (%q), want %d", t.Type, i, t.Text, want.Types[i])
		}
		fromTemplate := want.Special != nil && want.Special[i] != 0
		if place := [2]int{t.Start, t.End}; !c.placeless && !fromTemplate && place != want.Places[i] {
			r.places++
			return fmt.Sprintf("place %v of token %d (%q), want %v", place, i, t.Text, want.Places[i])
		}
	}
	return ""
}

// speed encodes everything a few times more: CPU time is counted in hundredths of a second.
func (c contender) speed(texts []string) (float64, error) {
	const times = 3
	start, err := ownCPU()
	if err != nil {
		return 0, err
	}
	for range times {
		for _, text := range texts {
			c.encode(text)
		}
	}
	end, err := ownCPU()
	return speed(texts, (end-start)/times), err
}

// ownCPU returns the CPU time of this process, the collector of garbage included.
func ownCPU() (time.Duration, error) {
	p, err := process.NewProcess(int32(os.Getpid()))
	if err != nil {
		return 0, err
	}
	t, err := p.Times()
	if err != nil {
		return 0, err
	}
	return time.Duration((t.User + t.System) * float64(time.Second)), nil
}

// speed is in MB per second of CPU time.
func speed(texts []string, took time.Duration) float64 {
	n := 0
	for _, text := range texts {
		n += len(text)
	}
	return float64(n) / 1e6 / took.Seconds()
}
