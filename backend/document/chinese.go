package document

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Most texts in Big5 are also GB18030 and the other way round, to nonsense of rare characters.
// So both are tried, and the text with more of the commonest characters is it.

// frequent are some of the commonest characters of running text, in both scripts: four in ten
// characters of any text are among them.
const frequent = "的一是不了在人有我他這这個个們们中來来上大為为和國国地到以說说時时要就出會会可也你對对生能而子那得于於著着下自之年過过發发後后作裡里" +
	"用道行所然家種种事成方多經经麼么去法學学如都同現现當当沒没動动面起看定天分還还進进好小部其些主樣样理心她本前開开但因只從从想實实日"

// leastFrequent is the share of them that makes a text: nonsense has 2 in 100.
const leastFrequent = 0.1

// decodeChinese decodes data as whichever of GB18030 and Big5 it looks more like, or says noText.
// Where both are equal, as in very short texts, it is GB18030.
func decodeChinese(data []byte, whole bool) (string, textEncoding) {
	simplified, plausible := decodeGB18030(data, whole)
	traditional, ok := decodeBig5(data, whole)
	if share := frequentShare(traditional); ok && share >= leastFrequent && !(plausible && frequentShare(simplified) >= share) {
		return traditional, encBig5
	}
	if plausible {
		return simplified, encGB18030
	}
	return "", noText
}

// frequentShare returns how many of the letters at the beginning of a text are frequent, 0..1.
// Those of ASCII do not count; kana, Greek and Russian do, which Big5 becomes in GB18030.
func frequentShare(text string) float64 {
	const enough = 64 << 10 // bytes
	letters, found := 0, 0
	for _, r := range text[:min(len(text), enough)] {
		if r >= utf8.RuneSelf && unicode.IsLetter(r) {
			letters++
			if strings.ContainsRune(frequent, r) {
				found++
			}
		}
	}
	if letters == 0 {
		return 0
	}
	return float64(found) / float64(letters)
}

// decodeBig5 accepts what decodes without a gap.
func decodeBig5(data []byte, whole bool) (string, bool) {
	for i := 0; i < len(data); i++ {
		if data[i] < utf8.RuneSelf {
			continue
		}
		if i++; i == len(data) {
			if whole {
				return "", false
			}
			data = data[:i-1]
		}
	}
	return decoded(traditionalchinese.Big5, data)
}

// decoded decodes data, unless there is anything in it that the encoding does not know.
func decoded(e encoding.Encoding, data []byte) (string, bool) {
	text, err := e.NewDecoder().String(string(data))
	return text, err == nil && !strings.ContainsRune(text, utf8.RuneError)
}

// decodeGB18030 accepts what decodes without a gap and looks like Chinese: at least a quarter
// of the two-byte characters lie in the part that GB 2312 already had (second byte from A1
// on), where 95 % of running simplified and half of traditional text do. Western European
// texts often decode without a gap too, as an accented letter and the plain one behind it.
func decodeGB18030(data []byte, whole bool) (string, bool) {
	pairs, common := 0, 0
	for i := 0; i < len(data); {
		n := gbLength(data[i:])
		if n == 0 {
			if whole || len(data)-i >= 4 {
				return "", false
			}
			data = data[:i]
			break
		}
		if n == 2 {
			pairs++
			if data[i+1] >= 0xa1 {
				common++
			}
		}
		i += n
	}
	text, ok := decoded(simplifiedchinese.GB18030, data)
	return text, ok && 4*common >= pairs
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
