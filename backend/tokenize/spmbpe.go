package tokenize

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// spmBPE is byte pair encoding as SentencePiece does it: neighbours become one where the
// piece that they spell is in the vocabulary, the one with the highest score first.
type spmBPE struct {
	ids    map[string]int32 // of pieces that may come of a merge
	kinds  []spmPiece       // by id
	ranks  []int32          // by id: 0 for the highest score; equal scores have equal ranks
	user   *trie            // nil when there are none
	unk    int32
	unused bool // some pieces are kept from being used, and are taken apart again

	mergers mergers
}

// newBPE follows the constructor of SentencePiece's bpe_model.cc.
func (m *SentencePiece) newBPE() *spmBPE {
	b := &spmBPE{ids: map[string]int32{}, kinds: m.pieces, ranks: make([]int32, len(m.pieces)), user: m.user, unk: m.unk}
	order := make([]int32, 0, len(m.pieces))
	for i, p := range m.pieces {
		switch p.kind {
		case pieceUnused:
			b.unused = true
		case pieceNormal, pieceUserDefined:
		default:
			continue
		}
		b.ids[p.text] = int32(i)
		order = append(order, int32(i))
	}
	slices.SortFunc(order, func(x, y int32) int { return cmp.Compare(m.pieces[y].score, m.pieces[x].score) })
	for i, id := range order {
		b.ranks[id] = int32(i)
		if i > 0 && m.pieces[id].score == m.pieces[order[i-1]].score {
			b.ranks[id] = b.ranks[order[i-1]]
		}
	}
	return b
}

// encode appends the pieces of s, in order. Runs of unknown characters are one span.
func (b *spmBPE) encode(s string, out []span) []span {
	m := b.mergers.borrow()
	defer b.mergers.giveBack(m)
	b.split(s, m)
	apart := map[int32]int32{} // by unused piece: the length of the left of the two that it came from
	m.run(func(left, right span) (rank, id int32, ok bool) {
		if b.frozen(left.id) || b.frozen(right.id) {
			return 0, 0, false
		}
		id, ok = b.ids[s[left.start:right.end]]
		if !ok {
			return 0, 0, false
		}
		if b.kinds[id].kind == pieceUnused {
			apart[id] = left.end - left.start
		}
		return b.ranks[id], id, true
	})
	first := len(out)
	m.each(func(piece span) {
		b.takeApart(s, piece, apart, func(p span) {
			if last := len(out) - 1; p.id == b.unk && last >= first && out[last].id == b.unk {
				out[last].end = p.end
				return
			}
			out = append(out, p)
		})
	})
	return out
}

// split puts the characters of s, and the pieces in it that the user defined, in the list.
func (b *spmBPE) split(s string, m *merger) {
	for start := 0; start < len(s); {
		length := 0
		if b.user != nil {
			length, _ = b.user.longest(s[start:])
		}
		if length == 0 {
			_, length = utf8.DecodeRuneInString(s[start:])
		}
		id, ok := b.ids[s[start:start+length]]
		if !ok {
			id = b.unk
		}
		m.add(span{id, int32(start), int32(start + length)})
		start += length
	}
}

// frozen says whether a piece takes no part in merges.
func (b *spmBPE) frozen(id int32) bool { return b.kinds[id].kind == pieceUserDefined }

// takeApart calls use for a piece, or for those that it came from when it is unused.
func (b *spmBPE) takeApart(s string, piece span, apart map[int32]int32, use func(span)) {
	length, ok := apart[piece.id]
	if !b.unused || !ok || b.kinds[piece.id].kind != pieceUnused {
		use(piece)
		return
	}
	for _, half := range []span{{0, piece.start, piece.start + length}, {0, piece.start + length, piece.end}} {
		half.id = b.unk
		if id, ok := b.ids[s[half.start:half.end]]; ok {
			half.id = id
		}
		b.takeApart(s, half, apart, use)
	}
}
