package tokenize

import (
	"strings"
	"unicode/utf8"
)

// preTokenizer is the second step of a tokenizer: it cuts texts into words, which the model
// cuts further one by one.
type preTokenizer interface {
	// preTokenize appends the words of t; empty ones are left out.
	preTokenize(t text, out []text) []text
}

// preTokenizers work one after the other on what the one before has made.
type preTokenizers []preTokenizer

func (p preTokenizers) preTokenize(t text, out []text) []text {
	words := []text{t}
	for _, each := range p {
		var cut []text
		for _, w := range words {
			cut = each.preTokenize(w, cut)
		}
		words = cut
	}
	return append(out, words...)
}

// splitter cuts at what a pattern finds.
type splitter struct {
	pattern   pattern
	behaviour behaviour
	invert    bool
}

func (p splitter) preTokenize(t text, out []text) []text {
	return t.split(p.pattern, p.behaviour, p.invert, out)
}

// bertWords cuts at white space, and before and behind punctuation.
type bertWords struct{}

func (bertWords) preTokenize(t text, out []text) []text {
	start := 0
	for i, r := range t.s {
		space, sign := isSpace(r), isPunctuation(r)
		if !space && !sign {
			continue
		}
		if start < i {
			out = append(out, t.sub(start, i))
		}
		start = i + utf8.RuneLen(r)
		if sign {
			out = append(out, t.sub(i, start))
		}
	}
	if start < len(t.s) {
		out = append(out, t.sub(start, len(t.s)))
	}
	return out
}

// metaspace writes spaces as another character, which words then begin with: how
// SentencePiece's models are written as tokenizer.json.
type metaspace struct {
	replacement string // one character, mostly ▁
	prepend     prependScheme
	whole       bool // do not cut
}

// prependScheme says where metaspace puts a replacement before a text that has none there.
type prependScheme string

// The schemes, as tokenizer.json names them.
const (
	prependAlways prependScheme = "always"
	prependFirst  prependScheme = "first" // only at the beginning of the original
	prependNever  prependScheme = "never"
)

func (p metaspace) preTokenize(t text, out []text) []text {
	t = t.replace(literal(" "), p.replacement)
	if !strings.HasPrefix(t.s, p.replacement) && (p.prepend == prependAlways || p.prepend == prependFirst && t.atStart()) {
		t = t.prepend(p.replacement)
	}
	if p.whole {
		return append(out, t)
	}
	return t.split(literal(p.replacement), mergedWithNext, false, out)
}

// byteLevel writes texts as bytes, and bytes as characters that can be seen: GPT-2's way of
// having no unknown characters.
type byteLevel struct {
	alphabet  *byteAlphabet
	addPrefix bool // a space before the text
	cut       bool // into the words of GPT-2's expression
}

func (p byteLevel) preTokenize(t text, out []text) []text {
	if p.addPrefix && !strings.HasPrefix(t.s, " ") {
		t = t.prepend(" ")
	}
	if !p.cut {
		return append(out, p.alphabet.encode(t))
	}
	first := len(out)
	out = t.split(gpt2{}, isolated, false, out)
	for i := first; i < len(out); i++ {
		out[i] = p.alphabet.encode(out[i])
	}
	return out
}

// byteAlphabet writes bytes as characters: those of Latin-1 that can be seen stand for
// themselves, the others for U+0100 and following (bytes_to_unicode of GPT-2's encoder.py).
type byteAlphabet struct {
	runes [256]rune
	bytes map[rune]byte
}

func newByteAlphabet() *byteAlphabet {
	a := &byteAlphabet{bytes: make(map[rune]byte, 256)}
	hidden := rune(0x100)
	for b := range a.runes {
		r := rune(b)
		if !(r >= '!' && r <= '~' || r >= 0xA1 && r <= 0xAC || r >= 0xAE) {
			r = hidden
			hidden++
		}
		a.runes[b], a.bytes[r] = r, byte(b)
	}
	return a
}

// encode writes the bytes of a text as characters.
func (a *byteAlphabet) encode(t text) text {
	same := true
	for i := 0; i < len(t.s) && same; i++ {
		same = a.runes[t.s[i]] == rune(t.s[i]) && t.s[i] < utf8.RuneSelf
	}
	if same || 2*len(t.s) > t.limit {
		return t
	}
	out := make([]byte, 0, 2*len(t.s))
	places := appendPlaces(make([]place, 0, len(t.s)), t, 0, len(t.s))
	from := make([]place, 0, 2*len(t.s))
	for i := range len(t.s) {
		n := len(out)
		out = utf8.AppendRune(out, a.runes[t.s[i]])
		for ; n < len(out); n++ {
			from = append(from, places[i])
		}
	}
	return text{s: string(out), from: from, limit: t.limit}
}

// decode appends the bytes that the characters of a piece stand for, or where one of them
// stands for none, the piece as it is.
func (a *byteAlphabet) decode(out []byte, piece string) []byte {
	n := len(out)
	for _, r := range piece {
		b, known := a.bytes[r]
		if !known {
			return append(out[:n], piece...)
		}
		out = append(out, b)
	}
	return out
}
