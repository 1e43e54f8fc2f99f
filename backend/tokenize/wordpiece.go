package tokenize

import "unicode/utf8"

// model is the third step of a tokenizer: it cuts a word into pieces of its vocabulary.
type model interface {
	// encode appends the pieces of a word. Safe for concurrent use.
	encode(word string, out []span) []span
}

// wordPiece takes the longest piece that the rest of a word begins with (Schuster 2012; as
// BERT has it).
type wordPiece struct {
	begin    *trie // pieces that a word begins with
	rest     *trie // the others, without their prefix
	unk      int32
	maxRunes int // longer words are unknown
}

// newWordPiece splits the vocabulary by prefix, which is "##" in most files. As in the
// original, a word may begin with a piece that has the prefix, by the letter.
func newWordPiece(ids map[string]int32, prefix string, unk int32, maxRunes int) *wordPiece {
	var begin, rest []key
	for piece, id := range ids {
		begin = append(begin, key{piece, id})
		if len(piece) > len(prefix) && piece[:len(prefix)] == prefix {
			rest = append(rest, key{piece[len(prefix):], id})
		}
	}
	return &wordPiece{newTrie(begin), newTrie(rest), unk, maxRunes}
}

func (m *wordPiece) encode(word string, out []span) []span {
	first, unknown := len(out), span{m.unk, 0, int32(len(word))}
	if len(word) > m.maxRunes && utf8.RuneCountInString(word) > m.maxRunes {
		return append(out, unknown)
	}
	pieces := m.begin
	for start := 0; start < len(word); pieces = m.rest {
		length, id := pieces.longest(word[start:])
		if length == 0 {
			return append(out[:first], unknown)
		}
		out = append(out, span{id, int32(start), int32(start + length)})
		start += length
	}
	return out
}

// wordLevel knows whole words only.
type wordLevel struct {
	ids map[string]int32
	unk int32
}

func (m wordLevel) encode(word string, out []span) []span {
	id, ok := m.ids[word]
	if !ok {
		id = m.unk
	}
	return append(out, span{id, 0, int32(len(word))})
}
