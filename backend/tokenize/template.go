package tokenize

import (
	"strings"
)

// postProcessor is the last step of a tokenizer: it joins the tokens of one text, or of a
// pair, and puts special tokens around them.
type postProcessor interface {
	// process joins texts: one or two. With special false no tokens are put in.
	process(texts [][]Token, special bool) []Token
}

// join is what is done where a file has no post-processor.
func join(texts [][]Token) []Token {
	if len(texts) == 1 {
		return texts[0]
	}
	return append(texts[0][:len(texts[0]):len(texts[0])], texts[1]...)
}

// setType makes all tokens part of a segment.
func setType(tokens []Token, segment int) {
	for i := range tokens {
		tokens[i].Type = segment
	}
}

// template says what a text and a pair of texts become.
type template struct {
	single, pair []templatePart
}

// templatePart is the first text, the second, or special tokens.
type templatePart struct {
	text    int // 0 or 1; -1: special
	special []Token
	segment int
}

func (p template) process(texts [][]Token, special bool) []Token {
	parts := p.single
	if len(texts) == 2 {
		parts = p.pair
	}
	var out []Token
	for _, part := range parts {
		switch {
		case part.text >= 0 && part.text < len(texts):
			n := len(out)
			out = append(out, texts[part.text]...)
			setType(out[n:], part.segment)
		case part.text < 0 && special:
			n := len(out)
			out = append(out, part.special...)
			setType(out[n:], part.segment)
		}
	}
	return out
}

// offsetTrimmer takes the spaces that byte-level pieces begin or end with off their places.
type offsetTrimmer struct {
	alphabet  *byteAlphabet
	addPrefix bool // the first space of a text was put there
}

func (p offsetTrimmer) process(texts [][]Token, _ bool) []Token {
	p.trim(texts)
	return join(texts)
}

// trim follows process_offsets of Rust's pre_tokenizers/byte_level.rs.
func (p offsetTrimmer) trim(texts [][]Token) {
	blank := func(r rune) bool { return r == p.alphabet.runes[' '] || isSpace(r) }
	for _, tokens := range texts {
		for i := range tokens {
			t := &tokens[i]
			rest := strings.TrimLeftFunc(t.Text, blank)
			left := len([]rune(t.Text[:len(t.Text)-len(rest)]))
			right := len([]rune(t.Text[len(strings.TrimRightFunc(t.Text, blank)):]))
			if left > 0 && p.addPrefix && (i == 0 || t.Start == 0) {
				left--
			}
			t.Start = min(t.Start+left, t.End)
			if t.End >= right {
				t.End = max(t.End-right, t.Start)
			}
		}
	}
}

// processors work one after the other; the last one that puts special tokens in joins.
type processors []postProcessor

func (p processors) process(texts [][]Token, special bool) []Token {
	var joined []Token
	for _, each := range p {
		if trimmer, ok := each.(offsetTrimmer); ok && joined == nil {
			trimmer.trim(texts)
			continue
		}
		if joined != nil {
			texts = [][]Token{joined}
		}
		joined = each.process(texts, special)
	}
	if joined == nil {
		return join(texts)
	}
	return joined
}
