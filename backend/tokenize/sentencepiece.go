package tokenize

import (
	"strings"
	"unicode/utf8"
)

// space is how SentencePiece writes a space in its pieces: U+2581.
const space = "▁"

// SentencePiece is a model of Google's SentencePiece (an .spm or .model file) of the kinds
// Unigram and BPE.
type SentencePiece struct {
	spec   spmSpec
	pieces []spmPiece
	ids    map[string]int32 // by piece, of all pieces

	user    *trie // pieces that the user defined: never normalised, never split; nil when there are none
	unk     int32
	bytes   [256]int32 // by byte: its piece; where spec.byteFallback
	unigram *unigram   // nil: bpe
	bpe     *spmBPE
}

// Size returns the number of pieces.
func (m *SentencePiece) Size() int { return len(m.pieces) }

// ID returns the id of a piece, and whether there is such a piece.
func (m *SentencePiece) ID(piece string) (int, bool) {
	id, ok := m.ids[piece]
	return int(id), ok
}

// Piece returns the piece with an id, or "" when there is none.
func (m *SentencePiece) Piece(id int) string {
	if id < 0 || id >= len(m.pieces) {
		return ""
	}
	return m.pieces[id].text
}

// Encode returns the pieces of text. Runs of unknown characters are one token, with the
// text that stood there, unless the model writes them as bytes.
func (m *SentencePiece) Encode(text string) []Token {
	n := m.normalize(text)
	spans := m.cut(n.text)
	tokens := make([]Token, 0, len(spans))
	word := -1
	for _, s := range spans {
		piece := n.text[s.start:s.end]
		if word < 0 || strings.HasPrefix(piece, space) {
			word++
		}
		if s.id == m.unk && m.spec.byteFallback {
			tokens = m.appendBytes(tokens, n, s, word)
			continue
		}
		tokens = append(tokens, Token{ID: int(s.id), Text: piece, Start: int(n.from[s.start]), End: int(n.from[s.end]), Word: word})
	}
	return tokens
}

// appendBytes writes unknown characters as the pieces of their bytes. The last of a
// character has its place; those before stand empty at its beginning.
func (m *SentencePiece) appendBytes(tokens []Token, n spmText, s span, word int) []Token {
	for at := s.start; at < s.end; {
		_, width := utf8.DecodeRuneInString(n.text[at:s.end])
		start, end := int(n.from[at]), int(n.from[at+int32(width)])
		for ; width > 0; width-- {
			id, place := m.bytes[n.text[at]], place{int32(start), int32(start)}
			if width == 1 {
				place.end = int32(end)
			}
			tokens = append(tokens, Token{ID: int(id), Text: m.pieces[id].text, Start: int(place.start), End: int(place.end), Word: word})
			at++
		}
	}
	return tokens
}

// cut splits a normalised text into spans.
func (m *SentencePiece) cut(normalized string) []span {
	spans := make([]span, 0, len(normalized)/3+4)
	if m.unigram != nil {
		return m.unigram.encode(normalized, spans)
	}
	return m.bpe.encode(normalized, spans)
}

// spmText is a normalised text. The bytes [a, b) of it stand for the bytes from[a] to
// from[b] of the original; from has one entry more than text has bytes.
type spmText struct {
	text string
	from []int32
}

// normalize follows Normalizer::Normalize of SentencePiece's normalizer.cc.
func (m *SentencePiece) normalize(s string) spmText {
	w := spmWriter{
		out:   make([]byte, 0, len(s)+len(s)/4+2*len(space)),
		from:  make([]int32, 0, len(s)+len(s)/4+2*len(space)+1),
		spec:  m.spec,
		limit: maxGrowth * (len(s) + 1),
	}
	if m.spec.removeExtraSpaces {
		for w.at < len(s) {
			r, width := m.nextNormalized(s[w.at:])
			if r != " " {
				break
			}
			w.at += width
		}
	}
	if w.at == len(s) {
		return spmText{from: []int32{int32(w.at)}}
	}
	if m.spec.addDummyPrefix && !m.spec.spaceIsSuffix {
		w.space()
	}
	w.afterSpace = m.spec.removeExtraSpaces
	for w.at < len(s) {
		if n := m.fixedRun(s[w.at:]); n > 0 {
			w.copy(s[w.at : w.at+n])
			continue
		}
		r, width := m.nextNormalized(s[w.at:])
		w.write(r)
		w.at += width
	}
	return w.finish()
}

// nextNormalized returns what the beginning of s becomes, and how many bytes that takes.
func (m *SentencePiece) nextNormalized(s string) (replacement string, length int) {
	if m.user != nil {
		if n, _ := m.user.longest(s); n > 0 {
			return s[:n], n
		}
	}
	if m.spec.charsmap != nil {
		if r, n, ok := m.spec.charsmap.longest(s); ok {
			return string(r), n
		}
	}
	r, width := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && width == 1 {
		return "\uFFFD", 1
	}
	return s[:width], width
}

// fixedRun returns how many bytes s begins with that are ASCII, no space, and stay as they
// are. It is what makes plain English fast; nextNormalized alone would do.
func (m *SentencePiece) fixedRun(s string) int {
	if m.user != nil {
		return 0
	}
	n := 0
	for n < len(s) && s[n] < utf8.RuneSelf && s[n] != ' ' && (m.spec.charsmap == nil || m.spec.charsmap.fixed[s[n]]) {
		n++
	}
	if n < len(s) && s[n] >= utf8.RuneSelf { // which may combine with the one before it
		n = max(n-1, 0)
	}
	return n
}

// spmWriter writes a normalised text.
type spmWriter struct {
	spec       spmSpec
	out        []byte
	from       []int32
	limit      int  // of out; what goes beyond is dropped
	at         int  // byte of the original
	afterSpace bool // spaces are dropped here
}

func (w *spmWriter) put(b byte) {
	w.out = append(w.out, b)
	w.from = append(w.from, int32(w.at))
}

func (w *spmWriter) space() {
	if !w.spec.escapeSpaces {
		w.put(' ')
		return
	}
	for i := range len(space) {
		w.put(space[i])
	}
}

// write adds what one match became.
func (w *spmWriter) write(s string) {
	if w.afterSpace {
		s = strings.TrimLeft(s, " ")
	}
	if len(w.out)+len(space)*len(s) > w.limit {
		return
	}
	for i := range len(s) {
		if s[i] == ' ' {
			w.space()
		} else {
			w.put(s[i])
		}
	}
	if s != "" {
		w.afterSpace = s[len(s)-1] == ' '
	}
	w.afterSpace = w.afterSpace && w.spec.removeExtraSpaces
}

// copy adds bytes that stay as they are, none of them a space, and moves on behind them.
func (w *spmWriter) copy(s string) {
	w.out = append(w.out, s...)
	for range len(s) {
		w.from = append(w.from, int32(w.at))
		w.at++
	}
	w.afterSpace = false
}

// finish drops what is not wanted at the end, and adds what is.
func (w *spmWriter) finish() spmText {
	end := w.at
	if w.spec.removeExtraSpaces {
		mark := space
		if !w.spec.escapeSpaces {
			mark = " "
		}
		for strings.HasSuffix(string(w.out[max(0, len(w.out)-len(mark)):]), mark) {
			n := len(w.out) - len(mark)
			end = int(w.from[n])
			w.out, w.from = w.out[:n], w.from[:n]
		}
	}
	w.at = end
	if w.spec.addDummyPrefix && w.spec.spaceIsSuffix {
		w.space()
	}
	return spmText{string(w.out), append(w.from, int32(end))}
}
