package document

import (
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Most texts in one of the East Asian encodings are also valid in the others, to nonsense of
// rare characters. So all are tried, and the text whose characters are the most common is it.
// Common ones are those that the standards themselves put first: level 1 of GB 2312 (3,755)
// and of Big5 (5,401), which make up 95 to 99 % of running text, and in Japanese encodings that
// of JIS X 0208 (2,965). Nonsense has a third.

// candidate is a way to read bytes as text.
type candidate struct {
	encoding textEncoding
	decode   func(data []byte, whole bool) (string, bool)
	japanese bool
}

// candidates are in the order in which they win when nothing else decides.
func candidates() []candidate {
	return []candidate{
		{encoding: encGB18030, decode: decodeGB18030},
		{encoding: encBig5, decode: decodeBig5},
		{encoding: encShiftJIS, decode: decodeShiftJIS, japanese: true},
	}
}

const (
	leastCommon = 0.6  // the share of common characters that makes a text
	allCommon   = 0.95 // that which needs no second look
)

// decodeEastern decodes data as whichever encoding it looks most like, or says noText. What does
// not look quite right is UTF-16 if it looks like that.
func decodeEastern(data []byte, whole bool) (string, textEncoding) {
	text, enc, share := mostLikely(data, whole)
	if share < allCommon {
		if text, ok := guessUTF16(data, whole); ok {
			return text, encUTF16
		}
	}
	return text, enc
}

// mostLikely returns the candidate with the most common characters, if they are enough.
func mostLikely(data []byte, whole bool) (best string, enc textEncoding, most float64) {
	most = leastCommon
	for _, c := range candidates() {
		text, ok := c.decode(data, whole)
		if !ok {
			continue
		}
		if share := commonShare(text, c.japanese); share > most || share == most && enc == noText {
			best, enc, most = text, c.encoding, share
		}
	}
	return best, enc, most
}

// commonShare returns how many of the letters at the beginning of a text are common, 0..1, and 1
// for a text without any. Those of ASCII do not count. Chinese punctuation does, for it is what
// nonsense lacks; other signs say nothing. Greek, Russian and kana are what Big5 and Japanese
// become in GB18030.
func commonShare(text string, isJapanese bool) float64 {
	const enough = 8 << 10 // bytes
	firstLevel := newFirstLevel(isJapanese)
	letters, common := 0, 0
	for _, r := range text[:min(len(text), enough)] {
		switch {
		case r < utf8.RuneSelf, r == utf8.RuneError: // the last may be cut
		case isEasternPunctuation(r):
			letters++
			common++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			letters++
			if isJapanese && !isHalfWidth(r) {
				common++
			}
		case unicode.IsLetter(r) || unicode.Is(unicode.Co, r):
			letters++
			if firstLevel.has(r) {
				common++
			}
		}
	}
	if letters == 0 {
		return 1
	}
	return float64(common) / float64(letters)
}

// isEasternPunctuation includes the wide forms of ASCII.
func isEasternPunctuation(r rune) bool {
	return r >= 0x3000 && r <= 0x3011 || r > 0xff00 && r < 0xff5f
}

// isHalfWidth reports katakana of one byte, which any bytes are in Shift JIS.
func isHalfWidth(r rune) bool { return r >= 0xff61 && r <= 0xff9f }

// firstLevel knows the characters that a standard counts among the common ones.
type firstLevel []level

// level is the codes of such characters in one encoding of two bytes.
type level struct {
	encoder        *encoding.Encoder
	from, to       uint16
	leastTrailByte byte
}

func newFirstLevel(isJapanese bool) firstLevel {
	l := firstLevel{
		{simplifiedchinese.GBK.NewEncoder(), 0xb0a1, 0xd7f9, 0xa1},
		{traditionalchinese.Big5.NewEncoder(), 0xa440, 0xc67e, 0},
	}
	if isJapanese {
		l = append(l, level{japanese.ShiftJIS.NewEncoder(), 0x889f, 0x9872, 0})
	}
	return l
}

func (f firstLevel) has(r rune) bool {
	for _, l := range f {
		b, err := l.encoder.Bytes([]byte(string(r)))
		if err != nil || len(b) != 2 || b[1] < l.leastTrailByte {
			continue
		}
		if c := binary.BigEndian.Uint16(b); c >= l.from && c <= l.to {
			return true
		}
	}
	return false
}

// decodeBig5 accepts what decodes without a gap.
func decodeBig5(data []byte, whole bool) (string, bool) {
	return decodePairs(traditionalchinese.Big5, data, whole, func(c byte) bool { return c >= utf8.RuneSelf })
}

// decodeShiftJIS accepts what decodes without a gap.
func decodeShiftJIS(data []byte, whole bool) (string, bool) {
	return decodePairs(japanese.ShiftJIS, data, whole, func(c byte) bool {
		return c >= 0x81 && c <= 0x9f || c >= 0xe0
	})
}

// decodePairs decodes an encoding of one byte, or of two where the first is a lead.
func decodePairs(e encoding.Encoding, data []byte, whole bool, isLead func(byte) bool) (string, bool) {
	for i := 0; i < len(data); i++ {
		if !isLead(data[i]) {
			continue
		}
		if i++; i == len(data) {
			if whole {
				return "", false
			}
			data = data[:i-1]
		}
	}
	return decoded(e, data)
}

// decoded decodes data, unless there is anything in it that the encoding does not know.
func decoded(e encoding.Encoding, data []byte) (string, bool) {
	text, err := e.NewDecoder().String(string(data))
	return text, err == nil && !strings.ContainsRune(text, utf8.RuneError)
}

// decodeGB18030 accepts what decodes without a gap.
func decodeGB18030(data []byte, whole bool) (string, bool) {
	for i := 0; i < len(data); {
		n := gbLength(data[i:])
		if n == 0 {
			if whole || len(data)-i >= 4 {
				return "", false
			}
			data = data[:i]
			break
		}
		i += n
	}
	return decoded(simplifiedchinese.GB18030, data)
}

// gbLength returns how many bytes the first GB18030 character of b takes, 0 if there is none.
func gbLength(b []byte) int {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	lead := func(c byte) bool { return c >= 0x81 && c <= 0xfe }
	switch {
	case b[0] < utf8.RuneSelf:
		return 1
	case !lead(b[0]) || len(b) < 2:
		return 0
	case b[1] >= 0x40 && b[1] != 0x7f && b[1] != 0xff:
		return 2
	case len(b) >= 4 && digit(b[1]) && lead(b[2]) && digit(b[3]):
		return 4
	}
	return 0
}

// guessUTF16 decodes UTF-16 without a mark and without ASCII that would give it away: Chinese
// with hardly a space. Of other bytes one in ten is a common character in either order.
func guessUTF16(data []byte, whole bool) (string, bool) {
	const least, few = 0.8, 3
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		text, ok := decodeUTF16(data, order, whole)
		if ok && easternLetters(text) >= few && commonShare(text, true) >= least {
			return text, true
		}
	}
	return "", false
}

// easternLetters counts characters beyond ASCII at the beginning of a text.
func easternLetters(text string) (n int) {
	const enough = 256 // bytes
	for _, r := range text[:min(len(text), enough)] {
		if r >= utf8.RuneSelf && unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
