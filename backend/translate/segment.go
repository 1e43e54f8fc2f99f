package translate

import "strings"

// piece is a part of a text. All pieces together are the text, but for line breaks within
// sentences.
type piece struct {
	kind pieceKind
	text string
}

type pieceKind int

const (
	fixed    pieceKind = iota // stays as it is: line ends, marks of lists, numbers, addresses
	gap                       // white space between sentences of a paragraph
	sentence                  // to be translated
)

// segment cuts a text into sentences and what is between them. Lines that clearly go on are
// joined first; see continues. language is the text's, BCP 47.
func segment(text, language string) []piece {
	var pieces []piece
	lines := splitLines(text)
	widest := widestAround(lines)
	for i := 0; i < len(lines); i++ {
		first := lines[i]
		pieces = appendFixed(pieces, first.before)
		if first.fixed {
			pieces = appendFixed(pieces, first.body+first.after)
			continue
		}
		body := first.body
		for i+1 < len(lines) && continues(lines[i], lines[i+1], widest[i]) {
			i++
			body = joinLines(body, lines[i].body)
		}
		pieces = appendSentences(pieces, body, language)
		pieces = appendFixed(pieces, lines[i].after)
	}
	return pieces
}

// widestAround is, for each line, how wide the widest line of its paragraph is: of those around
// it without a blank line between.
func widestAround(lines []line) []int {
	widest := make([]int, len(lines))
	for i := 0; i < len(lines); {
		end, most := i, 0
		for ; end < len(lines) && lines[end].body != ""; end++ {
			most = max(most, columns(lines[end].before+lines[end].body))
		}
		end = max(end, i+1)
		for ; i < end; i++ {
			widest[i] = most
		}
	}
	return widest
}

func appendFixed(pieces []piece, text string) []piece {
	switch {
	case text == "":
		return pieces
	case len(pieces) > 0 && pieces[len(pieces)-1].kind == fixed:
		pieces[len(pieces)-1].text += text
		return pieces
	}
	return append(pieces, piece{fixed, text})
}

func appendSentences(pieces []piece, body, language string) []piece {
	for i, s := range splitSentences(body, language) {
		core := strings.TrimSpace(s)
		before, after, _ := strings.Cut(s, core)
		if i > 0 {
			pieces[len(pieces)-1].text += before
		}
		kind := sentence
		if isFixed(core) {
			kind = fixed
		}
		pieces = append(pieces, piece{kind, core}, piece{gap, after})
	}
	return pieces[:len(pieces)-1] // body ends with no white space
}

// between is what stands between two sentences of the language to, where gap was between those
// of the language from.
func between(gap, from, to string) string {
	switch {
	case writtenTogether(to):
		return ""
	case gap == "" || writtenTogether(from):
		return " "
	}
	return gap
}

// writtenTogether reports whether a language has no space between sentences.
func writtenTogether(language string) bool {
	switch base(language) {
	case "zh", "ja", "yue", "wuu", "lzh", "cmn":
		return true
	}
	return false
}
