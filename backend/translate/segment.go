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
	var c cutter
	lines := splitLines(text)
	widest := widestAround(lines)
	for i := 0; i < len(lines); i++ {
		first := lines[i]
		c.keep(first.before)
		if first.fixed {
			c.keep(first.body + first.after)
			continue
		}
		body := []byte(first.body)
		for i+1 < len(lines) && continues(lines[i], lines[i+1], widest[i]) {
			i++
			body = appendLine(body, lines[i].body)
		}
		c.cut(string(body), language)
		c.keep(lines[i].after)
	}
	c.flush()
	return c.pieces
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

// cutter gathers pieces.
type cutter struct {
	pieces []piece
	fixed  strings.Builder // what comes behind them and stays as it is
}

func (c *cutter) keep(text string) { c.fixed.WriteString(text) }

// flush makes a piece of what is kept, or a part of the piece before it.
func (c *cutter) flush() {
	text := c.fixed.String()
	c.fixed.Reset()
	switch last := len(c.pieces) - 1; {
	case text == "":
	case last >= 0 && c.pieces[last].kind == fixed:
		c.pieces[last].text += text
	default:
		c.pieces = append(c.pieces, piece{fixed, text})
	}
}

// cut adds the sentences of a paragraph.
func (c *cutter) cut(body, language string) {
	c.flush()
	for i, s := range splitSentences(body, language) {
		core := strings.TrimSpace(s)
		before, after, _ := strings.Cut(s, core)
		if i > 0 {
			c.pieces[len(c.pieces)-1].text += before
		}
		kind := sentence
		if isFixed(core) {
			kind = fixed
		}
		c.pieces = append(c.pieces, piece{kind, core}, piece{gap, after})
	}
	c.pieces = c.pieces[:len(c.pieces)-1] // body ends with no white space
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
