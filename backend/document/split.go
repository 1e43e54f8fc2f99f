package document

import (
	"strings"
	"unicode/utf8"
)

// SplitText cuts a text into parts of at most size bytes, at least one, which joined are the
// text again. It cuts behind a blank line if there is one in the second half of a part, or
// else behind the end of a line, of a sentence, or of a word, and only then within one, but
// never within a character, or between the two that end a line on Windows. size is at least
// utf8.UTFMax.
func SplitText(text string, size int) []string {
	var out []string
	for len(text) > size {
		at := cut(text, size)
		out = append(out, text[:at])
		text = text[at:]
	}
	return append(out, text)
}

// cut returns where to cut the first part off a text that is longer than size.
func cut(text string, size int) int {
	if text[size-1] == '\r' && text[size] == '\n' {
		size--
	}
	head := text[:size]
	for _, ends := range [][]string{
		{"\n\n", "\r\n\r\n", "\r\r"},
		{"\n", "\r"},
		{"。", "！", "？", ". ", "! ", "? "},
		{" ", "，", "、"},
	} {
		last := 0
		for _, end := range ends {
			if i := strings.LastIndex(head, end); i >= 0 && i+len(end) >= size/2 {
				last = max(last, i+len(end))
			}
		}
		if last > 0 && text[last-1] == '\r' && text[last] == '\n' {
			last-- // the end of a line of old Macs before one of Windows
		}
		if last > 0 {
			return last
		}
	}
	at := size
	for at > 1 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
