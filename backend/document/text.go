package document

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// DecodeText returns a text as UTF-8 without byte order mark, line ends as they are. It reads
// UTF-8, UTF-16 (either order, with a mark or where its characters show it), GB18030, which
// includes GBK and GB 2312, Big5 and Shift JIS; see eastern.go for how it tells these apart.
// Other encodings, such as Latin-1, are CodeInvalid, as are empty texts; what holds control
// characters is no text: CodeUnsupportedFormat.
func DecodeText(data []byte, lim Limits) (string, error) {
	if len(data) == 0 {
		return "", empty()
	}
	if most := lim.withDefaults().MaxTextBytes; int64(len(data)) > most {
		return "", inkpool.Errorf(inkpool.CodeTooLarge, "this text is too long: %s; the limit is %s", inBytes(int64(len(data))), inBytes(most)).
			WithHint("Split it into smaller files and try again.")
	}
	if bytes.HasPrefix(data, []byte(lfsPointer)) {
		return "", inkpool.Errorf(inkpool.CodeInvalid, "this file is not there yet: it only says where Git LFS keeps it").
			WithHint("Run `git lfs pull` in its folder and add it again.")
	}
	text, enc := decodeText(data, true)
	switch enc {
	case noText:
		return "", Sniff(data).orUnknown().Unsupported()
	case otherEncoding:
		return "", inkpool.Errorf(inkpool.CodeInvalid, "the characters of this text cannot be read: it is damaged, or stored in an encoding that Inkpool does not know").
			WithHint("Open it in an editor, save it as UTF-8 and try again.")
	}
	return text, nil
}

// lfsPointer is how the texts begin that Git puts in the place of large files (Git LFS,
// docs/spec.md).
const lfsPointer = "version https://git-lfs.github.com/spec/v1\noid sha256:"

// orUnknown is f, except that what Sniff took for a text from its beginning turned out to be none.
func (f Format) orUnknown() Format {
	if f.Kind() == inkpool.KindText {
		return FormatUnknown
	}
	return f
}

// sniffText tells text from everything else, and the few formats that are text from plain text.
func sniffText(head []byte) Format {
	if len(head) == 0 {
		return FormatUnknown
	}
	text, enc := decodeText(head, false)
	if enc == noText {
		return FormatUnknown
	}
	start := strings.ToLower(text[:min(len(text), 1024)])
	if lead := strings.TrimLeft(start, " \t\r\n"); strings.HasPrefix(lead, "<svg") ||
		(strings.HasPrefix(lead, "<?xml") || strings.HasPrefix(lead, "<!")) && strings.Contains(lead, "<svg") {
		return FormatSVG
	}
	return FormatText
}

// textEncoding is how the bytes of a text stand for characters.
type textEncoding int

const (
	noText        textEncoding = iota // binary data
	otherEncoding                     // probably a text, but damaged or in an encoding that is not read
	encUTF8
	encUTF16
	encGB18030
	encBig5
	encShiftJIS
)

// decodeText decodes data with the first encoding that fits. Without whole, data is the
// beginning of a longer text and may end within a character.
func decodeText(data []byte, whole bool) (string, textEncoding) {
	if order, rest := utf16Order(data); order != nil {
		if text, ok := decodeUTF16(rest, order, whole); ok {
			return text, encUTF16
		}
		return "", noText
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if hasControls(data) {
		if text, ok := guessUTF16(data, whole); ok {
			return text, encUTF16
		}
		return "", noText
	}
	if text, ok := decodeUTF8(data, whole); ok {
		return text, encUTF8
	}
	if brokenUTF8(data) {
		return string(data), otherEncoding
	}
	if text, enc := decodeEastern(data, whole); enc != noText {
		return text, enc
	}
	if mostlyASCII(data) {
		return string(data), otherEncoding
	}
	return "", noText
}

// hasControls reports bytes that no text holds. Every encoding tried after it keeps the
// control characters of ASCII.
func hasControls(data []byte) bool {
	for _, b := range data {
		if isControl(rune(b)) {
			return true
		}
	}
	return false
}

// isControl excepts tab, line feed, form feed and carriage return.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\f' && r != '\r' || r == 0x7f
}

func decodeUTF8(data []byte, whole bool) (string, bool) {
	if !whole {
		data = withoutPartialRune(data)
	}
	return string(data), utf8.Valid(data)
}

// withoutPartialRune drops the start of a UTF-8 sequence at the end.
func withoutPartialRune(data []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(data); i++ {
		tail := data[len(data)-i:]
		if utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return data[:len(data)-i]
			}
			break
		}
	}
	return data
}

// brokenUTF8 reports text that is UTF-8 but for a few bytes, which often decodes as GB18030
// without a gap, to nonsense. Text that really is GB18030 hardly holds whole UTF-8 characters.
func brokenUTF8(data []byte) bool {
	good, bad := 0, 0
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		data = data[n:]
	}
	return good > 4*bad
}

// utf16Order returns the byte order of UTF-16 and the text behind the mark, or nil. Without a
// mark it takes the order in which at least half of the first bytes form ASCII characters,
// whose other byte is 0; no other text has zeros.
func utf16Order(data []byte) (order binary.ByteOrder, rest []byte) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return binary.LittleEndian, data[2:]
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return binary.BigEndian, data[2:]
	}
	head := data[:min(len(data), SniffLen)]
	var little, big int
	for i := 0; i+1 < len(head); i += 2 {
		switch a, b := head[i], head[i+1]; {
		case b == 0 && a != 0 && a < utf8.RuneSelf:
			little++
		case a == 0 && b != 0 && b < utf8.RuneSelf:
			big++
		}
	}
	switch pairs := len(head) / 2; {
	case pairs == 0:
		return nil, nil
	case big == 0 && 2*little >= pairs:
		return binary.LittleEndian, data
	case little == 0 && 2*big >= pairs:
		return binary.BigEndian, data
	}
	return nil, nil
}

// decodeUTF16 refuses half surrogate pairs, odd lengths and control characters.
func decodeUTF16(data []byte, order binary.ByteOrder, whole bool) (string, bool) {
	if whole && len(data)%2 != 0 {
		return "", false
	}
	var b strings.Builder
	b.Grow(len(data))
	for i := 0; i+1 < len(data); i += 2 {
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) {
			if i+3 >= len(data) {
				return b.String(), !whole
			}
			i += 2
			if r = utf16.DecodeRune(r, rune(order.Uint16(data[i:]))); r == utf8.RuneError {
				return "", false
			}
		}
		if isControl(r) {
			return "", false
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// mostlyASCII reports whether three quarters of the bytes are plain characters, as in texts of
// European languages in any 8-bit encoding.
func mostlyASCII(data []byte) bool {
	plain := 0
	for _, b := range data {
		if b < utf8.RuneSelf {
			plain++
		}
	}
	return 4*plain >= 3*len(data)
}
