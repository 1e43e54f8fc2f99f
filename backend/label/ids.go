package label

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/tokenize"
)

// Lengths of inputs, in tokens.
const (
	usualTokens = 512  // where nothing tells: what BERT and most of its kind take
	maxTokens   = 2048 // whatever a model may take: attention takes memory with the square, 200 MB here for 12 heads
	fewest      = 16   // less is no input for a text
)

// idModel is what is known of a model that takes ids: how texts become its inputs.
type idModel struct {
	tokenizer *tokenize.Tokenizer
	inputs    []idInput
	names     []string // of the inputs in the graph, in their order
	longest   int      // tokens of an input, special ones included
	length    int      // what inputs are padded to; 0: they are not
	pad       int64    // id of what they are padded with
	first     int64    // position of the first token
}

// idInput is what an input of a graph wants to know of each token.
type idInput int

const (
	tokenIDs  idInput = iota
	mask              // 1, and 0 for padding
	segments          // 1 for the second of two texts
	positions         // from idModel.first on
)

// newIDModel reads what a pack says of a model that takes ids.
func newIDModel(f Files, c config) (m idModel, err error) {
	length, err := m.takeInputs(f.Inputs)
	if err != nil {
		return m, err
	}
	if f.Tokenizer == nil {
		return m, refused("its pack has no tokenizer.json").
			WithHint("Install the model as a whole folder, with its tokenizer.json.")
	}
	if m.tokenizer, err = tokenize.Parse(f.Tokenizer); err != nil {
		return m, err
	}
	own, err := f.tokenizerConfig()
	if err != nil {
		return m, err
	}
	m.longest, m.length = own.longest(c), int(min(length, maxTokens+1))
	if m.length > 0 {
		m.longest = min(m.longest, m.length)
	}
	if m.length > maxTokens || m.longest < fewest {
		return m, refused("it takes %d tokens at a time", max(m.longest, m.length))
	}
	m.first, m.pad = c.firstPosition(), int64(max(0, c.PadID)) // some say -1 for none
	if id, ok := m.tokenizer.ID(string(own.Pad)); ok {
		m.pad = int64(id)
	}
	return m, nil
}

// takeInputs finds out what each input of a graph is, by its name in transformers, or in the
// first programs with BERT. It returns the length that all demand, 0 for any.
func (m *idModel) takeInputs(inputs []Value) (length int64, err error) {
	known := map[string]idInput{
		"input_ids": tokenIDs, "attention_mask": mask, "input_mask": mask,
		"token_type_ids": segments, "segment_ids": segments, "position_ids": positions,
	}
	for _, in := range inputs {
		what, ok := known[strings.TrimSuffix(in.Name, ":0")] // TensorFlow's exporter numbers outputs of a node
		switch {
		case !ok:
			return 0, refused("it wants %.60q, which Inkpool does not know", in.Name)
		case in.Type == typeInt32:
			return 0, refused("it takes ids of 32 bits").WithHint("Use a form of the model that takes ids of 64 bits.")
		case in.Type != typeInt64 || in.Shape != nil && (len(in.Shape) != 2 || in.Shape[0] > 1):
			return 0, refused("its input %q %v is not the ids of one text", in.Name, in.Shape)
		}
		if len(in.Shape) == 2 && in.Shape[1] > 0 {
			if length > 0 && length != in.Shape[1] {
				return 0, refused("its inputs have different lengths")
			}
			length = in.Shape[1]
		}
		m.inputs, m.names = append(m.inputs, what), append(m.names, in.Name)
	}
	if !slices.Contains(m.inputs, tokenIDs) {
		return 0, refused("it takes no texts")
	}
	return length, nil
}

// tokenizerConfig is what this package reads of a tokenizer_config.json.
type tokenizerConfig struct {
	Longest float64  `json:"model_max_length"` // 1e30 where it is not known
	Pad     padToken `json:"pad_token"`
}

func (f Files) tokenizerConfig() (c tokenizerConfig, err error) {
	if f.TokenizerConfig == nil {
		return c, nil
	}
	if err := json.Unmarshal(f.TokenizerConfig, &c); err != nil {
		return c, damaged("tokenizer_config.json", "it is no JSON object of the right form").WithCause(err)
	}
	return c, nil
}

// padToken is a token by its text, or by an object that has it.
type padToken string

func (p *padToken) UnmarshalJSON(data []byte) error {
	var object struct{ Content string }
	if json.Unmarshal(data, (*string)(p)) == nil {
		return nil
	}
	err := json.Unmarshal(data, &object)
	*p = padToken(object.Content)
	return err
}

// longest is how many tokens an input may have: less than the model has positions, and than
// its tokenizer was made for.
func (t tokenizerConfig) longest(c config) int {
	n := maxTokens
	if !t.knows(c) {
		n = usualTokens
	}
	if t.Longest >= 1 {
		n = int(min(float64(n), t.Longest))
	}
	if c.Positions > 0 {
		n = min(n, c.Positions-int(c.firstPosition()))
	}
	return n
}

// knows reports whether anything says how long an input may be.
func (t tokenizerConfig) knows(c config) bool {
	return t.Longest >= 1 && t.Longest < 1e9 || c.Positions > 0
}

// firstPosition is where positions begin to count: behind that of padding in RoBERTa and the
// models made of it, which therefore have two positions more than they take tokens.
func (c config) firstPosition() int64 {
	likeRoberta := []string{"camembert", "data2vec-text", "ibert", "longformer", "luke", "mpnet", "roberta", "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "xmod"}
	if slices.Contains(likeRoberta, c.ModelType) {
		return int64(max(0, c.PadID)) + 1
	}
	return 0
}

// tensors are the inputs of the model for one sequence of tokens.
func (m idModel) tensors(s []tokenize.Token) []infer.Tensor {
	n := max(len(s), m.length)
	out := make([]infer.Tensor, len(m.inputs))
	for i, what := range m.inputs {
		values := make([]int64, n)
		for k := range values {
			values[k] = m.value(what, s, k)
		}
		out[i] = infer.NewInts(values, 1, int64(n))
	}
	return out
}

// value is what an input wants to know of token k, or of the padding behind the last.
func (m idModel) value(what idInput, s []tokenize.Token, k int) int64 {
	padding := k >= len(s)
	switch {
	case what == tokenIDs && padding:
		return m.pad
	case what == tokenIDs:
		return int64(s[k].ID)
	case what == mask && !padding:
		return 1
	case what == segments && !padding:
		return int64(s[k].Type)
	case what == positions:
		return m.first + int64(k)
	}
	return 0
}
