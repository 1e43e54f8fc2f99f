package label_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
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

func mustTokens(t testing.TB, f label.Files, join label.Aggregation, load label.Load) *label.Tokens {
	t.Helper()
	l, err := label.NewTokens(f, join, load)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// spans writes labels of parts of a text as "London=LOC Google=ORG".
func spans(text string, labels []inkpool.Label) string {
	var parts []string
	for _, l := range labels {
		parts = append(parts, text[l.Span.Start:l.Span.End]+"="+l.Name)
	}
	return strings.Join(parts, " ")
}

func TestTokensOfTheRuntime(t *testing.T) {
	const text = "Google in Berlin: London"
	for _, model := range []string{"model.onnx", "model_quantized.onnx"} {
		f, load := folderFiles(t, packtest.Entities(t), model)
		got, err := mustTokens(t, f, label.First, load).Label(t.Context(), page(), text)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Google=ORG", "Berlin=LOC", "London=LOC"} {
			if !strings.Contains(" "+spans(text, got)+" ", " "+want+" ") {
				t.Errorf("%s: got %s, want %s among them", model, spans(text, got), want)
			}
		}
	}
}

// One session for everybody: eight at once get what one gets.
func TestTokensAtOnce(t *testing.T) {
	f, load := folderFiles(t, packtest.Entities(t), "model.onnx")
	l := mustTokens(t, f, label.First, load)
	text := strings.Repeat("Google in Berlin. ", 400)
	slots := pool.New(4)
	answers := make([][]inkpool.Label, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			var err error
			if answers[i], err = l.Label(t.Context(), slots.Page(pool.Request{}), text); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(answers[0]) < 800 {
		t.Errorf("got %d labels, want at least 800", len(answers[0]))
	}
	for i := range answers {
		if !reflect.DeepEqual(answers[i], answers[0]) {
			t.Errorf("answer %d differs", i)
		}
	}
}

// kinds are words that a namer has a label for each of.
var kinds = []string{"O", "B-PER", "I-PER", "B-LOC", "I-LOC"}

// namerFiles are those of a model that takes so many tokens. Its vocabulary are the labels of
// its answers: it says of "per" that an entity begins, and of "per2" that it goes on.
func namerFiles(longest int) label.Files {
	return label.Files{
		Inputs:    []label.Value{{Name: "input_ids", Type: int64s}},
		Outputs:   []label.Value{{Name: "logits", Type: float32s, Shape: []int64{-1, -1, 5}}},
		Config:    fmt.Appendf(nil, `{"id2label": {"0": "O", "1": "B-PER", "2": "I-PER", "3": "B-LOC", "4": "I-LOC"}, "max_position_embeddings": %d}`, longest),
		Tokenizer: wordPieces("of", "per", "per2", "loc", "loc2", "##x"),
	}
}

// name gives to each token the label that its word says, less surely towards the ends of what
// it is shown: so a model does that sees little around a token.
func name(_ context.Context, in, out []infer.Tensor) error {
	ids := in[0].Ints
	data := make([]float32, len(ids)*len(kinds))
	for i, id := range ids {
		at := min(max(id-idFirst, 0), int64(len(kinds)-1))
		if id == idFirst+5 { // ##x
			at = 0
		}
		data[i*len(kinds)+int(at)] = float32(min(i, len(ids)-1-i, 3))
	}
	out[0] = infer.NewTensor(data, 1, int64(len(ids)), int64(len(kinds)))
	return nil
}

func loadNamer(_, _ []string) (infer.Session, error) { return &infertest.Session{Func: name}, nil }

// Entities of long texts are those that a model finds that sees all at once, wherever windows
// end.
func TestTokensInWindows(t *testing.T) {
	words := []string{"of", "of", "of", "per", "per2", "perx", "loc", "loc2"}
	whole, parts := mustTokens(t, namerFiles(2048), label.First, loadNamer), mustTokens(t, namerFiles(32), label.First, loadNamer)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 5))
		var text strings.Builder
		for range 1 + r.IntN(300) {
			text.WriteString(words[r.IntN(len(words))] + "  "[:1+r.IntN(2)])
		}
		got, err := parts.Label(t.Context(), pool.New(4).Page(pool.Request{}), text.String())
		if err != nil {
			t.Fatal(err)
		}
		want, err := whole.Label(t.Context(), page(), text.String())
		if err != nil {
			t.Fatal(err)
		}
		if g, w := spans(text.String(), got), spans(text.String(), want); g != w {
			t.Errorf("seed %d: got %s, want %s", seed, g, w)
		}
	}
}

// Offsets are bytes of the text as it was given, whatever the tokenizer made of it.
func TestTokensPlaces(t *testing.T) {
	text := "  Ö… per\u00a0per2, of\tloc?"
	got, err := mustTokens(t, namerFiles(64), label.Simple, loadNamer).Label(t.Context(), page(), text)
	if err != nil || spans(text, got) != "per\u00a0per2=PER loc=LOC" {
		t.Errorf("got %s, %v", spans(text, got), err)
	}
}

func TestTokensOfSpaces(t *testing.T) {
	got, err := mustTokens(t, namerFiles(64), label.First, loadNamer).Label(t.Context(), page(), " \n ")
	if err != nil || got != nil {
		t.Errorf("got %v, %v; want nothing", got, err)
	}
}

func TestTokensRefuses(t *testing.T) {
	for test, c := range map[string]struct {
		change func(f *label.Files)
		want   inkpool.Code
		says   string
	}{
		"one label a text": {func(f *label.Files) { f.Outputs[0].Shape = []int64{-1, 5} }, inkpool.CodeUnsupportedFormat, "no scores"},
		"other names":      {func(f *label.Files) { f.Outputs[0].Shape[2] = 9 }, inkpool.CodeUnsupportedFormat, "9 classes"},
		"no names":         {func(f *label.Files) { f.Config = nil }, inkpool.CodeUnsupportedFormat, "nothing names"},
		"texts":            {func(f *label.Files) { f.Inputs[0].Type = texts }, inkpool.CodeUnsupportedFormat, "not the ids"},
		"no tokenizer":     {func(f *label.Files) { f.Tokenizer = nil }, inkpool.CodeUnsupportedFormat, "tokenizer.json"},
		"configuration":    {func(f *label.Files) { f.Config = []byte("{") }, inkpool.CodeModelCorrupt, "config.json"},
	} {
		t.Run(test, func(t *testing.T) {
			f := namerFiles(64)
			c.change(&f)
			_, err := label.NewTokens(f, label.First, func(_, _ []string) (infer.Session, error) {
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

// A graph may leave its shapes open; what it computes is looked at.
func TestTokensOfAModelThatAnswersOddly(t *testing.T) {
	for _, shape := range [][]int64{{1, 5}, {1, 2, 5}, {1, 3, 4}, {3, 5, 1}} {
		f := namerFiles(64)
		f.Outputs[0].Shape = nil
		l := mustTokens(t, f, label.First, func(_, _ []string) (infer.Session, error) {
			return &infertest.Session{Func: func(_ context.Context, _, out []infer.Tensor) error {
				out[0] = infer.NewTensor(make([]float32, infer.Size(shape)), shape...)
				return nil
			}}, nil
		})
		wantCode(t, l.WarmUp(t.Context(), page()), inkpool.CodeUnsupportedFormat)
	}
}

func TestTokensStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	l := mustTokens(t, namerFiles(32), label.First, func(_, _ []string) (infer.Session, error) {
		return &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
			if runs++; runs == 3 {
				cancel()
			}
			return name(ctx, in, out)
		}}, nil
	})
	_, err := l.Label(ctx, page(), strings.Repeat("per of ", 500))
	if !errors.Is(err, context.Canceled) || runs > 4 {
		t.Errorf("got %v after %d runs, want context.Canceled after 3", err, runs)
	}
}
