package language

import (
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// kanaOfJapanese is the least share of kana, in a hundred characters, that makes a text
// Japanese. Headlines have about 10; Chinese texts have some in names of brands.
const kanaOfJapanese = 6

// repertoires are the characters that each way of writing has use for, as its national
// standard lists them: what is outside was written by somebody else. Of the standards'
// levels those are taken that leave out the forms of the others.
var repertoires = []struct {
	code        string
	encoding    encoding.Encoding
	first, last uint16 // two bytes
}{
	{"zh-Hans", simplifiedchinese.GBK, 0xb0a1, 0xf7fe},   // GB 2312, both levels
	{"zh-Hant", traditionalchinese.Big5, 0xa440, 0xc67e}, // Big5, level 1
	{"ja", japanese.ShiftJIS, 0x889f, 0x9872},            // JIS X 0208, level 1
}

// narrowHan lists the ways of writing to which the fewest of the characters are strange.
// Several are left where a short text has none that would tell.
func narrowHan(words []string) []string {
	var characters []rune
	kana := 0
	for _, w := range words {
		for _, r := range w {
			if unicode.Is(unicode.Han, r) {
				characters = append(characters, r)
			} else if unicode.In(r, unicode.Hiragana, unicode.Katakana) {
				kana++
			}
		}
	}
	if kana+len(characters) == 0 {
		return []string{"zh-Hant"} // Bopomofo alone
	}
	if kana*100 > kanaOfJapanese*(kana+len(characters)) {
		return []string{"ja"}
	}
	var closest []string
	fewest := len(characters)
	for _, r := range repertoires {
		switch n := strangers(r.encoding, r.first, r.last, characters); {
		case n < fewest:
			closest, fewest = []string{r.code}, n
		case n == fewest:
			closest = append(closest, r.code)
		}
	}
	return closest
}

// strangers counts the characters outside first..last of an encoding.
func strangers(e encoding.Encoding, first, last uint16, characters []rune) int {
	encoder, n := e.NewEncoder(), 0
	for _, r := range characters {
		b, err := encoder.Bytes([]byte(string(r)))
		if err != nil || len(b) != 2 || b[1] < 0x40 {
			n++
			continue
		}
		if at := uint16(b[0])<<8 | uint16(b[1]); at < first || at > last {
			n++
		}
	}
	return n
}
