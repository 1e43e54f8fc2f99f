package translate

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// line is a line of a text, or a cell of one that has tabs, taken apart: before+body+after is
// all of it.
type line struct {
	before string // indentation and the mark of a list
	body   string
	after  string // white space and the end of the line
	fixed  bool   // the body is nothing to translate
}

// splitLines takes a text apart; the lines make it up.
func splitLines(text string) []line {
	var lines []line
	for text != "" {
		end := strings.IndexAny(text, "\n\r\v\f\u0085\u2028\u2029")
		if end < 0 {
			return appendCells(lines, text, "")
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		if strings.HasPrefix(text[end:], "\r\n") {
			size = 2
		}
		lines = appendCells(lines, text[:end], text[end:end+size])
		text = text[end+size:]
	}
	return lines
}

// appendCells cuts a line that ends with end at its tabs, but for those it begins with.
func appendCells(lines []line, text, end string) []line {
	for {
		indent := len(text) - len(strings.TrimLeft(text, " \t"))
		tab := strings.IndexByte(text[indent:], '\t')
		if tab < 0 {
			return append(lines, parseLine(text, end))
		}
		lines = append(lines, parseLine(text[:indent+tab], "\t"))
		text = text[indent+tab+1:]
	}
}

func parseLine(text, end string) line {
	mark := listMark(text)
	body := strings.TrimRightFunc(text[mark:], unicode.IsSpace)
	return line{
		before: text[:mark],
		body:   body,
		after:  text[mark+len(body):] + end,
		fixed:  isFixed(body),
	}
}

// mark is the beginning of a line that is not a part of its text: bullets, numbers, letters,
// headings, quoting, boxes to tick. A number with a full stop needs a space behind it, or a
// Chinese character, as "1.5" is none.
var mark = regexp.MustCompile(`^\s*(?:` +
	`[-–—*+•·●○■□▪▶►‣◦※◆◇★☆]+\s+|[•●■▪►‣◦※◆]|` +
	`(?:>\s*)+|#{1,6}\s+|\[[ xX✓]?\]\s+|[☐☑☒✓✔]\s*|[①-⑳㈠-㈩]\s*|` +
	`[(（][0-9一二三四五六七八九十a-zA-Zivx]{1,4}[)）]\s*|` +
	`[0-9]{1,3}(?:\.[0-9]{1,3})*[.)]?\s+|[0-9]{1,3}(?:[、．）]|[.)]\s+)\s*|` +
	`(?:第)?[一二三四五六七八九十]{1,3}[、．]\s*|[a-zA-Z][.)]\s+|[ivxIVX]{1,5}[.)]\s+` +
	`)+|^\s+`)

// numberBeforeHan is a number with a full stop right before Chinese.
var numberBeforeHan = regexp.MustCompile(`^\s*[0-9]{1,3}[.)]\p{Han}`)

// listMark is how long the mark and the indentation of a line are, in bytes.
func listMark(text string) int {
	if m := numberBeforeHan.FindString(text); m != "" {
		_, last := utf8.DecodeLastRuneInString(m)
		return len(m) - last
	}
	n := len(mark.FindString(text))
	next, _ := utf8.DecodeRuneInString(text[n:])
	quantity := plainNumber.MatchString(text[:n]) || decimalNumber.MatchString(text[:n]) && unicode.IsLower(next)
	if strings.TrimSpace(text[n:]) == "" || quantity {
		return len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	}
	return n
}

// Numbers that a sentence begins with: "12 months", and "1.5 litres" unlike "1.5 Litres", which
// is a heading.
var (
	plainNumber   = regexp.MustCompile(`^\s*[0-9]+\s+$`)
	decimalNumber = regexp.MustCompile(`^\s*[0-9]+\.[0-9]+\s+$`)
)

// address is what stands for itself: a URL, a mail address, a path of a file (of two names at
// least where it begins with a slash, as in "km/h" and "</p>" there is one).
var address = regexp.MustCompile(`(?i)` +
	`\b(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>"“”‘’（）《》，。；、]*[^\s<>"“”‘’（）《》，。；、.,;:!?)\]]|` +
	`[\p{L}0-9._%+-]+@[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)+|` +
	`(?:\b[a-z]:\\|\\\\|\B~/|\B\.{1,2}/|\B/[\p{L}0-9._-]+/)` + fileName + `(?:[/\\]` + fileName + `)*[/\\]?`)

const fileName = `[\p{L}0-9._-]*[\p{L}0-9_-]` // a full stop behind it ends the sentence

// isFixed reports whether a line is nothing to translate: it has no letters, or only addresses.
func isFixed(body string) bool {
	rest := address.ReplaceAllString(body, "")
	return !strings.ContainsFunc(rest, unicode.IsLetter)
}

// wrapsAt is how wide the lines of a paragraph are at least where it was wrapped by hand, in
// columns of a terminal: mail and manual pages have 65 to 80, Chinese texts 60 and more.
const wrapsAt = 50

// continues reports whether b goes on with the sentence of a: a does not end one and is no cell,
// b has no mark of its own, and either b's first word would not have fitted into the widest line
// of the paragraph, which is as wide as lines are that somebody wrapped, or b begins in lower
// case.
func continues(a, b line, widest int) bool {
	if a.fixed || b.fixed || strings.TrimSpace(b.before) != "" || a.body == "" || b.body == "" || endsSentence(a.body) || strings.HasSuffix(a.after, "\t") {
		return false
	}
	first, _ := utf8.DecodeRuneInString(b.body)
	if unicode.IsLower(first) && columns(a.before+a.body) >= wrapsAt/2 {
		return true
	}
	room := columns(a.before+a.body) + columns(firstWord(b.body))
	if !spaceless(first) {
		room++
	}
	return widest >= wrapsAt && room > widest
}

// endsSentence reports whether nothing can follow in the same sentence.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, `"'”’»)]）】》」』`)
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?:。！？：；…།༎؟۔।", r)
}

// firstWord is what cannot be broken at the beginning of a line; of Chinese one character.
func firstWord(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if spaceless(first) {
		return s[:size]
	}
	if end := strings.IndexFunc(s, unicode.IsSpace); end > 0 {
		return s[:end]
	}
	return s
}

// columns is how wide a text is on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n++
		}
		if !unicode.Is(unicode.Mn, r) {
			n++
		}
	}
	return n
}

// appendLine adds a line to those before it in one sentence: with a space where their script has
// spaces, and without the hyphen of a word that was broken.
func appendLine(to []byte, b string) []byte {
	last, size := utf8.DecodeLastRune(to)
	first, _ := utf8.DecodeRuneInString(b)
	before, _ := utf8.DecodeLastRune(to[:len(to)-size])
	switch {
	case last == '\u00AD', last == '-' && unicode.IsLower(before) && unicode.IsLower(first):
		to = to[:len(to)-size]
	case !spaceless(last) || !spaceless(first):
		to = append(to, ' ')
	}
	return append(to, b...)
}

// spaceless reports whether a script has no spaces between words nor sentences: Chinese and
// Japanese, with their punctuation.
func spaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF60
}
