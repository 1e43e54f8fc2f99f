package layout

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const closing = ".,;:!?)]}%" // no space before these

// besides joins two texts of one line: with a space, but for none beside a Chinese or Japanese
// character, whose scripts have no spaces, and none before what closes a text.
func besides(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if isSpaceless(last) || isSpaceless(first) || strings.ContainsRune(closing, first) {
		return a + b
	}
	return a + " " + b
}

// join joins the texts of two lines. The hyphen of a word that is divided goes; that of two
// words which hang together stays.
func join(a, b string) string {
	stem, divided := cutHyphen(a)
	if !divided {
		return besides(a, b)
	}
	first, _ := utf8.DecodeRuneInString(b)
	switch {
	case unicode.IsLower(first):
		return stem + b
	case unicode.IsLetter(first) || unicode.IsDigit(first):
		return a + b
	}
	return besides(a, b)
}

// cutHyphen takes the hyphen off the end of a text that ends in a letter and a hyphen.
func cutHyphen(s string) (stem string, ok bool) {
	for _, hyphen := range []string{"-", "\u2010", "\u00ad"} {
		if stem, ok := strings.CutSuffix(s, hyphen); ok {
			last, _ := utf8.DecodeLastRuneInString(stem)
			return stem, unicode.IsLetter(last) && !isSpaceless(last)
		}
	}
	return s, false
}

// isSpaceless reports whether a character belongs to Chinese or Japanese, their punctuation and
// their full-width forms included. Korean puts spaces between words.
func isSpaceless(r rune) bool {
	switch {
	case r >= 0x2e80 && r <= 0x9fff: // radicals, punctuation, kana, ideographs
		return !unicode.Is(unicode.Hangul, r)
	case r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe4f, r >= 0xff00 && r <= 0xff9f:
		return true
	}
	return r >= 0x20000 && r <= 0x3ffff
}

// cellCount is how many cells of a fixed-width type a text takes: two for each Chinese, Japanese
// or Korean character.
func cellCount(s string) int {
	n := 0
	for _, r := range s {
		n++
		if isSpaceless(r) && (r < 0xff61 || r > 0xff9f) || unicode.Is(unicode.Hangul, r) {
			n++
		}
	}
	return n
}
