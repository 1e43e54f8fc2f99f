package tokenize

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// spmSpec is what a SentencePiece model says about how it was trained.
type spmSpec struct {
	kind              uint64 // kindUnigram or kindBPE
	charsmap          *charsmap
	addDummyPrefix    bool   // a space before the text
	removeExtraSpaces bool   // at both ends, and all but one inside
	escapeSpaces      bool   // spaces become ▁
	spaceIsSuffix     bool   // pieces end with a space instead of beginning with one
	byteFallback      bool   // unknown characters are written as bytes
	unkSurface        string // what an unknown piece decodes to
}

// Kinds of models that we know: ModelType in sentencepiece_model.proto.
const (
	kindUnigram = 1
	kindBPE     = 2
)

// spmPiece is one entry of the vocabulary.
type spmPiece struct {
	text  string
	score float32
	kind  uint64
}

// Kinds of pieces: SentencePiece.Type in sentencepiece_model.proto.
const (
	pieceNormal      = 1
	pieceUnknown     = 2
	pieceControl     = 3
	pieceUserDefined = 4
	pieceUnused      = 5
	pieceByte        = 6
)

// ParseSentencePiece reads an .spm model. What is damaged is CodeModelCorrupt; models of
// whole words or single characters are CodeUnsupportedFormat.
func ParseSentencePiece(data []byte) (*SentencePiece, error) {
	m, err := parsePieces(data)
	if err != nil {
		return nil, err
	}
	if err := m.build(); err != nil {
		return nil, err
	}
	return m, nil
}

// parsePieces reads a model that decodes: to encode takes build too.
func parsePieces(data []byte) (*SentencePiece, error) {
	m := &SentencePiece{spec: spmSpec{
		kind: kindUnigram, addDummyPrefix: true, removeExtraSpaces: true, escapeSpaces: true,
		unkSurface: " \u2047 ", // the defaults of sentencepiece_model.proto
	}}
	err := eachField(data, func(number protowire.Number, bits uint64, content []byte) error {
		switch number {
		case 1:
			return m.addPiece(content)
		case 2:
			return m.spec.readTrainer(content)
		case 3:
			return m.spec.readNormalizer(content)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := m.index(); err != nil {
		return nil, err
	}
	return m, nil
}

// addPiece reads one SentencePiece message.
func (m *SentencePiece) addPiece(data []byte) error {
	p := spmPiece{kind: pieceNormal}
	err := eachField(data, func(number protowire.Number, bits uint64, content []byte) error {
		switch number {
		case 1:
			p.text = string(content)
		case 2:
			p.score = math.Float32frombits(uint32(bits))
		case 3:
			p.kind = bits
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(m.pieces) == maxPieces:
		return damaged("it has more than %d pieces", maxPieces)
	case p.text == "" || len(p.text) > maxPieceBytes || !utf8.ValidString(p.text):
		return damaged("piece %d is no text", len(m.pieces))
	case !finite(float64(p.score)):
		return damaged("piece %d has no score", len(m.pieces))
	}
	m.pieces = append(m.pieces, p)
	return nil
}

// readTrainer reads a TrainerSpec message.
func (s *spmSpec) readTrainer(data []byte) error {
	return eachField(data, func(number protowire.Number, bits uint64, content []byte) error {
		switch number {
		case 3:
			s.kind = bits
		case 24:
			s.spaceIsSuffix = bits != 0
		case 35:
			s.byteFallback = bits != 0
		case 44:
			s.unkSurface = string(content)
		}
		return nil
	})
}

// readNormalizer reads a NormalizerSpec message.
func (s *spmSpec) readNormalizer(data []byte) error {
	return eachField(data, func(number protowire.Number, bits uint64, content []byte) (err error) {
		switch number {
		case 2:
			s.charsmap, err = parseCharsmap(content)
		case 3:
			s.addDummyPrefix = bits != 0
		case 4:
			s.removeExtraSpaces = bits != 0
		case 5:
			s.escapeSpaces = bits != 0
		}
		return err
	})
}

// index makes what encoding needs of the pieces, and checks that nothing is missing.
func (m *SentencePiece) index() error {
	m.ids, m.unk = make(map[string]int32, len(m.pieces)), -1
	for i := range m.bytes {
		m.bytes[i] = -1
	}
	var user []key
	for i, p := range m.pieces {
		if _, twice := m.ids[p.text]; twice {
			return damaged("piece %d is there twice", i)
		}
		m.ids[p.text] = int32(i)
		switch p.kind {
		case pieceUnknown:
			if m.unk >= 0 {
				return damaged("it has two unknown pieces")
			}
			m.unk = int32(i)
		case pieceUserDefined:
			user = append(user, key{p.text, int32(i)})
		case pieceByte:
			b, ok := parseBytePiece(p.text)
			if !ok {
				return damaged("piece %d is no byte", i)
			}
			m.bytes[b] = int32(i)
		}
	}
	if m.unk < 0 {
		return damaged("it has no unknown piece")
	}
	if len(user) > 0 {
		m.user = newTrie(user)
	}
	return nil
}

// build makes the model that cuts texts.
func (m *SentencePiece) build() error {
	for b, id := range m.bytes {
		if m.spec.byteFallback && id < 0 {
			return damaged("it has no piece for the byte %d", b)
		}
	}
	switch m.spec.kind {
	case kindUnigram:
		m.unigram = m.newUnigram()
	case kindBPE:
		m.bpe = m.newBPE()
	default:
		return unknownKind("SentencePiece of kind %d", m.spec.kind)
	}
	return nil
}

// newUnigram follows BuildTrie and PopulateNodes of SentencePiece's unigram_model.cc.
func (m *SentencePiece) newUnigram() *unigram {
	u := &unigram{scores: make([]float64, len(m.pieces)), unk: m.unk, single: true}
	least, most := float32(math.MaxFloat32), float32(-math.MaxFloat32)
	for _, p := range m.pieces {
		if p.kind == pieceNormal {
			least, most = min(least, p.score), max(most, p.score)
		}
	}
	var keys []key
	for i, p := range m.pieces {
		switch p.kind {
		case pieceNormal:
			u.scores[i] = float64(p.score)
		case pieceUserDefined: // always chosen
			u.scores[i] = float64(float32(len(p.text))*most) - 0.1
		default: // pieceUnused too: nothing would be made of it
			continue
		}
		keys = append(keys, key{p.text, int32(i)})
	}
	u.pieces, u.unkCost = newTrie(keys), float64(least-unkPenalty)
	return u
}

// bytePiece is how the piece of a byte is written.
func bytePiece(b byte) string { return fmt.Sprintf("<0x%02X>", b) }

// parseBytePiece is bytePiece's inverse.
func parseBytePiece(piece string) (byte, bool) {
	if len(piece) != len("<0x00>") || piece[:3] != "<0x" || piece[5] != '>' {
		return 0, false
	}
	b, err := strconv.ParseUint(piece[3:5], 16, 8)
	return byte(b), err == nil && bytePiece(byte(b)) == piece
}

// eachField calls f for every field of a protobuf message: with the bits of a number, or
// the content of what has a length.
func eachField(data []byte, f func(number protowire.Number, bits uint64, content []byte) error) error {
	for len(data) > 0 {
		number, kind, n := protowire.ConsumeTag(data)
		if n < 0 {
			return damaged("it is cut off, or no SentencePiece model")
		}
		bits, content, length := consumeValue(kind, data[n:])
		if length < 0 {
			return damaged("it is cut off, or no SentencePiece model")
		}
		if err := f(number, bits, content); err != nil {
			return err
		}
		data = data[n+length:]
	}
	return nil
}

// consumeValue returns a negative length where the value is cut off.
func consumeValue(kind protowire.Type, data []byte) (bits uint64, content []byte, length int) {
	switch kind {
	case protowire.VarintType:
		bits, length = protowire.ConsumeVarint(data)
	case protowire.Fixed32Type:
		var v uint32
		v, length = protowire.ConsumeFixed32(data)
		bits = uint64(v)
	case protowire.Fixed64Type:
		bits, length = protowire.ConsumeFixed64(data)
	case protowire.BytesType:
		content, length = protowire.ConsumeBytes(data)
	default:
		length = -1
	}
	return bits, content, length
}
