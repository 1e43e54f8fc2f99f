package language

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	samples    = 8   // pieces of a long text that are looked at, spread evenly from its beginning to its end
	sampleSize = 768 // bytes of each
)

// sample returns all of a text that is short, and evenly spread pieces of a long one.
func sample(text string) string {
	if len(text) <= samples*sampleSize {
		return text
	}
	var b strings.Builder
	for i := range samples {
		start := i * (len(text) - sampleSize) / (samples - 1)
		b.WriteString(whole(text[start : start+sampleSize]))
		b.WriteByte(' ')
	}
	return b.String()
}

// whole takes the halves of characters off the ends of a piece.
func whole(piece string) string {
	for range utf8.UTFMax - 1 {
		if len(piece) > 0 && !utf8.RuneStart(piece[0]) {
			piece = piece[1:]
		}
	}
	for range utf8.UTFMax - 1 {
		if r, n := utf8.DecodeLastRuneInString(piece); r == utf8.RuneError && n == 1 {
			piece = piece[:len(piece)-1]
		}
	}
	return piece
}

// word is a run of letters of one script.
type word struct {
	text   string
	script script
}

// split returns the words of a text, without those that belong to no language.
func split(text string) []word {
	var words []word
	for _, field := range fields(text) {
		if !isCode(field) {
			words = appendWords(words, field)
		}
	}
	return words
}

// fields cuts a text at white space, and between Latin letters and scripts that put no
// spaces: there an address may stand amid a sentence.
func fields(text string) []string {
	var out []string
	start, before := 0, false
	end := func(i int) {
		if start < i {
			out = append(out, text[start:i])
		}
	}
	for i, r := range text {
		switch dense := isDense(r); {
		case unicode.IsSpace(r):
			end(i)
			start = i + utf8.RuneLen(r)
		case dense != before:
			end(i)
			start, before = i, dense
		}
	}
	end(len(text))
	return out
}

// isDense reports whether r is of the letters and marks of East Asia, which need no spaces.
func isDense(r rune) bool {
	return r >= 0x2e80 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xff0f || r >= 0x20000 && r <= 0x3ffff
}

// appendWords adds the words of a field. Marks belong to the letter before them, as do
// apostrophes between letters.
func appendWords(words []word, field string) []word {
	start, current := -1, script(0)
	end := func(i int) {
		if start >= 0 {
			words = append(words, word{strings.TrimRight(field[start:i], "'’"), current})
		}
		start = -1
	}
	for i, r := range field {
		switch {
		case unicode.Is(unicode.M, r) || isJoiner(r):
		case unicode.IsLetter(r):
			s := scriptOf(r)
			if start >= 0 && (s == current || s == unknown) {
				continue
			}
			end(i)
			start, current = i, s
		default:
			end(i)
		}
	}
	end(len(field))
	return words
}

// isJoiner reports whether a word may go on after r: apostrophes, what joins and parts
// letters of Arabic and Indian scripts, and the hyphen that is seen at the end of lines only.
func isJoiner(r rune) bool {
	switch r {
	case '\'', '’', '\u200c', '\u200d', '\u00ad':
		return true
	}
	return false
}

// Words returns the words of text in the script that most of it is in, and the languages
// that they can be in.
func Words(text string) (words, languages []string) {
	script, words, _ := dominant(split(sample(text)))
	return words, script.languages(words)
}
