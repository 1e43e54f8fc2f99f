package language

import (
	"strings"
	"unicode"
)

// isCode reports whether a field is for machines: an address, a path, a name in a program,
// a number with its unit.
func isCode(field string) bool {
	field = strings.Trim(field, ".,;:!?()[]\"'«»„“”…_*") // and the lines of forms
	return strings.ContainsAny(field, `_\={}<>$|`) ||
		strings.Contains(field, "://") || strings.Contains(field, "::") || strings.Contains(field, "()") ||
		strings.Contains(field, "->") || strings.HasPrefix(field, "www.") ||
		strings.HasPrefix(field, "/") || strings.HasPrefix(field, "~/") || strings.HasPrefix(field, "--") ||
		strings.Count(field, "/") > 1 || isMail(field) || isFileName(field) || hasMixedWord(field)
}

// isMail also takes what people are called by on the web: @someone.
func isMail(field string) bool {
	at := strings.IndexByte(field, '@')
	return at >= 0 && at < len(field)-1
}

// isFileName finds a point followed by two small letters or digits: main.go, example.com. What
// OCR glued together, end.Next, is none, nor is z.B. or e.g.
func isFileName(field string) bool {
	for i := 1; i < len(field)-2; i++ {
		if field[i] == '.' && isWordByte(field[i-1]) && isSmall(field[i+1]) && isSmall(field[i+2]) {
			return true
		}
	}
	return false
}

func isWordByte(b byte) bool { return isSmall(b) || 'A' <= b && b <= 'Z' }
func isSmall(b byte) bool    { return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' }

// hasMixedWord finds a digit beside a Latin letter (x86, 10th, 5km) and a capital in the
// midst of a word (getElementById). Irish has capitals after one or two letters (bhFrainc).
func hasMixedWord(field string) bool {
	small := 0 // letters directly before
	var before rune
	for _, r := range field {
		switch {
		case isDigit(r) && isASCIILetter(before), isASCIILetter(r) && isDigit(before):
			return true
		case unicode.IsLower(r):
			small++
		case unicode.IsUpper(r) && small > 2:
			return true
		default:
			small = 0
		}
		before = r
	}
	return false
}

func isDigit(r rune) bool       { return '0' <= r && r <= '9' }
func isASCIILetter(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }
