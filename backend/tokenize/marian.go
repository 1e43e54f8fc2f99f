package tokenize

import (
	"encoding/json"
	"slices"
	"strings"
)

// Marian is the tokenizer of a MarianMT model, such as the opus-mt ones: one SentencePiece
// model cuts texts of the source language, another joins pieces of the target language, and
// one vocabulary numbers the pieces of both.
//
// It follows Python's MarianTokenizer, which the models were converted with. (The
// tokenizer.json that other exports carry mixes both models, and cuts up to a fifth of the
// sentences in another way than the model was trained with.)
type Marian struct {
	source, target *SentencePiece

	ids    map[string]int32 // by piece
	pieces []string         // by id; "" where there is none
	mapped []int32          // by id of source's pieces

	end, unk, pad int32
	languages     []string
}

// ParseMarian reads source.spm, target.spm and vocab.json.
func ParseMarian(source, target, vocab []byte) (*Marian, error) {
	m := &Marian{}
	var err error
	if m.source, err = ParseSentencePiece(source); err != nil {
		return nil, err
	}
	if m.target, err = parsePieces(target); err != nil { // which decodes only
		return nil, err
	}
	if err := m.readVocabulary(vocab); err != nil {
		return nil, err
	}
	m.mapped = make([]int32, m.source.Size())
	for i, p := range m.source.pieces {
		id, ok := m.ids[p.text]
		if !ok { // every model has some
			id = m.unk
		}
		m.mapped[i] = id
	}
	return m, nil
}

// readVocabulary reads an object of ids by piece.
func (m *Marian) readVocabulary(data []byte) error {
	var err error
	if m.ids, m.pieces, err = parseVocabulary(data); err != nil {
		return err
	}
	for _, special := range []struct {
		piece string
		id    *int32
	}{{"</s>", &m.end}, {"<unk>", &m.unk}, {"<pad>", &m.pad}} {
		id, ok := m.ids[special.piece]
		if !ok {
			return damaged("its vocabulary has no %s", special.piece)
		}
		*special.id = id
	}
	for piece := range m.ids {
		if isLanguage(piece) {
			m.languages = append(m.languages, piece)
		}
	}
	slices.Sort(m.languages)
	return nil
}

// parseVocabulary reads an object of ids by piece, of which each id has at most one.
func parseVocabulary(data []byte) (ids map[string]int32, pieces []string, err error) {
	if err := json.Unmarshal(data, &ids); err != nil {
		return nil, nil, damaged("its vocabulary cannot be read").WithCause(err)
	}
	if len(ids) > maxPieces {
		return nil, nil, damaged("it has more than %d pieces", maxPieces)
	}
	largest := int32(-1)
	for piece, id := range ids {
		if id < 0 || id >= maxPieces || len(piece) > maxPieceBytes {
			return nil, nil, damaged("a piece of its vocabulary has the id %d", id)
		}
		largest = max(largest, id)
	}
	pieces = make([]string, largest+1)
	for piece, id := range ids {
		if pieces[id] == "" || piece < pieces[id] { // not the order of the map
			pieces[id] = piece
		}
	}
	return ids, pieces, nil
}

// isLanguage says whether a piece tells a model with several target languages which one
// is wanted.
func isLanguage(piece string) bool {
	return len(piece) > len(">><<") && strings.HasPrefix(piece, ">>") && strings.HasSuffix(piece, "<<")
}

// Languages returns the pieces that a text may begin with to name the target language, such
// as ">>cmn_Hans<<", sorted. A model of one target language has none.
func (m *Marian) Languages() []string { return slices.Clone(m.languages) }

// Size returns how many ids there are.
func (m *Marian) Size() int { return len(m.pieces) }

// ID returns the id of a piece, and whether there is such a piece.
func (m *Marian) ID(piece string) (int, bool) {
	id, ok := m.ids[piece]
	return int(id), ok
}

// Piece returns the piece with an id, or "" when there is none.
func (m *Marian) Piece(id int) string {
	if id < 0 || id >= len(m.pieces) {
		return ""
	}
	return m.pieces[id]
}

// End returns the id that ends a text.
func (m *Marian) End() int { return int(m.end) }

// Pad returns the id that fills up shorter texts of a batch.
func (m *Marian) Pad() int { return int(m.pad) }

// Encode returns the ids of a text of the source language, with </s> at the end. One of
// Languages at its beginning names the target language.
func (m *Marian) Encode(text string) []int {
	var ids []int
	if end := strings.Index(text, "<<") + 2; end > 2 && isLanguage(text[:end]) {
		if id, ok := m.ids[text[:end]]; ok {
			ids, text = append(ids, int(id)), text[end:]
		}
	}
	n := m.source.normalize(text)
	spans := m.source.cut(n.text)
	ids = slices.Grow(ids, len(spans)+1)
	for _, s := range spans {
		if s.id != m.source.unk {
			ids = append(ids, int(m.mapped[s.id]))
			continue
		}
		ids = m.appendUnknown(ids, n.text[s.start:s.end])
	}
	return append(ids, int(m.end))
}

// appendUnknown looks a piece that source does not have up by what it says: it may be one of
// the target's, such as a Chinese character in an English text.
func (m *Marian) appendUnknown(ids []int, piece string) []int {
	if !m.source.spec.byteFallback {
		return append(ids, int(m.idOf(piece)))
	}
	for i := range len(piece) {
		ids = append(ids, int(m.idOf(bytePiece(piece[i]))))
	}
	return ids
}

func (m *Marian) idOf(piece string) int32 {
	if id, ok := m.ids[piece]; ok {
		return id
	}
	return m.unk
}

// Decode returns the text of ids in the target language, without </s>, <pad>, <unk> and
// the pieces that name languages.
func (m *Marian) Decode(ids []int) string {
	pieces := make([]string, 0, len(ids))
	for _, id := range ids {
		piece := m.Piece(id)
		special := id == int(m.end) || id == int(m.pad) || id == int(m.unk)
		if piece != "" && !special && !isLanguage(piece) {
			pieces = append(pieces, piece)
		}
	}
	text := strings.ReplaceAll(m.target.Decode(pieces), space, " ")
	return strings.TrimSpace(text)
}
