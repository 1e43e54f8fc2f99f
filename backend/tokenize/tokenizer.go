package tokenize

import "strings"

// Tokenizer is a tokenizer.json: what a text goes through on its way to ids. A text is cut
// at added tokens, normalised, cut into words, each of which is cut into pieces, and put
// into a template.
type Tokenizer struct {
	raw        *addedTokens // looked for in the text as it is; nil: none
	normalizer normalizer   // nil: none
	normalized *addedTokens // looked for in the normalised text
	words      preTokenizer // nil: none
	model      model
	template   postProcessor // nil: none
	decoder    decoder       // nil: none

	ids      map[string]int32 // by piece, of the model
	added    map[string]int32 // by content
	pieces   []string         // by id, added tokens included
	special  map[int32]bool
	entries  int   // of the model's vocabulary
	unk      int32 // -1: none
	surfaces bool  // unknown pieces are tokens with the text that stood there
}

// Size returns the largest id there is, and one.
func (t *Tokenizer) Size() int { return len(t.pieces) }

// ID returns the id of a piece or added token, and whether there is one.
func (t *Tokenizer) ID(piece string) (int, bool) {
	id, ok := t.added[piece]
	if !ok {
		id, ok = t.ids[piece]
	}
	return int(id), ok
}

// Piece returns the piece with an id, or "" when there is none.
func (t *Tokenizer) Piece(id int) string {
	if id < 0 || id >= len(t.pieces) {
		return ""
	}
	return t.pieces[id]
}

// Encode returns the tokens of a text within the template of the file.
func (t *Tokenizer) Encode(s string) []Token {
	return t.process([]encoding{{s, t.tokens(s)}}, true)
}

// EncodePair returns the tokens of two texts within the template for pairs. Those of the
// second have the Type 1 where the template says so, and places in the second text.
func (t *Tokenizer) EncodePair(a, b string) []Token {
	second := t.tokens(b)
	setType(second, 1)
	return t.process([]encoding{{a, t.tokens(a)}, {b, second}}, true)
}

// Pieces returns the tokens of a text without the template.
func (t *Tokenizer) Pieces(s string) []Token {
	return t.process([]encoding{{s, t.tokens(s)}}, false)
}

func (t *Tokenizer) process(texts []encoding, special bool) []Token {
	if t.template == nil {
		return join(texts)
	}
	return t.template.process(texts, special)
}

// tokens cuts a text, before the template.
func (t *Tokenizer) tokens(s string) []Token {
	e := encoder{t: t, out: make([]Token, 0, len(s)/4+8)}
	t.raw.split(newText(s), e.normalize, e.token)
	return e.out
}

// encoder collects the tokens of one text.
type encoder struct {
	t     *Tokenizer
	out   []Token
	words int    // so far
	cut   []text // scratch
	spans []span // scratch
}

// token adds an added token.
func (e *encoder) token(a addedToken, at text) {
	p := at.place(0, len(at.s))
	token := Token{ID: int(a.ID), Text: a.Content, Start: int(p.start), End: int(p.end), Word: -1, Special: a.Special}
	if !a.Special {
		token.Word = e.words
	}
	e.words++
	e.out = append(e.out, token)
}

// normalize adds what lies between the added tokens of the text as it was given.
func (e *encoder) normalize(t text) {
	if e.t.normalizer != nil {
		t = e.t.normalizer.normalize(t)
	}
	e.t.normalized.split(t, e.encode, e.token)
}

// encode adds a normalised text.
func (e *encoder) encode(t text) {
	e.cut = append(e.cut[:0], t)
	if e.t.words != nil {
		e.cut = e.t.words.preTokenize(t, e.cut[:0])
	}
	for _, word := range e.cut {
		e.spans = e.t.model.encode(word.s, e.spans[:0])
		for _, s := range e.spans {
			e.out = append(e.out, e.t.piece(s, word, e.words))
		}
		e.words++
	}
}

// piece makes the token of a piece of a word.
func (t *Tokenizer) piece(s span, of text, word int) Token {
	p := of.place(int(s.start), int(s.end))
	token := Token{ID: int(s.id), Text: t.Piece(int(s.id)), Start: int(p.start), End: int(p.end), Word: word}
	if t.surfaces && s.id == t.unk {
		token.Text = strings.Clone(of.s[s.start:s.end])
	}
	return token
}

// Decode returns the text of ids, without special tokens. Ids that there are not are left
// out.
func (t *Tokenizer) Decode(ids []int) string {
	pieces := make([]string, 0, len(ids))
	for _, id := range ids {
		if piece := t.Piece(id); piece != "" && !t.special[int32(id)] {
			pieces = append(pieces, piece)
		}
	}
	if t.decoder == nil {
		return strings.Join(pieces, " ")
	}
	return strings.Join(t.decoder.decode(pieces), "")
}
