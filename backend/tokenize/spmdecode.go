package tokenize

import (
	"strings"
	"unicode/utf8"
)

// Decode joins pieces to a text: SentencePieceProcessor::Decode of 0.1.97. Pieces that the
// model does not have stay as they are.
func (m *SentencePiece) Decode(pieces []string) string {
	var out strings.Builder
	var pending []byte // of byte pieces
	dropSpace := m.spec.addDummyPrefix || m.spec.removeExtraSpaces
	consumed := false // the space that was put before the text
	for _, piece := range pieces {
		id, known := m.ids[piece]
		if known && m.pieces[id].kind == pieceByte {
			b, _ := parseBytePiece(piece)
			pending = append(pending, b)
			continue
		}
		pending = flushBytes(&out, pending)
		atStart := dropSpace && !consumed && out.Len() == 0
		switch {
		case !known:
			consumed = false
			out.WriteString(piece)
		case m.pieces[id].kind == pieceControl:
			consumed = false
		case id == m.unk:
			consumed = false
			out.WriteString(m.spec.unkSurface)
		default:
			rest, had := piece, false
			if atStart {
				rest, had = strings.CutPrefix(piece, space)
			}
			consumed = had && !m.spec.removeExtraSpaces
			out.WriteString(strings.ReplaceAll(rest, space, " "))
		}
	}
	flushBytes(&out, pending)
	return out.String()
}

// flushBytes writes the text that bytes stand for, and U+FFFD for each that is none.
func flushBytes(out *strings.Builder, pending []byte) []byte {
	for i := 0; i < len(pending); {
		r, width := utf8.DecodeRune(pending[i:])
		out.WriteRune(r) // U+FFFD when it is none
		i += width
	}
	return pending[:0]
}
