package language

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// script is a writing system, or several that one language mixes.
type script uint8

const (
	unknown script = iota // letters of no script, or of one that is not in the table
	latin
	cyrillic
	arabic
	devanagari
	hebrew
	bengali
	ethiopic
	han // with kana and Bopomofo
	hangul
	greek
	armenian
	georgian
	thai
	lao
	khmer
	burmese
	sinhala
	tamil
	telugu
	kannada
	malayalam
	gujarati
	gurmukhi
	odia
	tibetan
	mongolian
	thaana
	cherokee
	canadian
	tifinagh
	nko
	syriac
	yi
	scripts
)

// alphabets says which letters a script has and which languages are told in it; the model
// chooses where there are several.
var alphabets = [scripts]struct {
	letters   []*unicode.RangeTable
	languages string
}{
	latin: {[]*unicode.RangeTable{unicode.Latin}, "en de fr es pt it nl af fy sv da no is fi et hu lv lt pl cs sk sl hr bs sr-Latn " +
		"ro sq tr az uz ku vi id ms tl ca gl eu oc br cy ga gd eo la sw xh zu"},
	cyrillic:   {[]*unicode.RangeTable{unicode.Cyrillic}, "ru uk be bg mk sr kk ky tg mn"},
	arabic:     {[]*unicode.RangeTable{unicode.Arabic}, "ar fa ur ug ckb ps"},
	devanagari: {[]*unicode.RangeTable{unicode.Devanagari}, "hi mr ne"},
	hebrew:     {[]*unicode.RangeTable{unicode.Hebrew}, "he"},
	bengali:    {[]*unicode.RangeTable{unicode.Bengali}, "bn as"},
	ethiopic:   {[]*unicode.RangeTable{unicode.Ethiopic}, "am"},
	han:        {[]*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo}, "zh-Hans zh-Hant ja"},
	hangul:     {[]*unicode.RangeTable{unicode.Hangul}, "ko"},
	greek:      {[]*unicode.RangeTable{unicode.Greek}, "el"},
	armenian:   {[]*unicode.RangeTable{unicode.Armenian}, "hy"},
	georgian:   {[]*unicode.RangeTable{unicode.Georgian}, "ka"},
	thai:       {[]*unicode.RangeTable{unicode.Thai}, "th"},
	lao:        {[]*unicode.RangeTable{unicode.Lao}, "lo"},
	khmer:      {[]*unicode.RangeTable{unicode.Khmer}, "km"},
	burmese:    {[]*unicode.RangeTable{unicode.Myanmar}, "my"},
	sinhala:    {[]*unicode.RangeTable{unicode.Sinhala}, "si"},
	tamil:      {[]*unicode.RangeTable{unicode.Tamil}, "ta"},
	telugu:     {[]*unicode.RangeTable{unicode.Telugu}, "te"},
	kannada:    {[]*unicode.RangeTable{unicode.Kannada}, "kn"},
	malayalam:  {[]*unicode.RangeTable{unicode.Malayalam}, "ml"},
	gujarati:   {[]*unicode.RangeTable{unicode.Gujarati}, "gu"},
	gurmukhi:   {[]*unicode.RangeTable{unicode.Gurmukhi}, "pa"},
	odia:       {[]*unicode.RangeTable{unicode.Oriya}, "or"},
	tibetan:    {[]*unicode.RangeTable{unicode.Tibetan}, "bo"},
	mongolian:  {[]*unicode.RangeTable{unicode.Mongolian}, "mn-Mong"},
	thaana:     {[]*unicode.RangeTable{unicode.Thaana}, "dv"},
	cherokee:   {[]*unicode.RangeTable{unicode.Cherokee}, "chr"},
	canadian:   {[]*unicode.RangeTable{unicode.Canadian_Aboriginal}, "iu"},
	tifinagh:   {[]*unicode.RangeTable{unicode.Tifinagh}, "zgh"},
	nko:        {[]*unicode.RangeTable{unicode.Nko}, "nqo"},
	syriac:     {[]*unicode.RangeTable{unicode.Syriac}, "syr"},
	yi:         {[]*unicode.RangeTable{unicode.Yi}, "ii"},
}

// scriptOf returns the script of a letter.
func scriptOf(r rune) script {
	switch {
	case r < 0x250:
		return latin
	case 0x400 <= r && r < 0x530:
		return cyrillic
	case 0x3041 <= r && r < 0x3130, 0x3400 <= r && r <= 0x9fff:
		return han
	}
	if r == 'ー' || r == 'ｰ' { // of both kana, and of no script in Unicode's tables
		return han
	}
	for s := latin; s < scripts; s++ {
		if unicode.In(r, alphabets[s].letters...) {
			return s
		}
	}
	return unknown
}

// weight says how much a word of n letters tells beside words of other scripts, so that it is
// words that are counted rather than strokes of the pen: a Chinese character is as good as
// four letters, a Korean syllable as three. Capitalised Latin words amid another script are
// names, as a rule, and count a quarter.
func (w word) weight() int {
	n := 4 * utf8.RuneCountInString(w.text)
	switch first, _ := utf8.DecodeRuneInString(w.text); {
	case w.script == han:
		return 4 * n
	case w.script == hangul:
		return 3 * n
	case w.script == latin && unicode.IsUpper(first):
		return n / 4
	}
	return n
}

// dominant returns the script that most of the words are in, these words, and their share of
// all, 0..1.
func dominant(words []word) (script, []string, float64) {
	var weights [scripts]int
	total := 0
	for _, w := range words {
		weights[w.script] += w.weight()
		total += w.weight()
	}
	weights[unknown] = 0
	best := unknown
	for s, n := range weights {
		if n > weights[best] {
			best = script(s)
		}
	}
	var chosen []string
	for _, w := range words {
		if w.script == best {
			chosen = append(chosen, w.text)
		}
	}
	return best, chosen, float64(weights[best]) / float64(max(1, total))
}

// languages lists what the words, which are all of this script, can be.
func (s script) languages(words []string) []string {
	if s == unknown {
		return nil
	}
	all := strings.Fields(alphabets[s].languages)
	switch s {
	case han:
		return narrowHan(words)
	}
	return all
}

// Ambiguous lists the languages of scripts that serve several: what the model has to know.
func Ambiguous() []string {
	var codes []string
	for _, a := range alphabets {
		if of := strings.Fields(a.languages); len(of) > 1 {
			codes = append(codes, of...)
		}
	}
	return codes
}
