package translate

import (
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/tokenize"
)

// tokenizer turns texts into ids and back.
type tokenizer interface {
	Encode(text string) []int // with the end; nothing that names languages
	Decode(ids []int) string  // without anything special
	ID(piece string) (id int, ok bool)
}

// newTokenizer makes the tokenizer of a kind of model.
func newTokenizer(p Parts, c config) (tokenizer, error) {
	switch c.ModelType {
	case "marian":
		return tokenize.ParseMarian(p.Source, p.Target, p.Vocabulary)
	case "m2m_100": // also what NLLB calls itself
		t, err := tokenize.Parse(p.Tokenizer)
		return manyLanguages{t, int(c.End)}, err
	}
	return nil, inkpool.Errorf(inkpool.CodeUnsupportedFormat, "this is a model of the kind %q, which Inkpool does not translate with", c.ModelType)
}

// manyLanguages is the one tokenizer for all languages of M2M100 and NLLB. The languages that
// its template has are not used: they are those that somebody exported it with.
type manyLanguages struct {
	*tokenize.Tokenizer
	end int
}

// Encode implements tokenizer. What looks like a special token in a text is left out: it would
// end the text, or change its language.
func (m manyLanguages) Encode(text string) []int {
	var ids []int
	for _, t := range m.Pieces(text) {
		if !t.Special {
			ids = append(ids, t.ID)
		}
	}
	return append(ids, m.end)
}

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
	if t.config.ModelType == "marian" {
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
