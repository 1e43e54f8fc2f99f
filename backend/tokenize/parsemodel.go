package tokenize

import (
	"encoding/json"
	"math"
	"strings"
	"unicode/utf8"
)

// modelFile has the settings of all models.
type modelFile struct {
	Type         string          `json:"type"`
	Vocabulary   json.RawMessage `json:"vocab"`
	Merges       json.RawMessage `json:"merges"`
	Unk          *string         `json:"unk_token"`
	UnkID        *int32          `json:"unk_id"`
	Prefix       *string         `json:"continuing_subword_prefix"`
	Suffix       *string         `json:"end_of_word_suffix"`
	MaxRunes     *int            `json:"max_input_chars_per_word"`
	FuseUnk      bool            `json:"fuse_unk"`
	ByteFallback bool            `json:"byte_fallback"`
	IgnoreMerges bool            `json:"ignore_merges"`
}

// kind returns the type, which older files leave out.
func (f *modelFile) kind() string {
	switch {
	case f.Type != "":
		return f.Type
	case !absent(f.Merges):
		return "BPE"
	case strings.HasPrefix(strings.TrimSpace(string(f.Vocabulary[:min(len(f.Vocabulary), 64)])), "["):
		return "Unigram"
	}
	return "WordPiece"
}

// read makes the model of t, and its vocabulary.
func (f *modelFile) read(t *Tokenizer) (err error) {
	t.unk = -1
	kind := f.kind()
	if kind == "Unigram" {
		return f.readUnigram(t)
	}
	if t.ids, t.pieces, err = parseVocabulary(f.Vocabulary); err != nil {
		return err
	}
	t.entries = len(t.ids)
	if f.Unk != nil {
		if id, ok := t.ids[*f.Unk]; ok {
			t.unk = id
		}
	}
	switch kind {
	case "WordPiece":
		return f.readWordPiece(t)
	case "WordLevel":
		if t.unk < 0 {
			return damaged("its vocabulary has no unknown piece")
		}
		t.model = wordLevel{t.ids, t.unk}
		return nil
	case "BPE":
		return f.readBPE(t)
	}
	return unknownKind("its model is %q", clip(kind))
}

func (f *modelFile) readWordPiece(t *Tokenizer) error {
	if t.unk < 0 {
		return damaged("its vocabulary has no unknown piece")
	}
	maxRunes := 100 // the default of Rust's wordpiece/mod.rs, and of BERT
	if f.MaxRunes != nil {
		maxRunes = *f.MaxRunes
	}
	t.model = newWordPiece(t.ids, orElse(f.Prefix, "##"), t.unk, maxRunes)
	return nil
}

func (f *modelFile) readBPE(t *Tokenizer) error {
	b := &bpe{
		ids: t.ids, unk: t.unk, bytes: bytePieces(t.ids), byteFallback: f.ByteFallback, fuseUnk: f.FuseUnk,
		ignoreMerges: f.IgnoreMerges, prefix: orElse(f.Prefix, ""), suffix: orElse(f.Suffix, ""),
	}
	pairs, err := parseMerges(f.Merges)
	if err != nil {
		return err
	}
	b.merges = make(map[[2]int32]merged, len(pairs))
	for rank, pair := range pairs {
		left, ok1 := t.ids[pair[0]]
		right, ok2 := t.ids[pair[1]]
		id, ok3 := t.ids[pair[0]+strings.TrimPrefix(pair[1], b.prefix)]
		if !ok1 || !ok2 || !ok3 {
			return damaged("its merge %d is of pieces that it does not have", rank)
		}
		b.merges[[2]int32{left, right}] = merged{int32(rank), id}
	}
	t.model = b
	return nil
}

// parseMerges reads a list of pairs, or in older files of strings with a space between the
// two.
func parseMerges(data json.RawMessage) ([][2]string, error) {
	if absent(data) {
		return nil, nil
	}
	var pairs [][2]string
	var lines []string
	if err := json.Unmarshal(data, &lines); err == nil {
		for i, line := range lines {
			if strings.HasPrefix(line, "#version") {
				continue
			}
			left, right, ok := strings.Cut(line, " ")
			if !ok || strings.Contains(right, " ") {
				return nil, damaged("its merge %d is no pair", i)
			}
			pairs = append(pairs, [2]string{left, right})
		}
	} else if err := json.Unmarshal(data, &pairs); err != nil {
		return nil, damaged("its merges cannot be read").WithCause(err)
	}
	if len(pairs) > maxPieces {
		return nil, damaged("it has more than %d merges", maxPieces)
	}
	return pairs, nil
}

// bytePieces returns the pieces of bytes, by byte; -1 where there is none.
func bytePieces(ids map[string]int32) [256]int32 {
	var pieces [256]int32
	for b := range pieces {
		id, ok := ids[bytePiece(byte(b))]
		if !ok {
			id = -1
		}
		pieces[b] = id
	}
	return pieces
}

func (f *modelFile) readUnigram(t *Tokenizer) error {
	var entries [][2]any // piece, score
	if err := json.Unmarshal(f.Vocabulary, &entries); err != nil {
		return damaged("its vocabulary cannot be read").WithCause(err)
	}
	if len(entries) == 0 || len(entries) > maxPieces {
		return damaged("it has %d pieces", len(entries))
	}
	u := &unigram{unk: -1, scores: make([]float64, len(entries))}
	t.ids, t.pieces, t.surfaces = make(map[string]int32, len(entries)), make([]string, len(entries)), true
	t.entries = len(entries)
	keys, least := make([]key, len(entries)), math.Inf(1)
	for i, entry := range entries {
		piece, isText := entry[0].(string)
		score, isNumber := entry[1].(float64)
		if !isText || !isNumber || len(piece) > maxPieceBytes || !utf8.ValidString(piece) || !finite(score) {
			return damaged("piece %d of its vocabulary has no text or no score", i)
		}
		keys[i], u.scores[i] = key{piece, int32(i)}, score
		t.ids[piece], t.pieces[i] = int32(i), piece
		least = min(least, score)
	}
	if f.UnkID != nil {
		if *f.UnkID < 0 || int(*f.UnkID) >= len(entries) {
			return damaged("it has no piece %d, which should be the unknown one", *f.UnkID)
		}
		u.unk = *f.UnkID
	}
	t.unk, u.unkCost, u.pieces = u.unk, least-unkPenalty, newTrie(keys)
	t.model = &fallbackUnigram{u, f.ByteFallback, bytePieces(t.ids)}
	return nil
}
