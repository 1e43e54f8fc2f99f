package document_test

import (
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestSniff(t *testing.T) {
	for _, tt := range []struct {
		head string
		want document.Format
	}{
		{"", document.FormatUnknown},
		{"\xff\xd8\xff\xe0\x00\x10JFIF", document.FormatJPEG},
		{"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", document.FormatPNG},
		{"\x09PNG\r\n\x1a\n\x00\x00\x00\rIHDR", document.FormatPNG},
		{"\x89PNG\r\n\x1a\n\x00\x00\x00\x04CgBI\x50\x00\x20\x02", document.FormatApplePNG},
		{"GIF89a\x01\x00\x01\x00", document.FormatGIF},
		{"GIF pictures are old", document.FormatText},
		{"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", document.FormatBMP},
		{"BMW builds cars in Munich", document.FormatText},
		{"II*\x00\x08\x00\x00\x00", document.FormatTIFF},
		{"MM\x00*\x00\x00\x00\x08", document.FormatTIFF},
		{"II+\x00\x08\x00\x00\x00", document.FormatBigTIFF},
		{"RIFF\x24\x00\x00\x00WEBPVP8 ", document.FormatWebP},
		{"RIFF\x24\x00\x00\x00WAVEfmt ", document.FormatAudio},
		{"RIFFs are fun to play", document.FormatUnknown},
		{"%PDF-1.7", document.FormatPDF},
		{"junk in front\n%PDF-1.7\n\xe2\xe3", document.FormatPDF},
		{"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", document.FormatHEIC},
		{"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1miaf", document.FormatHEIC},
		{"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", document.FormatAVIF},
		{"\x00\x00\x00\x14ftypisom\x00\x00\x02\x00mp42", document.FormatVideo},
		{"PK\x03\x04\x14\x00\x00\x00\x00\x00photos/a.jpg", document.FormatZip},
		{"PK\x03\x04\x0a\x00\x00\x00\x00\x00................mimetypeapplication/vnd.oasis.opendocument.text", document.FormatOffice},
		{"{\\rtf1\\ansi hello}", document.FormatRTF},
		{"\x7fELF\x02\x01\x01", document.FormatProgram},
		{"<svg xmlns='http://www.w3.org/2000/svg'>", document.FormatSVG},
		{"\n<!-- drawn by hand -->\n<svg>", document.FormatSVG},
		{"<!DOCTYPE html><html>", document.FormatText},
		{"version https://git-lfs.github.com/spec/v1", document.FormatText},
		{"hello", document.FormatText},
		{"\xef\xbb\xbfhello", document.FormatText},
		{"\xff\xfeh\x00i\x00", document.FormatText},
		{"h\x00e\x00l\x00l\x00o\x00", document.FormatText},
		{"\x00h\x00e\x00l\x00l\x00o", document.FormatText},
		{"\xc4\xe3\xba\xc3\xa3\xac\xca\xc0\xbd\xe7", document.FormatText}, // GB 2312
		{"hello\x00world", document.FormatUnknown},
		{"\x1b[31mred\x1b[0m", document.FormatUnknown},
		{"\x01\x02\x03\x04", document.FormatUnknown},
		{strings.Repeat("\x00", 4096), document.FormatUnknown},
	} {
		if got := document.Sniff([]byte(tt.head)); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.head, got, tt.want)
		}
	}
}

// A head is cut at any byte, also within a character of any encoding.
func TestSniffAcceptsTextCutAnywhere(t *testing.T) {
	const text = "墨池 reads 文字，" // three bytes a character in UTF-8
	gb := "\xc4\xab\xb3\xd8 reads \xce\xc4\xd7\xd6\xa3\xac"
	utf16 := "\xff\xfe\xa8\x58\x60\x6c\x3d\xd8\x00\xde" // 墨池 and an emoji
	for _, whole := range []string{text, gb, utf16} {
		for n := 3; n <= len(whole); n++ {
			if got := document.Sniff([]byte(whole[:n])); got != document.FormatText {
				t.Errorf("%q: got %q, want text", whole[:n], got)
			}
		}
	}
}

func TestFormatKind(t *testing.T) {
	for format, want := range map[document.Format]inkpool.Kind{
		document.FormatJPEG: inkpool.KindImage, document.FormatPNG: inkpool.KindImage, document.FormatGIF: inkpool.KindImage,
		document.FormatBMP: inkpool.KindImage, document.FormatTIFF: inkpool.KindImage, document.FormatWebP: inkpool.KindImage,
		document.FormatText: inkpool.KindText, document.FormatPDF: inkpool.KindUnknown, document.FormatUnknown: inkpool.KindUnknown,
	} {
		if got := format.Kind(); got != want {
			t.Errorf("%q: got %q, want %q", format, got, want)
		}
	}
}

func FuzzSniff(f *testing.F) {
	for _, seed := range []string{"", "hello", "\xff\xfeh\x00", "\x00\x00\x00\x18ftypheic", "RIFF\x00\x00\x00\x00WEBP", "\xc4\xe3\xba\xc3", "BM", "<svg"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		format := document.Sniff(head)
		if format.Name() == "" {
			t.Errorf("format %q has no name", format)
		}
		// What is whole and called a text must decode, or say that it is in another encoding.
		if format == document.FormatText && len(head) > 0 {
			if _, err := document.DecodeText(head, document.Limits{}); err != nil && inkpool.CodeOf(err) == inkpool.CodeInternal {
				t.Errorf("got %v, want a text or an error for people", err)
			}
		}
	})
}
