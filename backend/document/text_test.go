package document_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestDecodeText(t *testing.T) {
	const traditional = "墨池是一個在本機執行的文字辨識與翻譯程式，資料不會離開這臺電腦。"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(traditional)
	if err != nil {
		t.Fatal(err)
	}
	gb18030, err := simplifiedchinese.GB18030.NewEncoder().String("你好，世界！€ 𠀀 ñ")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, data, want string }{
		{"ASCII", "a\tb\r\nc\f\n", "a\tb\r\nc\f\n"},
		{"UTF-8", "墨池 inkpool 😀", "墨池 inkpool 😀"},
		{"UTF-8 with a mark", "\xef\xbb\xbfhello", "hello"},
		{"mark only", "\xef\xbb\xbf", ""},
		{"UTF-16 little endian with a mark", "\xff\xfe\xa8\x58\x60\x6c\x3d\xd8\x00\xde", "墨池😀"},
		{"UTF-16 big endian with a mark", "\xfe\xff\x58\xa8\x6c\x60\xd8\x3d\xde\x00", "墨池😀"},
		{"UTF-16 little endian", "h\x00i\x00,\x00 \x00\xa8\x58", "hi, 墨"},
		{"UTF-16 big endian", "\x00h\x00i\x00,\x00 \x58\xa8", "hi, 墨"},
		{"GB 2312", "\xc4\xe3\xba\xc3", "你好"},
		{"GBK, traditional", gbk, traditional},
		{"GB18030, four bytes a character", gb18030, "你好，世界！€ 𠀀 ñ"},
	} {
		got, err := document.DecodeText([]byte(tt.data), document.Limits{})
		if err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestDecodeTextRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       inkpool.Code
	}{
		{"nothing", "", inkpool.CodeInvalid},
		{"Latin-1", "Le caf\xe9 est tr\xe8s bon, \xe0 la fran\xe7aise", inkpool.CodeInvalid},
		{"Latin-1 that is also GBK", "r\xe9sum\xe9s na\xefvely written", inkpool.CodeInvalid},
		{"UTF-8 cut", "墨池，文字辨識\xe6", inkpool.CodeInvalid},
		{"what Git LFS puts in place of a file", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", inkpool.CodeInvalid},
		{"zeros within", "hello\x00world", inkpool.CodeUnsupportedFormat},
		{"zeros behind plenty of text", strings.Repeat("hello ", 2000) + "\x00", inkpool.CodeUnsupportedFormat},
		{"escape sequences", "\x1b[1mhello", inkpool.CodeUnsupportedFormat},
		{"UTF-16 of odd length", "\xff\xfea\x00b", inkpool.CodeUnsupportedFormat},
		{"UTF-16 with half a pair", "\xff\xfe\x3d\xd8a\x00", inkpool.CodeUnsupportedFormat},
		{"UTF-16 with controls", "\xff\xfea\x00\x01\x00", inkpool.CodeUnsupportedFormat},
		{"a picture", "GIF89a\x01\x00\x01\x00\x00\x00\x00", inkpool.CodeUnsupportedFormat},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := document.DecodeText([]byte(tt.data), document.Limits{})
			wantCode(t, err, tt.want)
		})
	}
}

func TestDecodeTextObeysLimit(t *testing.T) {
	lim := document.Limits{MaxTextBytes: 5}
	if _, err := document.DecodeText([]byte("12345"), lim); err != nil {
		t.Errorf("at the limit: got %v, want no error", err)
	}
	_, err := document.DecodeText([]byte("123456"), lim)
	wantCode(t, err, inkpool.CodeTooLarge)
}

// The name of a known format helps more than "not a text".
func TestDecodeTextNamesOtherFormats(t *testing.T) {
	_, err := document.DecodeText([]byte("%PDF-1.7\n\x00\x01"), document.Limits{})
	if err == nil || !strings.Contains(err.Error(), "PDF") {
		t.Errorf("got %v, want an error that names PDF", err)
	}
}
