package score

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Normalize brings s into the form in which texts are compared: NFKC, folded case if
// caseless, and no white space.
func Normalize(s string, caseless bool) string {
	return strings.Map(dropSpace, fold(s, caseless))
}

func fold(s string, caseless bool) string {
	s = norm.NFKC.String(s)
	if caseless {
		s = cases.Fold().String(s)
	}
	return s
}

func dropSpace(r rune) rune {
	if isSpace(r) {
		return -1
	}
	return r
}

// isSpace tells white space, the four information separators U+001C..U+001F included:
// Unicode calls them separators of paragraphs, unicode.IsSpace does not know them.
func isSpace(r rune) bool { return unicode.IsSpace(r) || (r >= 0x1c && r <= 0x1f) }

// Line is one line of a text in the form in which texts are compared.
type Line struct {
	Chars []rune // without white space
	Gaps  []bool // whether a space separates words before each of Chars
}

// Lines splits a text at its line feeds and tabs; lines without a character are left out. A tab
// stands between the cells of a row: programs that see the same cells disagree on the rows.
func Lines(s string, caseless bool) []Line {
	var lines []Line
	for text := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\t' }) {
		if line := normalizeLine(text, caseless); len(line.Chars) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

func normalizeLine(s string, caseless bool) Line {
	var line Line
	space, last := false, '\u3001' // at the beginning nothing is separated
	for _, r := range fold(s, caseless) {
		if isSpace(r) {
			space = true
			continue
		}
		line.Chars = append(line.Chars, r)
		line.Gaps = append(line.Gaps, space && !isUnspaced(last) && !isUnspaced(r))
		space, last = false, r
	}
	return line
}

// isUnspaced tells the characters of scripts that are written without spaces between words:
// beside them, a space is a matter of taste.
func isUnspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || (r >= 0x3001 && r <= 0x301f)
}

// spaced is the whole text in the form in which texts are compared, with one space between
// words. A line end separates words, too.
func spaced(s string, caseless bool) []rune {
	text := normalizeLine(s, caseless)
	var out []rune
	for i, r := range text.Chars {
		if text.Gaps[i] {
			out = append(out, ' ')
		}
		out = append(out, r)
	}
	return out
}
