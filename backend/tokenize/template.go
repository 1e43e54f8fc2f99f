package tokenize

import (
	"strings"
	"unicode/utf8"
)

// encoding is a text and its tokens, before the template.
type encoding struct {
	text   string
	tokens []Token
}

// postProcessor is the last step of a tokenizer: it joins the tokens of one text, or of a
// pair, and puts special tokens around them.
type postProcessor interface {
	// process joins the tokens of one or two texts. With special false none are put in.
	process(texts []encoding, special bool) []Token
}

// join is what is done where a file has no post-processor.
func join(texts []encoding) []Token {
	if len(texts) == 1 {
		return texts[0].tokens
	}
	return append(texts[0].tokens[:len(texts[0].tokens):len(texts[0].tokens)], texts[1].tokens...)
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

func (p template) process(texts []encoding, special bool) []Token {
	parts := p.single
	if len(texts) == 2 {
		parts = p.pair
	}
	var out []Token
	for _, part := range parts {
		switch {
		case part.text >= 0 && part.text < len(texts):
			n := len(out)
			out = append(out, texts[part.text].tokens...)
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

// trim follows process_offsets of Rust's pre_tokenizers/byte_level.rs, which counts
// characters.
func (p offsetTrimmer) trim(texts []encoding) {
	blank := func(r rune) bool { return r == p.alphabet.runes[' '] || isSpace(r) }
	for _, e := range texts {
		for i := range e.tokens {
			t := &e.tokens[i]
			shown := t.Text
			if t.Special { // which may have taken white space along
				shown = e.text[t.Start:t.End]
			}
			left := utf8.RuneCountInString(shown) - utf8.RuneCountInString(strings.TrimLeftFunc(shown, blank))
			right := utf8.RuneCountInString(shown) - utf8.RuneCountInString(strings.TrimRightFunc(shown, blank))
			if left == 1 && p.addPrefix && (i == 0 || t.Start == 0) {
				left = 0
			}
			for ; left > 0 && t.Start < t.End; left-- {
				_, width := utf8.DecodeRuneInString(e.text[t.Start:t.End])
				t.Start += width
			}
			for ; right > 0 && t.Start < t.End; right-- {
				_, width := utf8.DecodeLastRuneInString(e.text[t.Start:t.End])
				t.End -= width
			}
		}
	}
}

// trimmed is a template, or nil, for texts whose places are trimmed first.
type trimmed struct {
	offsetTrimmer
	template postProcessor
}

func (p trimmed) process(texts []encoding, special bool) []Token {
	p.trim(texts)
	if p.template == nil {
		return join(texts)
	}
	return p.template.process(texts, special)
}
