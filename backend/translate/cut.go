package translate

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// clauseEnd is where a sentence may be cut when it has to be, with what follows that mark.
var clauseEnd = regexp.MustCompile(`[,;:،؛]\s+|[，；：、—–]+\s*|་ ?|\s[-–—]\s`)

var whiteSpace = regexp.MustCompile(`\s+`)

// halve cuts a text near its middle: behind the end of a clause if there is one in the middle
// half, else at white space, else between two characters. The second half is empty where there
// is nothing to cut.
func halve(text string) (first, second string) {
	middle := len(text) / 2
	for _, where := range []*regexp.Regexp{clauseEnd, whiteSpace} {
		if at := nearest(where, text, middle); at > len(text)/4 && at < len(text)-len(text)/4 {
			return text[:at], text[at:]
		}
	}
	for middle > 0 && !utf8.RuneStart(text[middle]) {
		middle--
	}
	return text[:middle], text[middle:]
}

// nearest is the end of the match that ends nearest to the place at.
func nearest(where *regexp.Regexp, text string, at int) int {
	found := 0
	for _, m := range where.FindAllStringIndex(text, -1) {
		if abs(m[1]-at) < abs(found-at) {
			found = m[1]
		}
	}
	return found
}

func abs(n int) int { return max(n, -n) }

// pieces cuts a text into parts of at most limit ids each. White space is where it was.
func (t *Translator) shorten(text string, d direction, limit int) []string {
	if len(t.encode(text, d)) <= limit {
		return []string{text}
	}
	first, second := halve(text)
	if strings.TrimSpace(first) == "" || strings.TrimSpace(second) == "" {
		return []string{text}
	}
	return append(t.shorten(first, d, limit), t.shorten(second, d, limit)...)
}
