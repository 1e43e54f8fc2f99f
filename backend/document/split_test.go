package document_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/document"
)

func TestSplitText(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		size       int
		want       []string
	}{
		{"short", "hello", 5, []string{"hello"}},
		{"empty", "", 5, []string{""}},
		{"blank line", "one.\n\ntwo\nthree", 12, []string{"one.\n\n", "two\nthree"}},
		{"blank line of Windows", "one.\r\n\r\ntwo three", 12, []string{"one.\r\n\r\n", "two three"}},
		{"lines of Windows", "one two\r\nthree", 8, []string{"one ", "two\r\n", "three"}},
		{"lines of old Macs", "one\rtwo\rthree", 9, []string{"one\rtwo\r", "three"}},
		{"line ends of both", "o\r\r\nthree", 4, []string{"o\r", "\r\n", "thre", "e"}},
		{"line end", "one two\nthree", 10, []string{"one two\n", "three"}},
		{"sentence", "One two. Three", 12, []string{"One two. ", "Three"}},
		{"Chinese sentence", "墨池。文字", 12, []string{"墨池。", "文字"}},
		{"word", "abcdef ghij", 9, []string{"abcdef ", "ghij"}},
		{"letters", "abcdefgh", 4, []string{"abcd", "efgh"}},
		{"characters", "墨池文字", 7, []string{"墨池", "文字"}},
		{"a blank line too early", "a\n\nbcdefghijk", 8, []string{"a\n\nbcdef", "ghijk"}},
	} {
		if diff := cmp.Diff(tt.want, document.SplitText(tt.text, tt.size)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func FuzzSplitText(f *testing.F) {
	f.Add("墨池。\n\nOne two. 三", 9)
	f.Add("0\r\r\n0", 4)
	f.Fuzz(func(t *testing.T, text string, size int) {
		size = max(size%100, utf8.UTFMax)
		parts := document.SplitText(text, size)
		if got := strings.Join(parts, ""); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
		for i, p := range parts {
			if strings.HasSuffix(p, "\r") && i+1 < len(parts) && strings.HasPrefix(parts[i+1], "\n") {
				t.Errorf("got %q cut within the end of a line", p)
			}
			if len(p) > size || utf8.ValidString(text) && !utf8.ValidString(p) {
				t.Errorf("got part %q, want whole characters in at most %d bytes", p, size)
			}
		}
	})
}
