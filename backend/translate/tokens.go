package translate

import (
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/tokenize"
)

// Tokenizer turns texts into ids and back.
type tokenizer interface {
	Encode(text string) []int // with the end; nothing that names languages
	Decode(ids []int) string  // without anything special
	ID(piece string) (id int, ok bool)
}

var _ tokenizer = (*tokenize.Marian)(nil)

// direction is how a model is told the languages.
type direction struct {
	from, to string // BCP 47
	before   []int  // at the beginning of every input
	first    int    // of every output; -1: the model's choice
}

// direction looks the languages up. Marian models of one direction need not be told, those of
// several target languages take the target's token before the input. M2M100 and NLLB take the
// source's there, and begin the output with the target's.
func (t *Translator) direction(from, to string) (direction, error) {
	d := direction{from: from, to: to, first: -1}
	if !t.manyToMany {
		if piece, ok := t.languages[to]; ok {
			id, ok := t.tokens.ID(piece)
			if !ok {
				return d, notBetween(from, to)
			}
			d.before = []int{id}
		}
		return d, nil
	}
	source, okSource := t.tokens.ID(t.languages[from])
	target, okTarget := t.tokens.ID(t.languages[to])
	if !okSource || !okTarget {
		return d, notBetween(from, to)
	}
	d.before, d.first = []int{source}, target
	return d, nil
}

func notBetween(from, to string) error {
	return inkpool.Errorf(inkpool.CodeInvalid, "this model does not translate from %s to %s", from, to).
		WithHint("Choose another model or another language.")
}

// encode returns the ids of a text for the encoder.
func (t *Translator) encode(text string, d direction) []int {
	return slices.Concat(d.before, t.tokens.Encode(text))
}
