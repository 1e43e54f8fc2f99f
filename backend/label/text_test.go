package label_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/label"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
	"github.com/inkpool/inkpool/backend/pool"
)

// folderFiles are the files of a pack laid out as on Hugging Face, with its real model.
func folderFiles(t testing.TB, dir, model string) (label.Files, label.Load) {
	t.Helper()
	f, load := realModel(t, readFile(t, dir, "onnx", model))
	f.Config = readFile(t, dir, "config.json")
	f.Tokenizer = readFile(t, dir, "tokenizer.json")
	f.TokenizerConfig = readFile(t, dir, "tokenizer_config.json")
	return f, load
}

func mustText(t testing.TB, f label.Files, load label.Load) *label.Text {
	t.Helper()
	l, err := label.NewText(f, load)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Real models in full precision and quantised.
func TestTextOfTheRuntime(t *testing.T) {
	for _, c := range []struct {
		dir, model, text, want string
	}{
		{packtest.Sentiment(t), "model.onnx", "This is good.", "POSITIVE"},
		{packtest.Sentiment(t), "model.onnx", "Bad, bad movie", "NEGATIVE"},
		{packtest.Sentiment(t), "model_quantized.onnx", "This is good.", "POSITIVE"},
		{packtest.Topics(t), "model.onnx", "a football match", "sport"},
	} {
		f, load := folderFiles(t, c.dir, c.model)
		got, err := mustText(t, f, load).Label(t.Context(), page(), c.text)
		if err != nil || len(got) == 0 || got[0].Name != c.want {
			t.Errorf("%s: got %s, %v; want %s", c.text, show(got), err, c.want)
		}
	}
}

// Ids of the vocabulary of wordPieces.
const (
	idPad, idUnknown, idBegin, idEnd = 0, 1, 2, 3
	idFirst                          = 4 // of the words
)

// wordPieces is a tokenizer.json in BERT's form with these pieces behind the special ones.
func wordPieces(pieces ...string) []byte {
	vocabulary := map[string]int{}
	for i, p := range append([]string{"[PAD]", "[UNK]", "[CLS]", "[SEP]"}, pieces...) {
		vocabulary[p] = i
	}
	special := func(token string) map[string]any {
		return map[string]any{"id": token, "ids": []int{vocabulary[token]}, "tokens": []string{token}}
	}
	part := func(kind, id string, segment int) map[string]any {
		return map[string]any{kind: map[string]any{"id": id, "type_id": segment}}
	}
	data, err := json.Marshal(map[string]any{
		"version":       "1.0",
		"added_tokens":  []any{},
		"normalizer":    map[string]any{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": nil, "lowercase": false},
		"pre_tokenizer": map[string]any{"type": "BertPreTokenizer"},
		"post_processor": map[string]any{
			"type":           "TemplateProcessing",
			"single":         []any{part("SpecialToken", "[CLS]", 0), part("Sequence", "A", 0), part("SpecialToken", "[SEP]", 0)},
			"pair":           []any{part("SpecialToken", "[CLS]", 0), part("Sequence", "A", 0), part("SpecialToken", "[SEP]", 0), part("Sequence", "B", 1), part("SpecialToken", "[SEP]", 1)},
			"special_tokens": map[string]any{"[CLS]": special("[CLS]"), "[SEP]": special("[SEP]")},
		},
		"decoder": nil,
		"model":   map[string]any{"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary},
	})
	if err != nil {
		panic(err)
	}
	return data
}

// digits are words that a counter counts.
var digits = []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

// counter is a model of texts with the classes low and high, whose probabilities are the shares
// of the words below 5 and of the others among the tokens that it is shown.
type counter struct {
	mu    sync.Mutex
	shown [][]int64
}

func (c *counter) load(_, _ []string) (infer.Session, error) {
	return &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		c.mu.Lock()
		c.shown = append(c.shown, in[0].Ints)
		c.mu.Unlock()
		p := shares(in[0].Ints)
		out[0] = infer.NewTensor([]float32{float32(math.Log(p[0])), float32(math.Log(p[1]))}, 1, 2)
		return nil
	}}, nil
}

// shares are the probabilities of a counter; a little of each is always there.
func shares(ids []int64) [2]float64 {
	n := [2]float64{0.5, 0.5}
	for _, id := range ids {
		switch {
		case id >= idFirst+5:
			n[1]++
		case id >= idFirst:
			n[0]++
		}
	}
	return [2]float64{n[0] / (n[0] + n[1]), n[1] / (n[0] + n[1])}
}

// countingFiles are those of a counter that takes so many tokens.
func countingFiles(longest int) label.Files {
	return label.Files{
		Inputs:    []label.Value{{Name: "input_ids", Type: int64s, Shape: []int64{-1, -1}}},
		Outputs:   []label.Value{{Name: "logits", Type: float32s, Shape: []int64{-1, 2}}},
		Config:    fmt.Appendf(nil, `{"id2label": {"0": "low", "1": "high"}, "max_position_embeddings": %d}`, longest),
		Tokenizer: wordPieces(digits...),
	}
}

// numberText is a text of n digits.
func numberText(r *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = digits[r.IntN(len(digits))]
	}
	return strings.Join(words, " ")
}

// Every token of a text counts once and alike, whatever the number of windows: the mean by
// lengths is that of a plain loop over equal pieces.
func TestTextInWindows(t *testing.T) {
	const longest = 32 // 30 of the text
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 29, 30, 31, 60, 61, 100, 300, 32 * 30} {
		text := numberText(r, n)
		c := &counter{}
		got, err := mustText(t, countingFiles(longest), c.load).Label(t.Context(), page(), text)
		if err != nil {
			t.Fatal(err)
		}
		if want := slowMean(strings.Fields(text), longest-2); math.Abs(scoreOf(got, "high")-want) > 1e-6 {
			t.Errorf("%d words: got %s, want %.4f for high", n, show(got), want)
		}
		if want := (n + longest - 3) / (longest - 2); len(c.shown) != want {
			t.Errorf("%d words: got %d windows, want %d", n, len(c.shown), want)
		}
		for _, ids := range c.shown {
			if len(ids) > longest || ids[0] != idBegin || ids[len(ids)-1] != idEnd {
				t.Errorf("%d words: got a window of %d tokens, %v", n, len(ids), ids)
			}
		}
	}
}

// slowMean is the score of the second class, computed word by word.
func slowMean(words []string, room int) float64 {
	windows := (len(words) + room - 1) / room
	size := (len(words) + windows - 1) / windows
	sum, weight := 0.0, 0.0
	for i := range windows {
		from := 0
		if windows > 1 {
			from = i * (len(words) - size) / (windows - 1)
		}
		var ids []int64
		for _, w := range words[from : from+size] {
			ids = append(ids, idFirst+int64(w[0]-'0'))
		}
		sum += shares(ids)[1] * float64(size)
		weight += float64(size)
	}
	return sum / weight
}

func scoreOf(labels []inkpool.Label, name string) float64 {
	for _, l := range labels {
		if l.Name == name {
			return l.Score
		}
	}
	return math.NaN()
}

// Of very long texts, windows from the beginning to the end are looked at, and no more.
func TestTextOfGreatLength(t *testing.T) {
	c := &counter{}
	text := strings.Repeat("1 ", 20_000) + strings.Repeat("7 ", 20_000)
	got, err := mustText(t, countingFiles(32), c.load).Label(t.Context(), page(), text)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.shown) != 32 || math.Abs(scoreOf(got, "high")-0.5) > 0.01 {
		t.Errorf("got %s from %d windows, want 0.50 from 32", show(got), len(c.shown))
	}
}

// The result does not depend on how many windows are at work at once.
func TestTextWithAnyNumberOfSlots(t *testing.T) {
	text := numberText(rand.New(rand.NewPCG(3, 4)), 900)
	var first []inkpool.Label
	for _, n := range []int{1, 2, 8} {
		l := mustText(t, countingFiles(64), (&counter{}).load)
		got, err := l.Label(t.Context(), pool.New(n).Page(pool.Request{}), text)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		}
		if !slices.Equal(got, first) {
			t.Errorf("%d slots: got %v, want %v", n, got, first)
		}
	}
}

func TestTextOfSpaces(t *testing.T) {
	c := &counter{}
	got, err := mustText(t, countingFiles(32), c.load).Label(t.Context(), page(), " \n\t ")
	if err != nil || got != nil || len(c.shown) > 0 {
		t.Errorf("got %v, %v after %d runs, want nothing", got, err, len(c.shown))
	}
}

// What each input of the graph is given, by its name, in the graph's order.
func TestTextInputs(t *testing.T) {
	names := []string{"token_type_ids", "position_ids", "attention_mask", "input_ids:0"}
	for name, c := range map[string]struct {
		config    string
		shape     []int64
		tokenizer string
		want      [][]int64
	}{
		"BERT":    {`"model_type": "bert"`, []int64{-1, -1}, ``, [][]int64{{0, 0, 0, 0}, {0, 1, 2, 3}, {1, 1, 1, 1}, {2, 5, 6, 3}}},
		"RoBERTa": {`"model_type": "roberta", "pad_token_id": 1`, []int64{-1, -1}, ``, [][]int64{{0, 0, 0, 0}, {2, 3, 4, 5}, {1, 1, 1, 1}, {2, 5, 6, 3}}},
		"shorter than fixed": {`"pad_token_id": 0, "max_position_embeddings": 16`, []int64{1, 20}, ``,
			[][]int64{make([]int64, 20), counted(20), append([]int64{1, 1, 1, 1}, make([]int64, 16)...), append([]int64{2, 5, 6, 3}, make([]int64, 16)...)}},
		"fixed length": {`"pad_token_id": 0`, []int64{1, 17}, `{"pad_token": {"content": "9"}}`,
			[][]int64{make([]int64, 17), counted(17), append([]int64{1, 1, 1, 1}, make([]int64, 13)...), append([]int64{2, 5, 6, 3}, slices.Repeat([]int64{13}, 13)...)}},
	} {
		t.Run(name, func(t *testing.T) {
			f := countingFiles(0)
			f.Config = []byte(`{"id2label": {"0": "low", "1": "high"}, ` + c.config + `}`)
			if c.tokenizer != "" {
				f.TokenizerConfig = []byte(c.tokenizer)
			}
			f.Inputs = nil
			for _, n := range names {
				f.Inputs = append(f.Inputs, label.Value{Name: n, Type: int64s, Shape: c.shape})
			}
			s := &speaker{says: []float32{1, 2}}
			if _, err := mustText(t, f, s.load).Label(t.Context(), page(), "1 2"); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(s.inputs, names) {
				t.Errorf("got the inputs %q, want %q", s.inputs, names)
			}
			for i, in := range s.heard[0] {
				if !slices.Equal(in.Ints, c.want[i]) {
					t.Errorf("%s: got %v, want %v", names[i], in.Ints, c.want[i])
				}
			}
		})
	}
}

// counted is 0, 1, ..., n-1.
func counted(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i)
	}
	return out
}

// How long an input may be, from whatever tells it.
func TestTextLongestInput(t *testing.T) {
	for name, c := range map[string]struct {
		config, tokenizer string
		want              int
	}{
		"nothing tells":      {``, ``, 512},
		"positions":          {`"max_position_embeddings": 40`, ``, 40},
		"RoBERTa's":          {`"max_position_embeddings": 42, "model_type": "roberta", "pad_token_id": 1`, ``, 40},
		"the tokenizer":      {``, `{"model_max_length": 50}`, 50},
		"the shorter one":    {`"max_position_embeddings": 60`, `{"model_max_length": 50}`, 50},
		"endless":            {``, `{"model_max_length": 1000000000000000019884624838656}`, 512},
		"endless, and not":   {`"max_position_embeddings": 60`, `{"model_max_length": 1e30}`, 60},
		"as much as we dare": {`"max_position_embeddings": 32768`, ``, 2048},
	} {
		t.Run(name, func(t *testing.T) {
			f := countingFiles(0)
			f.Config = []byte(strings.TrimSuffix(`{"id2label": {"0": "low", "1": "high"}, `+c.config, ", ") + `}`)
			if c.tokenizer != "" {
				f.TokenizerConfig = []byte(c.tokenizer)
			}
			k := &counter{}
			if _, err := mustText(t, f, k.load).Label(t.Context(), page(), strings.Repeat("1 ", 2*(c.want-2))); err != nil {
				t.Fatal(err)
			}
			longest := 0
			for _, ids := range k.shown {
				longest = max(longest, len(ids))
			}
			if longest != c.want {
				t.Errorf("got %d tokens, want %d", longest, c.want)
			}
		})
	}
}

func TestTextPair(t *testing.T) {
	f := countingFiles(16)
	f.Inputs = append(f.Inputs, label.Value{Name: "token_type_ids", Type: int64s})
	s := &speaker{says: []float32{1, 2}}
	l := mustText(t, f, s.load)
	if _, err := l.LabelPair(t.Context(), page(), "1 2", "3"); err != nil {
		t.Fatal(err)
	}
	if ids, types := s.heard[0][0].Ints, s.heard[0][1].Ints; !slices.Equal(ids, []int64{2, 5, 6, 3, 7, 3}) || !slices.Equal(types, []int64{0, 0, 0, 0, 1, 1}) {
		t.Errorf("got %v %v", ids, types)
	}

	s.heard = nil
	if _, err := l.LabelPair(t.Context(), page(), strings.Repeat("1 ", 25), "3"); err != nil {
		t.Fatal(err)
	}
	if len(s.heard) != 3 { // 12 of the first text fit
		t.Errorf("got %d windows, want 3", len(s.heard))
	}
	for _, in := range s.heard {
		if n := len(in[0].Ints); n > 16 || in[0].Ints[n-2] != 7 {
			t.Errorf("got %v, want the second text in each window", in[0].Ints)
		}
	}

	_, err := l.LabelPair(t.Context(), page(), strings.Repeat("1 ", 25), strings.Repeat("3 ", 10))
	wantCode(t, err, inkpool.CodeTooLarge)
	if got, err := l.LabelPair(t.Context(), page(), "1", " "); got != nil || err != nil {
		t.Errorf("nothing beside it: got %v, %v", got, err)
	}
}

// textFiles are those of a model that takes the text itself.
func textFiles(shape ...int64) label.Files {
	return label.Files{
		Inputs:  []label.Value{{Name: "input", Type: texts, Shape: shape}},
		Outputs: []label.Value{{Name: "label", Type: int64s, Shape: []int64{-1}}, {Name: "probabilities", Type: float32s, Shape: []int64{-1, 2}}},
	}
}

func TestTextAsItIs(t *testing.T) {
	for name, c := range map[string]struct {
		files label.Files
		names []byte
		shape []int64
		want  string
	}{
		"numbers":     {textFiles(-1, 1), nil, []int64{1, 1}, "1 0.75, 0 0.25"},
		"names":       {textFiles(-1, 1), []byte("ham\nspam"), []int64{1, 1}, "spam 0.75, ham 0.25"},
		"plain input": {textFiles(-1), nil, []int64{1}, "1 0.75, 0 0.25"},
	} {
		t.Run(name, func(t *testing.T) {
			c.files.Labels = c.names
			s := &speaker{says: []float32{0.25, 0.75}}
			got, err := mustText(t, c.files, s.load).Label(t.Context(), page(), "free\x00 \xffprize")
			if err != nil || show(got) != c.want {
				t.Errorf("got %s, %v; want %s", show(got), err, c.want)
			}
			in := s.heard[0][0]
			if !slices.Equal(in.Shape, c.shape) || !slices.Equal(in.Strings, []string{"free  \ufffdprize"}) {
				t.Errorf("got %q %v", in.Strings, in.Shape)
			}
			if !slices.Equal(s.outputs, []string{"probabilities"}) {
				t.Errorf("got the outputs %q, want the probabilities alone", s.outputs)
			}
			_, err = mustText(t, c.files, s.load).LabelPair(t.Context(), page(), "a", "b")
			wantCode(t, err, inkpool.CodeUnsupportedFormat)
		})
	}
}

func TestTextWithoutItsLocale(t *testing.T) {
	_, err := label.NewText(textFiles(-1, 1), func(_, _ []string) (infer.Session, error) {
		return nil, errors.New("Failed to construct locale with name:en_US.UTF-8")
	})
	wantCode(t, err, inkpool.CodeUnavailable)
	if e := inkpool.AsError(err); !strings.Contains(e.Hint, "en_US.UTF-8") {
		t.Errorf("got the hint %q", e.Hint)
	}
}

func TestTextRefuses(t *testing.T) {
	input := func(v ...label.Value) func(*label.Files) { return func(f *label.Files) { f.Inputs = v } }
	output := func(v ...label.Value) func(*label.Files) { return func(f *label.Files) { f.Outputs = v } }
	for name, c := range map[string]struct {
		change func(f *label.Files)
		want   inkpool.Code
		says   string
	}{
		"a vector":          {input(label.Value{Name: "float_input", Type: float32s, Shape: []int64{-1, 784}}), inkpool.CodeUnsupportedFormat, `"float_input"`},
		"bytes of files":    {input(label.Value{Name: "bytes", Type: int32s, Shape: []int64{-1, 2048}}), inkpool.CodeUnsupportedFormat, `"bytes"`},
		"small ids":         {input(label.Value{Name: "input_ids", Type: int32s}), inkpool.CodeUnsupportedFormat, "32 bits"},
		"ids as numbers":    {input(label.Value{Name: "input_ids", Type: float32s}), inkpool.CodeUnsupportedFormat, "not the ids"},
		"batches":           {input(label.Value{Name: "input_ids", Type: int64s, Shape: []int64{32, 29}}), inkpool.CodeUnsupportedFormat, "not the ids"},
		"masks only":        {input(label.Value{Name: "attention_mask", Type: int64s}), inkpool.CodeUnsupportedFormat, "no texts"},
		"no inputs":         {input(), inkpool.CodeUnsupportedFormat, "no texts"},
		"two lengths":       {input(label.Value{Name: "input_ids", Type: int64s, Shape: []int64{1, 32}}, label.Value{Name: "attention_mask", Type: int64s, Shape: []int64{1, 64}}), inkpool.CodeUnsupportedFormat, "different lengths"},
		"an endless length": {input(label.Value{Name: "input_ids", Type: int64s, Shape: []int64{1, 1 << 40}}), inkpool.CodeUnsupportedFormat, "tokens at a time"},
		"hardly a word":     {input(label.Value{Name: "input_ids", Type: int64s, Shape: []int64{1, 4}}), inkpool.CodeUnsupportedFormat, "4 tokens"},
		"no positions": {func(f *label.Files) {
			f.Config = []byte(`{"id2label": {"0": "a", "1": "b"}, "max_position_embeddings": 3}`)
		}, inkpool.CodeUnsupportedFormat, "3 tokens"},
		"no tokenizer":      {func(f *label.Files) { f.Tokenizer = nil }, inkpool.CodeUnsupportedFormat, "tokenizer.json"},
		"damaged tokenizer": {func(f *label.Files) { f.Tokenizer = []byte("{}") }, inkpool.CodeModelCorrupt, "tokenizer"},
		"its configuration": {func(f *label.Files) { f.TokenizerConfig = []byte("[]") }, inkpool.CodeModelCorrupt, "tokenizer_config.json"},
		"features":          {output(label.Value{Name: "last_hidden_state", Type: float32s, Shape: []int64{-1, -1, 50}}), inkpool.CodeUnsupportedFormat, "no scores"},
		"a table":           {output(label.Value{Name: "output_label", Type: int64s}, label.Value{Name: "output_probability"}), inkpool.CodeUnsupportedFormat, "tables"},
		"no names":          {func(f *label.Files) { f.Config = nil }, inkpool.CodeUnsupportedFormat, "nothing names"},
		"other names":       {func(f *label.Files) { f.Config = []byte(`{"id2label": {"0": "a"}}`) }, inkpool.CodeUnsupportedFormat, "2 classes"},
		"two texts":         {input(label.Value{Name: "a", Type: texts}, label.Value{Name: "b", Type: texts}), inkpool.CodeUnsupportedFormat, "2 texts"},
		"many texts":        {input(label.Value{Name: "a", Type: texts, Shape: []int64{-1, 12}}), inkpool.CodeUnsupportedFormat, "12 texts"},
		"a cube of texts":   {input(label.Value{Name: "a", Type: texts, Shape: []int64{1, 1, 1}}), inkpool.CodeUnsupportedFormat, "texts at a time"},
	} {
		t.Run(name, func(t *testing.T) {
			f := countingFiles(64)
			c.change(&f)
			_, err := label.NewText(f, func(_, _ []string) (infer.Session, error) {
				t.Error("the model was loaded")
				return nil, errors.New("loaded")
			})
			wantCode(t, err, c.want)
			if e := inkpool.AsError(err); !strings.Contains(e.Message, c.says) {
				t.Errorf("got %q, want something of %q", e.Message, c.says)
			}
		})
	}
}

// A panic in a model's run, on a goroutine of its own, ends one text with an error.
func TestTextSurvivesAPanic(t *testing.T) {
	l := mustText(t, countingFiles(64), func(_, _ []string) (infer.Session, error) {
		return &infertest.Session{Func: func(context.Context, []infer.Tensor, []infer.Tensor) error { panic("oops") }}, nil
	})
	_, err := l.Label(t.Context(), page(), "1 2 3")
	wantCode(t, err, inkpool.CodeInternal)
}

// FuzzTextFiles: whatever files and texts say, there are labels, or an error with its reason.
func FuzzTextFiles(f *testing.F) {
	f.Add([]byte(`{"id2label": {"0": "a", "1": "b"}, "max_position_embeddings": 18}`), []byte(`{"model_max_length": 20}`), "1 2 3 44 [SEP]")
	f.Add([]byte(`{"id2label": {"0": "a", "1": "b"}, "model_type": "roberta", "pad_token_id": -5}`), []byte(`{"pad_token": {"content": "1"}}`), "\xff\x00")
	f.Fuzz(func(t *testing.T, config, tokenizerConfig []byte, text string) {
		files := countingFiles(0)
		files.Inputs = append(files.Inputs, label.Value{Name: "position_ids", Type: int64s, Shape: []int64{1, 20}})
		files.Config, files.TokenizerConfig = nilIfEmpty(config), nilIfEmpty(tokenizerConfig)
		l, err := label.NewText(files, (&counter{}).load)
		if err == nil {
			_, err = l.Label(t.Context(), page(), text)
		}
		switch inkpool.CodeOf(err) {
		case "", inkpool.CodeModelCorrupt, inkpool.CodeUnsupportedFormat:
		default:
			t.Errorf("got %v", err)
		}
	})
}
