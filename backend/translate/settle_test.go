package translate

import (
	"context"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// wordTokens is a tokenizer of whole words, numbered as they come.
type wordTokens struct{ words []string }

func (w *wordTokens) Encode(text string) []int {
	var ids []int
	for _, word := range strings.Fields(text) {
		id, _ := w.ID(word)
		ids = append(ids, id)
	}
	return append(ids, 0)
}

func (w *wordTokens) ID(word string) (int, bool) {
	for i, known := range w.words {
		if known == word {
			return i + 1, true
		}
	}
	w.words = append(w.words, word)
	return len(w.words), true
}

func (w *wordTokens) Decode(ids []int) string {
	var words []string
	for _, id := range ids {
		words = append(words, w.words[id-1])
	}
	return strings.Join(words, " ")
}

// wordTranslator says every word again, but for what say has for a source of several words,
// which it says in its place: forever, if that ends with "...".
func wordTranslator(t *testing.T, say map[string]string) *Translator {
	t.Helper()
	const vocabulary = 64
	tokens := &wordTokens{}
	translator := fakeTranslator(t, `{"vocab_size":64,"pad_token_id":63,"decoder_start_token_id":63,"max_length":64}`)
	translator.tokens = tokens
	translator.model.vocabulary, translator.model.pad = vocabulary, 63
	next := func(source, said []int64) int {
		var ids []int
		for _, id := range source {
			if id != 0 {
				ids = append(ids, int(id))
			}
		}
		text := tokens.Decode(ids)
		if other, ok := say[text]; ok {
			text = other
		}
		endless := strings.HasSuffix(text, "...")
		words := tokens.Encode(strings.TrimSuffix(text, "..."))
		if endless {
			return words[(len(said)-1)%(len(words)-1)]
		}
		if len(said) > len(words) {
			return 0 // a beam that said something else
		}
		return words[len(said)-1]
	}
	session := &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		read, said := fakeRead(in, out)
		clear(out[0].Data)
		for row := range read {
			out[0].Data[row*vocabulary+next(read[row], said[row])] = 9
		}
		return nil
	}}
	translator.model.first.session, translator.model.next.session = session, session
	return translator
}

func TestOutputsThatGoWrong(t *testing.T) {
	for _, c := range []struct {
		name, text string
		say        map[string]string
		want       string
		doubtful   bool
	}{
		{"nothing wrong", "one two three four", nil, "one two three four", false},
		{"endless", "one two three four five six seven eight", map[string]string{"one two three four five six seven eight": "x y z..."},
			"one two three four five six seven eight", false},
		{"repeats itself", "one two three four five six seven eight", map[string]string{
			"one two three four five six seven eight": "x y x y x y x y x y x y x y"}, "one two three four five six seven eight", false},
		{"so does the source", "a b a b a b a b a b", nil, "a b a b a b a b a b", false},
		{"too short", "a b c d e f g h i j k l m", map[string]string{"a b c d e f g h i j k l m": "x"}, "a b c d e f g h i j k l m", false},
		{"one half stays wrong", "one two three four five six seven eight", map[string]string{
			"one two three four five six seven eight": "x...", "one two three four": "x y z...", "five six seven eight": "5 6 7 8"}, "x y z 5 6 7 8", true},
		{"loses an address", "see https://a.b/c now", map[string]string{"see https://a.b/c now": "see https now"}, "see https://a.b/c now", false},
		{"loses a number", "order 123456 please", map[string]string{"order 123456 please": "order please"}, "order please", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			translator := wordTranslator(t, c.say)
			for _, beams := range []int{1, 3} {
				page := pool.New(2).Page(pool.Request{})
				got, err := translator.Translate(t.Context(), page, Request{Text: c.text, From: "en", To: "de", Beams: beams})
				if err != nil {
					t.Fatal(err)
				}
				want := inkpool.Segment{Source: c.text, Target: c.want, Doubtful: c.doubtful}
				if len(got.Segments) != 1 || got.Segments[0] != want {
					t.Errorf("%d beams: got %+v, want %+v", beams, got.Segments, want)
				}
			}
		})
	}
}

// Sentences that are longer than the model takes are translated in parts.
func TestLongSentences(t *testing.T) {
	translator := wordTranslator(t, nil) // takes 64 pieces, so gets 32 at most
	text := strings.TrimSpace(strings.Repeat("one two three, four five six ", 20))
	var told int
	page := pool.New(2).Page(pool.Request{})
	got, err := translator.Translate(t.Context(), page, Request{Text: text, From: "en", To: "de",
		Done: func(int, int, inkpool.Segment) { told++ }})
	if err != nil {
		t.Fatal(err)
	}
	if got.Text != text || len(got.Segments) != 1 || told != 1 {
		t.Errorf("got %d segments, told %d times, and the text %q; want 1, once, %q", len(got.Segments), told, got.Text, text)
	}
}
