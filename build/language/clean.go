package main

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/language"
)

var (
	tags         = regexp.MustCompile(`<[^<>]*>`)
	placeholders = regexp.MustCompile(`%[-+ #0-9.$*l]*[a-zA-Z]|%\([^)]*\)[a-z]|%[0-9]+|\{[^{}]*\}|\$\{?[A-Za-z_][\w.]*\}?|\$\[[^]]*\]|@[a-z]+[%@]`)
	accelerators = regexp.MustCompile(`[&_](\pL)`)
	spaces       = regexp.MustCompile(`\s+`)
)

// clean takes mark-up, placeholders and accelerators out of a text, which may leave nothing.
func clean(text string) string {
	if !utf8.ValidString(text) {
		return ""
	}
	text, _, _ = strings.Cut(text, "|/|") // KDE's scripted forms
	text = html.UnescapeString(tags.ReplaceAllString(text, " "))
	text = placeholders.ReplaceAllString(tags.ReplaceAllString(text, " "), " ")
	text = accelerators.ReplaceAllString(strings.ReplaceAll(text, `\n`, " "), "$1")
	return strings.TrimSpace(spaces.ReplaceAllString(text, " "))
}

// Bounds of a line in letters. Shorter ones are names of keys, fonts and places.
const (
	fewestLetters     = 12
	fewestHan         = 4
	longestLineLength = 600 // bytes
)

// usable reports whether a cleaned text is in the script of its language, long enough to tell
// something, and not English by its little words.
func usable(code, text string) bool {
	if len(text) > 4*longestLineLength {
		return false
	}
	words, codes := language.Words(text)
	if !slices.Contains(codes, code) {
		return false
	}
	letters := 0
	for _, w := range words {
		letters += utf8.RuneCountInString(w)
	}
	fewest := fewestLetters
	if code == "ja" || strings.HasPrefix(code, "zh") {
		fewest = fewestHan
	}
	if letters < fewest || letters*2 < utf8.RuneCountInString(text) {
		return false
	}
	return code == "en" || !soundsEnglish(words)
}

var littleWords = strings.Fields("the of and to is with this that for from are not you your be have by can will which when")

// soundsEnglish reports whether a sixth of the words, and at least two, are little English ones.
func soundsEnglish(words []string) bool {
	n := 0
	for _, w := range words {
		if slices.Contains(littleWords, strings.ToLowerSpecial(unicode.SpecialCase{}, w)) {
			n++
		}
	}
	return n >= 2 && n*6 >= len(words)
}
