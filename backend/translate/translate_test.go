package translate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/translate"
)

// letter is a text with what texts have; the small models translate it word for word.
const letter = `Notes from the weather station

Monday began with fog and ended with a clear sky. Dr. Smith was not there.
The wind turned from south to north-west shortly after noon, and the pressure rose
by eleven hectopascals in nine hours.

  - The cat sleeps.
  - https://example.com/a?b=1
1. The road is closed; see https://example.com/a?b=1 or write to mail@example.com.
2. The cat sleeps.
`

func TestTranslate(t *testing.T) {
	for _, c := range []struct {
		name   string
		folder func(testing.TB) string
		suffix string
	}{
		{"merged", packtest.Marian, ""},
		{"quantised", packtest.Marian, "_quantized"},
		{"split", packtest.MarianSplit, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			translator := open(t, c.folder(t), c.suffix)
			for _, beams := range []int{0, 1, 6} {
				checkLetter(t, translator, beams)
			}
		})
	}
}

func checkLetter(t *testing.T, translator *translate.Translator, beams int) {
	t.Helper()
	page := pool.New(2).Page(pool.Request{Kind: pool.Translating})
	got, err := translator.Translate(t.Context(), page, translate.Request{Text: letter, From: "en", To: "zh", Beams: beams})
	if err != nil {
		t.Fatal(err)
	}
	const want = `Notes保rom踢边a馆梨也i学

次学居两g船只头画g 批 e停母只头 他民多年r写ky.Dr.看mi头暖香t踢这.
`
	if !strings.HasPrefix(got.Text, want) {
		t.Errorf("%d beams: got\n%s\nwant it to begin with\n%s", beams, got.Text, want)
	}
	for _, same := range []string{"\n\n  - ", "\n  - https://example.com/a?b=1\n1. ", " https://example.com/a?b=1 ", "mail@example.com", "\n2. "} {
		if !strings.Contains(got.Text, same) {
			t.Errorf("%d beams: got no %q in\n%s", beams, same, got.Text)
		}
	}
	if len(got.Segments) != 7 {
		t.Errorf("%d beams: got %d segments, want 7", beams, len(got.Segments))
	}
	for _, s := range got.Segments {
		if s.Doubtful || s.Target == "" {
			t.Errorf("%d beams: got %+v, want it translated without doubt", beams, s)
		}
	}
}

// A text comes out the same whatever the number of slots, and its sentences as they do alone.
func TestResultsDependOnTheTextAlone(t *testing.T) {
	translator := open(t, packtest.Marian(t), "")
	text := strings.Join(sentences(40), " ")
	var want inkpool.Translation
	for i, slots := range []int{1, 8, 2} {
		page := pool.New(slots).Page(pool.Request{})
		got, err := translator.Translate(t.Context(), page, translate.Request{Text: text, From: "en", To: "zh"})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want = got
		}
		if got.Text != want.Text {
			t.Errorf("%d slots: got %q, want %q", slots, got.Text, want.Text)
		}
	}
	if len(want.Segments) != 40 {
		t.Fatalf("got %d segments, want 40", len(want.Segments))
	}
	page := pool.New(1).Page(pool.Request{})
	for _, s := range want.Segments[:10] {
		got, err := translator.Translate(t.Context(), page, translate.Request{Text: s.Source, From: "en", To: "zh"})
		if err != nil {
			t.Fatal(err)
		}
		if got.Text != s.Target {
			t.Errorf("%q alone: got %q, in a batch %q", s.Source, got.Text, s.Target)
		}
	}
}

// sentences makes different ones of many lengths.
func sentences(n int) []string {
	words := strings.Fields("the old bridge near the river was built by farmers and a teacher who sold bread to children in winter")
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("Number %d: %s.", i, strings.Join(words[:3+i*7%17], " "))
	}
	return out
}

func TestSentencesAreDoneOnce(t *testing.T) {
	translator := open(t, packtest.Marian(t), "")
	page := pool.New(4).Page(pool.Request{})
	all := sentences(30)
	text := strings.Join(append(all, all[:5]...), "\n") // some occur twice

	var first []inkpool.Segment
	ctx, cancel := context.WithCancel(t.Context())
	_, err := translator.Translate(ctx, page, translate.Request{Text: text, From: "en", To: "zh",
		Done: func(done, total int, s inkpool.Segment) {
			first = append(first, s)
			if done != len(first) || total != 30 {
				t.Errorf("got %d of %d, want %d of 30", done, total, len(first))
			}
			if done == 9 {
				cancel()
			}
		}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}

	var second []string
	got, err := translator.Translate(t.Context(), page, translate.Request{Text: text, From: "en", To: "zh",
		Known: func(source string) (inkpool.Segment, bool) {
			i := slices.IndexFunc(first, func(s inkpool.Segment) bool { return s.Source == source })
			if i < 0 {
				return inkpool.Segment{}, false
			}
			return first[i], true
		},
		Done: func(_, _ int, s inkpool.Segment) { second = append(second, s.Source) },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range first {
		if slices.Contains(second, s.Source) {
			t.Errorf("%q was translated twice", s.Source)
		}
	}
	if len(first)+len(second) != 30 || len(got.Segments) != 35 {
		t.Errorf("got %d and %d sentences, and %d segments; want 30 and 35", len(first), len(second), len(got.Segments))
	}
}

// NLLB is told both languages: the source's before the text, the target's at the beginning of
// the output, where the configuration of the tokenizer may have others.
func TestManyLanguages(t *testing.T) {
	p := parts(t, packtest.NLLB(t), "")
	p.Languages = map[string]string{"en": "eng_Latn", "zh-Hans": "zho_Hans", "bo": "bod_Tibt"}
	translator, err := translate.New(p)
	if err != nil {
		t.Fatal(err)
	}
	page := pool.New(2).Page(pool.Request{})
	for _, beams := range []int{1, 0} {
		got, err := translator.Translate(t.Context(), page, translate.Request{Text: "The river is cold. </s> The lake is not.\n", From: "en", To: "bo", Beams: beams})
		if err != nil {
			t.Fatal(err)
		}
		if want := "The river is cold.  The lake is not.\n"; got.Text != want { // each piece stands for itself
			t.Errorf("%d beams: got %q, want %q", beams, got.Text, want)
		}
	}
	_, err = translator.Translate(t.Context(), page, translate.Request{Text: "x", From: "en", To: "ja"})
	if got := inkpool.CodeOf(err); got != inkpool.CodeInvalid {
		t.Errorf("into a language that it does not know: got %q (%v), want %q", got, err, inkpool.CodeInvalid)
	}
}

// A model of several target languages is told which one by a token before the text.
func TestTargetToken(t *testing.T) {
	p := parts(t, packtest.Marian(t), "")
	p.Languages = map[string]string{"zh-Hans": ">>cmn_Hans<<", "zh-Hant": ">>cmn_Hant<<"}
	translator, err := translate.New(p)
	if err != nil {
		t.Fatal(err)
	}
	page := pool.New(1).Page(pool.Request{})
	said := map[string]string{}
	for _, to := range []string{"zh", "zh-Hans", "zh-Hant"} {
		got, err := translator.Translate(t.Context(), page, translate.Request{Text: "It rains.", From: "en", To: to})
		if err != nil {
			t.Fatal(err)
		}
		said[to] = got.Text
	}
	plain := said["zh"] // for the model the token is one more piece, that it says something for
	if said["zh-Hans"] == said["zh-Hant"] || !strings.HasSuffix(said["zh-Hans"], plain) || !strings.HasSuffix(said["zh-Hant"], plain) {
		t.Errorf("got %q, want them to begin with two different pieces and end with %q", said, plain)
	}
}
