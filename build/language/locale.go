package main

import (
	"regexp"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// special are locales whose language is not simply what stands before the region.
var special = map[string]string{
	"zh_cn": "zh-Hans", "zh_hans": "zh-Hans", "zh_tw": "zh-Hant", "zh_hk": "zh-Hant", "zh_hant": "zh-Hant", "zh": "zh-Hans",
	"nb": "no", "nn": "no", "nb_no": "no", "nn_no": "no",
	"sr@latin": "sr-Latn", "sr@ijekavian": "sr",
	"ca@valencia": "ca", "ca_es@valencia": "ca",
	"sr_latn_rs": "sr-Latn",
	"fil":        "tl", "kmr": "ku", "kmr@latin": "ku", "kmr_latn": "ku",
	"c": "en",
}

// codeOf returns the BCP 47 code of a locale, and nothing for what is written unusually:
// Belarusian in Latin letters, say.
func codeOf(locale string) string {
	locale = strings.ToLower(strings.ReplaceAll(locale, "-", "_"))
	if code, ok := special[locale]; ok {
		return code
	}
	if strings.Contains(locale, "@") {
		return ""
	}
	code, _, _ := strings.Cut(locale, "_")
	return code
}

// reader takes the texts out of a file.
type reader func(data []byte) []translation

// translation is a text and what was translated there; either may be missing.
type translation struct{ english, translated string }

// kinds are the files that are read, with their locale in parentheses.
var kinds = []struct {
	path *regexp.Regexp
	read reader
}{
	{regexp.MustCompile(`/(?:locale|translations|resource)/([^/]+)/LC_MESSAGES/[^/]+\.mo$`), readCatalogue},
	{regexp.MustCompile(`/(?:languages)/(?:admin-|continents-cities-)?([a-zA-Z_]+)\.mo$`), readCatalogue},
	{regexp.MustCompile(`/libreoffice/help/([^/]+)/.*\.html$`), readHTML},
	{regexp.MustCompile(`/debian-handbook/html/([^/]+)/.*\.html$`), readHTML},
	{regexp.MustCompile(`/doc/installation-guide-amd64/([^/]+)/.*\.html$`), readHTML},
	{regexp.MustCompile(`/debian-reference/.*\.([a-z-]+)\.html$`), readHTML},
	{regexp.MustCompile(`/share/help/([^/]+)/.*\.page$`), readHTML},
	{regexp.MustCompile(`/share/man/([a-z]{2}[^/]*)/man\d/[^/]+\.gz$`), readManual},
	{regexp.MustCompile(`/share/(man)/man\d/[^/]+\.gz$`), readManual},
	{regexp.MustCompile(`/hunspell/((?:sl|bs|pl)_[^/]+)\.dic$`), wordList(charmap.ISO8859_2)},
	{regexp.MustCompile(`/hunspell/(lt_[^/]+)\.dic$`), wordList(charmap.ISO8859_13)},
	{regexp.MustCompile(`/hunspell/([^/]+)\.dic$`), wordList(charmap.ISO8859_1)},
	{regexp.MustCompile(`/firefox-esr-l10n-([a-z-]+)/.*\.xpi$`), readFirefox},
}

// left are files of names.
var left = regexp.MustCompile(`-cities-`)

// readerOf returns how to read a file, and the locale of what is in it; nil for files of other
// kinds.
func readerOf(path string) (locale string, read reader) {
	if left.MatchString(path) {
		return "", nil
	}
	for _, k := range kinds {
		if m := k.path.FindStringSubmatch(path); m != nil {
			return strings.Replace(m[1], "man", "en", 1), k.read
		}
	}
	return "", nil
}
