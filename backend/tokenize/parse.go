package tokenize

import (
	"encoding/json"
	"strings"
)

// Bounds on the shape of a file. Real ones have components two deep and some ten of them.
const (
	maxNesting    = 16
	maxComponents = 200
)

// file is a tokenizer.json. What it says of padding and truncation is for those who made
// it: models say themselves how much they take.
type file struct {
	Added         []addedToken    `json:"added_tokens"`
	Normalizer    json.RawMessage `json:"normalizer"`
	PreTokenizer  json.RawMessage `json:"pre_tokenizer"`
	PostProcessor json.RawMessage `json:"post_processor"`
	Decoder       json.RawMessage `json:"decoder"`
	Model         modelFile       `json:"model"`
}

// Parse reads a tokenizer.json. What is damaged is CodeModelCorrupt; parts that we do not
// know are CodeUnsupportedFormat, because to leave them out would give other ids.
func Parse(tokenizerJSON []byte) (*Tokenizer, error) {
	var f file
	if err := json.Unmarshal(tokenizerJSON, &f); err != nil {
		return nil, damaged("it cannot be read").WithCause(err)
	}
	t := &Tokenizer{}
	if err := f.Model.read(t); err != nil {
		return nil, err
	}
	p := parser{alphabet: newByteAlphabet()}
	var err error
	if t.normalizer, err = p.normalizer(f.Normalizer, 0); err != nil {
		return nil, err
	}
	if t.words, err = p.preTokenizer(f.PreTokenizer, 0); err != nil {
		return nil, err
	}
	if t.template, err = p.postProcessor(f.PostProcessor, 0); err != nil {
		return nil, err
	}
	if t.decoder, err = p.decoder(f.Decoder, 0); err != nil {
		return nil, err
	}
	if err := t.addTokens(f.Added); err != nil {
		return nil, err
	}
	return t, nil
}

// addTokens follows AddedVocabulary::add_tokens of Rust: a token has the id that the
// vocabulary gives it, or the next free one, whatever number the file says.
func (t *Tokenizer) addTokens(tokens []addedToken) error {
	t.added, t.special = map[string]int32{}, map[int32]bool{}
	next := int32(t.entries)
	var raw, normalized []addedToken
	for _, a := range tokens {
		if len(a.Content) > maxPieceBytes || next == maxPieces {
			return damaged("its added tokens are too long, or too many")
		}
		if a.Content == "" {
			continue
		}
		id, known := t.ID(a.Content)
		if a.ID = int32(id); !known {
			a.ID = next
			next++
		}
		t.added[a.Content] = a.ID
		t.setPiece(a.ID, a.Content)
		if a.Special {
			t.special[a.ID] = true
		}
		if a.Normalized {
			normalized = append(normalized, a)
		} else {
			raw = append(raw, a)
		}
	}
	t.raw, t.normalized = newAddedTokens(raw, nil), newAddedTokens(normalized, t.normalizer)
	return nil
}

// setPiece says what an id stands for.
func (t *Tokenizer) setPiece(id int32, piece string) {
	for int(id) >= len(t.pieces) {
		t.pieces = append(t.pieces, "")
	}
	t.pieces[id] = piece
}

// parser reads the components of a file.
type parser struct {
	alphabet   *byteAlphabet
	components int
}

// component is what components have in common.
type component struct {
	Type string `json:"type"`
}

// open reads a component into v, a pointer, and returns its type; "" where there is none.
func (p *parser) open(data json.RawMessage, depth int, v any) (kind string, err error) {
	if absent(data) {
		return "", nil
	}
	p.components++
	if depth > maxNesting || p.components > maxComponents {
		return "", damaged("its parts are nested too deep, or too many")
	}
	var c component
	if err := json.Unmarshal(data, &c); err != nil {
		return "", damaged("one of its parts cannot be read").WithCause(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return "", damaged("its part %q cannot be read", clip(c.Type)).WithCause(err)
	}
	if c.Type == "" {
		return "", damaged("one of its parts does not say what it is")
	}
	return c.Type, nil
}

// absent says whether a field was left out or null.
func absent(data json.RawMessage) bool { return len(data) == 0 || string(data) == "null" }

// clip shortens what a file says for a message.
func clip(s string) string {
	if len(s) > 40 {
		s = strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}

// patternFile is {"String": …} or {"Regex": …}.
type patternFile struct {
	String *string
	Regex  *string
}

func (f patternFile) pattern() (pattern, error) {
	switch {
	case f.String != nil:
		return literal(*f.String), nil
	case f.Regex != nil:
		return newExpression(*f.Regex)
	}
	return nil, damaged("one of its patterns is empty")
}
