package label

import (
	"context"
	"strings"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/tokenize"
)

// Text says what texts are about, or how they sound.
type Text struct {
	session infer.Session
	ids     idModel // of models that take ids
	words   []int64 // shape of the input of models that take the text itself; nil: they take ids
	names   []string
	apply   activation
}

// NewText makes a labeler of a model that gives a value to each of its classes, float32
// [1, classes]: what libraries call text classification. The model takes ids, as transformers
// exports it, or the text itself, as pipelines of scikit-learn are converted.
//
// CodeUnsupportedFormat says why a model is no such one, CodeModelCorrupt what is wrong with
// the files, CodeUnavailable what the system lacks; other errors are those of load.
func NewText(f Files, load Load) (*Text, error) {
	c, err := f.config()
	if err != nil {
		return nil, err
	}
	l := &Text{}
	inputs, err := l.takeInputs(f, c)
	if err != nil {
		return nil, err
	}
	out, err := scoreOutput(f.Outputs, 2)
	if err != nil {
		return nil, err
	}
	if l.names, err = l.namesFor(f, c, out); err != nil {
		return nil, err
	}
	l.apply = c.activation(len(l.names)).of(out)
	l.session, err = load(inputs, []string{out.Name})
	return l, explained(err)
}

// takeInputs finds out what the model takes, and returns the names of the inputs.
func (l *Text) takeInputs(f Files, c config) (names []string, err error) {
	if len(f.Inputs) > 0 && f.Inputs[0].Type == typeString {
		l.words, err = textInput(f.Inputs)
		return []string{f.Inputs[0].Name}, err
	}
	l.ids, err = newIDModel(f, c)
	return l.ids.names, err
}

// namesFor are the names of the labels. Models of scikit-learn know theirs as numbers, unless
// the pack has a list, and call the output so that nobody takes them for anything else.
func (l *Text) namesFor(f Files, c config, out Value) ([]string, error) {
	if l.words == nil || !hasProbabilities(out.Name) {
		names, err := f.requireNames(c)
		if err != nil {
			return nil, err
		}
		return fitOutput(names, out)
	}
	names, err := f.labelNames(c)
	if err != nil {
		return nil, err
	}
	return fitOutput(names, out)
}

// textInput is the shape of an input that takes one text.
func textInput(inputs []Value) ([]int64, error) {
	in := inputs[0]
	if len(inputs) != 1 || len(in.Shape) > 2 {
		return nil, refused("it wants %d texts at a time, %v", len(inputs), in.Shape)
	}
	shape := []int64{1}
	if len(in.Shape) == 2 {
		shape = append(shape, 1)
	}
	for i, n := range in.Shape {
		if n > 1 {
			return nil, refused("it wants %d texts at a time", in.Shape[i])
		}
	}
	return shape, nil
}

// explained tells people what the runtime means that lacks a locale.
func explained(err error) error {
	if err == nil || !strings.Contains(err.Error(), "construct locale") {
		return err
	}
	return inkpool.Errorf(inkpool.CodeUnavailable, "this model needs a language setting that this computer lacks").
		WithCause(err).
		WithHint("Install the locale en_US.UTF-8 (on Debian: sudo apt install locales, then sudo dpkg-reconfigure locales).")
}

// Label returns the labels of a text, the likeliest first; none for a text of nothing but
// spaces. What is longer than the model's input is looked at in up to 32 windows, and has the
// mean of what they say, by their lengths.
func (l *Text) Label(ctx context.Context, page *pool.Page, text string) ([]inkpool.Label, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if l.words != nil {
		return l.labelAsItIs(ctx, page, text)
	}
	return l.labelTokens(ctx, page, func() []tokenize.Token { return l.ids.tokenizer.Encode(text) })
}

// LabelPair is Label for models that say how two texts go together: whether the first implies
// the second, answers it, or says the same. Only the first is looked at in windows:
// CodeTooLarge where the second leaves it no half of the input.
func (l *Text) LabelPair(ctx context.Context, page *pool.Page, first, second string) ([]inkpool.Label, error) {
	if strings.TrimSpace(first) == "" || strings.TrimSpace(second) == "" {
		return nil, nil
	}
	if l.words != nil {
		return nil, refused("it takes one text, and these are two")
	}
	return l.labelTokens(ctx, page, func() []tokenize.Token { return l.ids.tokenizer.EncodePair(first, second) })
}

// WarmUp runs the model once, so that the first text does not wait for what the runtime does at
// its first run, and so that a model that does not keep to what its files say is found out.
func (l *Text) WarmUp(ctx context.Context, page *pool.Page) error {
	_, err := l.Label(ctx, page, "a")
	return err
}

// labelTokens looks at all windows of a text.
func (l *Text) labelTokens(ctx context.Context, page *pool.Page, encode func() []tokenize.Token) ([]inkpool.Label, error) {
	var s sequence
	err := page.Do(ctx, pool.Line, func() error {
		s = split(encode())
		return nil
	})
	if err != nil {
		return nil, err
	}
	room := s.room(l.ids.longest)
	if 2*room < l.ids.longest && len(s.content) > room {
		return nil, inkpool.Errorf(inkpool.CodeTooLarge, "the second text is too long for this model").
			WithHint("Use a shorter one.")
	}
	windows := samples(len(s.content), max(room, 1))
	runs, weights := make([][]float64, len(windows)), make([]float64, len(windows))
	err = each(ctx, page, len(windows), func(ctx context.Context, i int) error {
		out, err := run(ctx, l.session, l.ids.tensors(s.window(windows[i])))
		runs[i], weights[i] = l.apply.scores(out.Data), float64(max(1, windows[i].size()))
		return err
	})
	if err != nil {
		return nil, err
	}
	return l.labels(runs, weights)
}

func (l *Text) labels(runs [][]float64, weights []float64) ([]inkpool.Label, error) {
	scores, err := mean(runs, weights)
	if err != nil {
		return nil, err
	}
	return l.apply.labels(l.names, scores)
}

// labelAsItIs gives the text to a model that takes it so.
func (l *Text) labelAsItIs(ctx context.Context, page *pool.Page, text string) ([]inkpool.Label, error) {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", " ") // the runtime takes a zero for the end
	runs := make([][]float64, 1)
	err := each(ctx, page, 1, func(ctx context.Context, i int) error {
		out, err := run(ctx, l.session, []infer.Tensor{infer.NewStrings([]string{text}, l.words...)})
		runs[i] = l.apply.scores(out.Data)
		return err
	})
	if err != nil {
		return nil, err
	}
	return l.labels(runs, nil)
}
