package translate

import (
	"encoding/json"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// config is what config.json and generation_config.json say, in the words of Hugging Face's
// transformers. Ids are those of the vocabulary.
type config struct {
	ModelType  string `json:"model_type"`
	Width      int    `json:"d_model"`
	Heads      int    `json:"decoder_attention_heads"`
	Vocabulary int    `json:"vocab_size"`
	Positions  int    `json:"max_position_embeddings"` // the longest input that the model was made for

	Pad       int     `json:"pad_token_id"`
	End       oneID   `json:"eos_token_id"`
	Start     *int    `json:"decoder_start_token_id"`
	ForcedEnd *oneID  `json:"forced_eos_token_id"` // comes at MaxLength, whatever the model says
	Banned    [][]int `json:"bad_words_ids"`

	MaxLength     int      `json:"max_length"` // of the output, its start and end included
	Beams         int      `json:"num_beams"`
	LengthPenalty *float64 `json:"length_penalty"`
	EarlyStopping stopping `json:"early_stopping"`
	Renormalize   bool     `json:"renormalize_logits"` // probabilities leave out what is banned
}

// Bounds on what a configuration may say: four times the largest model that we know, M2M-100 of
// 12 thousand million weights (width 4096, 16 heads, 128,112 pieces, 1024 positions).
const (
	maxWidth      = 16 << 10
	maxVocabulary = 1 << 20
	maxPositions  = 8 << 10
	maxBeams      = 32
)

// parseConfig reads both files; what generation has goes before what main has. generation may
// be empty, as older exports have none.
func parseConfig(main, generation []byte) (config, error) {
	var c config
	if err := json.Unmarshal(main, &c); err != nil {
		return config{}, damaged("config.json cannot be read").WithCause(err)
	}
	if len(generation) > 0 {
		if err := json.Unmarshal(generation, &c); err != nil {
			return config{}, damaged("generation_config.json cannot be read").WithCause(err)
		}
	}
	c.fill()
	return c, c.check()
}

// fill sets what the files may leave out to what transformers takes.
func (c *config) fill() {
	if c.Positions == 0 {
		c.Positions = 512
	}
	if c.MaxLength == 0 {
		c.MaxLength = c.Positions // transformers: 20, which cuts most sentences
	}
	c.MaxLength = min(c.MaxLength, c.Positions)
	c.Beams = max(1, c.Beams)
	if c.LengthPenalty == nil {
		one := 1.0
		c.LengthPenalty = &one
	}
	if c.Start == nil {
		c.Start = &c.Pad
	}
}

func (c *config) check() error {
	switch {
	case c.Width < 1 || c.Width > maxWidth || c.Heads < 1 || c.Width%c.Heads != 0:
		return damaged("its width is %d, with %d heads", c.Width, c.Heads)
	case c.Vocabulary < 2 || c.Vocabulary > maxVocabulary:
		return damaged("its vocabulary has %d pieces", c.Vocabulary)
	case c.Positions < 8 || c.Positions > maxPositions || c.MaxLength < 4:
		return damaged("it takes %d pieces and gives %d", c.Positions, c.MaxLength)
	case c.Beams > maxBeams:
		return damaged("it searches with %d beams", c.Beams)
	}
	ids := []int{c.Pad, int(c.End), *c.Start}
	if c.ForcedEnd != nil {
		ids = append(ids, int(*c.ForcedEnd))
	}
	for _, words := range c.Banned {
		if len(words) == 0 {
			return damaged("an empty word is banned")
		}
		ids = append(ids, words...)
	}
	for _, id := range ids {
		if id < 0 || id >= c.Vocabulary {
			return damaged("it has no piece %d", id)
		}
	}
	return nil
}

// banned are the single pieces that may not be said. Longer sequences, which translation
// models do not ban, are left alone.
func (c *config) banned() []int {
	var ids []int
	for _, words := range c.Banned {
		if len(words) == 1 && words[0] != int(c.End) {
			ids = append(ids, words[0])
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// oneID is an id, or the first of a list of ids.
type oneID int

// UnmarshalJSON implements json.Unmarshaler.
func (id *oneID) UnmarshalJSON(data []byte) error {
	var list []int
	if json.Unmarshal(data, &list) == nil && len(list) > 0 {
		*id = oneID(list[0])
		return nil
	}
	return json.Unmarshal(data, (*int)(id))
}

// stopping says when a beam search that has as many finished outputs as beams ends.
type stopping int

const (
	whenHopeless stopping = iota // no beam, as long as it is now, would be better than the worst of them
	atOnce
	never // no beam, however long it gets, would be better
)

// UnmarshalJSON implements json.Unmarshaler: false, true or "never".
func (s *stopping) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true":
		*s = atOnce
	case `"never"`:
		*s = never
	default:
		*s = whenHopeless
	}
	return nil
}

// damaged says that a model's files are not what they claim to be.
func damaged(format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, "the translation model is damaged: "+format, args...).
		WithHint("Remove the model and get it again.")
}
