package tokenize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// gpt2 finds the words of GPT-2, RoBERTa and BART. It is the expression
//
//	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// by hand, because that is ten times as fast.
type gpt2 struct{}

func (gpt2) find(s string, hit func(start, end int)) {
	for start := 0; start < len(s); {
		end := start + gpt2Word(s[start:])
		hit(start, end)
		start = end
	}
}

// gpt2Word returns the length of the word that s begins with.
func gpt2Word(s string) int {
	for _, ending := range []string{"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"} {
		if strings.HasPrefix(s, ending) {
			return len(ending)
		}
	}
	start := 0
	if s[0] == ' ' {
		start = 1
	}
	if r, _ := utf8.DecodeRuneInString(s[start:]); start < len(s) && !unicode.IsSpace(r) {
		class := gpt2Class(r)
		return start + lengthWhile(s[start:], func(r rune) bool { return gpt2Class(r) == class })
	}
	length := lengthWhile(s, unicode.IsSpace)
	if length == len(s) {
		return length
	}
	// The last one belongs to the word behind, unless it is alone.
	if _, last := utf8.DecodeLastRuneInString(s[:length]); last < length {
		return length - last
	}
	return length
}

// gpt2Class tells letters, digits and the rest apart; white space is a class of its own.
func gpt2Class(r rune) int {
	switch {
	case unicode.IsLetter(r):
		return 1
	case unicode.IsNumber(r):
		return 2
	case unicode.IsSpace(r):
		return 0
	}
	return 3
}

// lengthWhile returns how many bytes s begins with whose characters f is true of.
func lengthWhile(s string, f func(rune) bool) int {
	for i, r := range s {
		if !f(r) {
			return i
		}
	}
	return len(s)
}
