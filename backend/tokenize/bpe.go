package tokenize

import (
	"unicode/utf8"
)

// bpe is byte pair encoding with a list of merges. (SentencePiece's is spmBPE.)
type bpe struct {
	ids          map[string]int32
	merges       map[[2]int32]merged
	unk          int32      // -1: unknown characters are left out
	bytes        [256]int32 // pieces of bytes, for characters that are unknown; -1 where there is none
	byteFallback bool
	fuseUnk      bool   // runs of unknown characters are one piece
	ignoreMerges bool   // words that are in the vocabulary are not cut
	prefix       string // of pieces that no word begins with
	suffix       string // of pieces that a word ends with

	mergers mergers
}

// merged is what becomes of a pair.
type merged struct{ rank, id int32 }

func (b *bpe) encode(word string, out []span) []span {
	if b.ignoreMerges {
		if id, ok := b.ids[word]; ok {
			return append(out, span{id, 0, int32(len(word))})
		}
	}
	m := b.mergers.borrow()
	defer b.mergers.giveBack(m)
	b.split(word, m)
	m.run(func(left, right span) (rank, id int32, ok bool) {
		pair, ok := b.merges[[2]int32{left.id, right.id}]
		return pair.rank, pair.id, ok
	})
	m.each(func(s span) { out = append(out, s) })
	return out
}

// split puts the characters of a word in the list.
func (b *bpe) split(word string, m *merger) {
	for start := 0; start < len(word); {
		_, width := utf8.DecodeRuneInString(word[start:])
		end := start + width
		character := span{-1, int32(start), int32(end)}
		if id, ok := b.ids[b.affix(word, start, end)]; ok {
			character.id = id
			m.add(character)
		} else if !b.addBytes(word, character, m) {
			b.addUnknown(character, m)
		}
		start = end
	}
}

// affix returns how the vocabulary writes the character from start to end.
func (b *bpe) affix(word string, start, end int) string {
	s := word[start:end]
	if start > 0 && b.prefix != "" {
		s = b.prefix + s
	}
	if end == len(word) && b.suffix != "" {
		s += b.suffix
	}
	return s
}

// addBytes adds a character as bytes, if the vocabulary has all of them.
func (b *bpe) addBytes(word string, character span, m *merger) bool {
	if !b.byteFallback {
		return false
	}
	for at := character.start; at < character.end; at++ {
		if b.bytes[word[at]] < 0 {
			return false
		}
	}
	for at := character.start; at < character.end; at++ {
		m.add(span{b.bytes[word[at]], at, at + 1})
	}
	return true
}

func (b *bpe) addUnknown(character span, m *merger) {
	if b.unk < 0 {
		return
	}
	character.id = b.unk
	if last := len(m.symbols) - 1; b.fuseUnk && last >= 0 && m.symbols[last].id == b.unk {
		m.symbols[last].end = character.end
		return
	}
	m.add(character)
}
