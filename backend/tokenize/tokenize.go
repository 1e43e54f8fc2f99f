// Package tokenize turns texts into the ids that language models take, and ids back into
// texts, exactly as the programs do that the models were trained with.
//
// A Tokenizer is a tokenizer.json of Hugging Face. A SentencePiece is one .spm model. A
// Marian is the pair of such models and the vocabulary of a translation model. A piece is
// an entry of a vocabulary; a Token is a piece at its place in a text. Places are bytes of
// the text as it was given, whatever normalising made of it on the way.
//
// The references are the Rust tokenizers 0.22 and C++ SentencePiece 0.1.97: `make
// tokenizers-parity` compares with both. Everything is safe for concurrent use once it is
// parsed. Files may come from anywhere: what is damaged or not understood is refused with
// the reason, and takes memory in proportion to its own size. The package reads no files,
// runs no models and truncates nothing: how much a model takes is its user's business.
package tokenize

import (
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Token is one piece of a vocabulary at its place in a text.
type Token struct {
	ID    int
	Text  string // the piece; of a piece that the vocabulary does not have, what stood in the text
	Start int    // first byte in the text as it was given
	End   int    // first byte behind
	Word  int    // number of the word that the piece is a part of, in its text; -1 of a special token
	Type  int    // segment: 0, or 1 of the second text of a pair

	Special bool // put there by the template, or a special token that stood in the text
}

// Bounds on what a file may hold. The largest vocabulary that we know has 256,000 pieces
// (NLLB), its longest piece 128 bytes (runs of spaces in tokenizers of code).
const (
	maxPieces     = 2_000_000
	maxPieceBytes = 1024
)

// damaged says that a file is not what it claims to be.
func damaged(format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, "the tokenizer is damaged: "+format, args...).
		WithHint("Remove the model and get it again.")
}

// unknownKind says that a file is of a kind that this package does not read.
func unknownKind(format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeUnsupportedFormat, "this tokenizer is of a kind that Inkpool does not know: "+format, args...)
}
