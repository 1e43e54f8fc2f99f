package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// readCatalogue reads a compiled gettext catalogue.
func readCatalogue(data []byte) []translation {
	if len(data) < 20 || binary.LittleEndian.Uint32(data) != 0x950412de {
		return nil
	}
	number := func(at uint32) uint32 {
		if int(at)+4 > len(data) {
			return 0
		}
		return binary.LittleEndian.Uint32(data[at:])
	}
	text := func(at uint32) string {
		n, start := number(at), number(at+4)
		if uint64(start)+uint64(n) > uint64(len(data)) {
			return ""
		}
		return string(data[start : start+n])
	}
	var out []translation
	for i := range number(8) {
		id, translated := text(number(12)+8*i), text(number(16)+8*i)
		if id == "" {
			continue // the header
		}
		if _, after, ok := strings.Cut(id, "\x04"); ok { // gettext's context
			id = after
		}
		id, _, _ = strings.Cut(id, "\x00") // the plural
		if short, after, ok := strings.Cut(id, "|"); ok && len(short) == 5 {
			id = after // LibreOffice's key
		}
		for form := range strings.SplitSeq(translated, "\x00") {
			if form != id {
				out = append(out, translation{id, form})
			}
			id = ""
		}
	}
	return out
}

var (
	notText   = regexp.MustCompile(`(?is)<(script|style|pre|head|code|screen|media)\b.*?</(script|style|pre|head|code|screen|media)>|<!--.*?-->`)
	endOfText = regexp.MustCompile(`(?i)</?(p|h\d|li|td|th|dt|dd|div|title|tr|ul|ol|br|item|section|page)\b[^>]*>`)
)

// readHTML reads HTML, and Mallard, which GNOME's help is written in.
func readHTML(data []byte) []translation {
	var out []translation
	for _, text := range endOfText.Split(notText.ReplaceAllString(string(data), " "), -1) {
		out = append(out, translation{translated: text})
	}
	return out
}

var (
	fonts   = regexp.MustCompile(`\\f(\[[^]]*\]|\(..|.)`)
	escapes = regexp.MustCompile(`\\(\[[^]]*\]|\(..|\*.|.)`)
)

// readManual reads the paragraphs of a manual page.
func readManual(data []byte) []translation {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	page, err := io.ReadAll(z)
	if err != nil {
		return nil
	}
	var out []translation
	var paragraph strings.Builder
	for l := range strings.Lines(string(page)) {
		l = strings.TrimSpace(l)
		if l != "" && l[0] != '.' && l[0] != '\'' {
			l = strings.ReplaceAll(fonts.ReplaceAllString(l, ""), `\-`, "-")
			paragraph.WriteString(escapes.ReplaceAllString(l, " ") + " ")
			continue
		}
		out = append(out, translation{translated: paragraph.String()})
		paragraph.Reset()
	}
	return append(out, translation{translated: paragraph.String()})
}

var entry = regexp.MustCompile(`(?m)^(?:[A-Za-z][\w.-]* ?= ?| {4,}(?:\.\w+ = )?)(.+)$`)

// readFirefox reads a language pack of Firefox: entries of Fluent and of properties.
func readFirefox(data []byte) []translation {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil
	}
	var out []translation
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".ftl") && !strings.HasSuffix(f.Name, ".properties") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		text, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			continue
		}
		for _, m := range entry.FindAllStringSubmatch(string(text), -1) {
			out = append(out, translation{translated: m[1]})
		}
	}
	return out
}

const (
	wordsOfALine = 5
	wordLines    = 12_000 // of one list: more would teach rare words at the cost of how people write
)

// wordList reads the stems of a Hunspell dictionary, in UTF-8 or else in old, and strings
// them together in an order of chance that is always the same. Names are left out.
func wordList(old *charmap.Charmap) reader {
	return func(data []byte) []translation {
		if !utf8.Valid(data) {
			data, _ = old.NewDecoder().Bytes(data)
		}
		var words []string
		for l := range strings.Lines(string(data)) {
			word, _, _ := strings.Cut(strings.TrimSpace(l), "/")
			word, _, _ = strings.Cut(strings.ReplaceAll(word, "\t", " "), " ") // notes on grammar
			if first, _ := utf8.DecodeRuneInString(word); utf8.RuneCountInString(word) > 1 && unicode.IsLetter(first) && !unicode.IsUpper(first) {
				words = append(words, word)
			}
		}
		rand.New(rand.NewPCG(seed, 2)).Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		var out []translation
		for line := range slices.Chunk(words, wordsOfALine) {
			out = append(out, translation{translated: strings.Join(line, " ")})
		}
		return out[:min(len(out), wordLines)]
	}
}
