package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
)

// installed returns a folder of packs with small models: id → folder.
func installed(t testing.TB, packs map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for id, folder := range packs {
		wish := modelpack.Wish{ID: id, Weights: modelpack.Full, From: []string{"en"}, To: []string{"zh-Hans", "zh-Hant"}}
		if id[:2] != "en" {
			wish.From, wish.To = nil, nil
		}
		if _, err := (modelpack.Shelf{Dir: dir}).Add(t.Context(), []string{folder}, wish, nil); err != nil {
			t.Fatalf("install %s: %v", id, err)
		}
	}
	return dir
}

// openTranslator returns an engine with an English–Chinese pack.
func openTranslator(t testing.TB, workers int) *engine.Engine {
	t.Helper()
	return openWithSettings(t, engine.Settings{Workers: workers, PacksDir: installed(t, map[string]string{"en-zh": packtest.Marian(t)})})
}

// english is a text of four sentences, two of which are the same.
const english = "The weather is nice today.\n\n- We walk to the harbour.\n- We drink tea.\n\nThe weather is nice today."

func into(to string) inkpool.Steps { return inkpool.Steps{Translate: &inkpool.Translating{To: to}} }

// told gathers progress.
type told struct {
	read      []inkpool.Result
	done      []int
	sentences []inkpool.Sentence
}

func (l *told) tell(p inkpool.Progress) {
	if p.Read != nil {
		l.read = append(l.read, *p.Read)
		return
	}
	l.done, l.sentences = append(l.done, p.Done), append(l.sentences, p.Finished...)
}

func TestTextIsTranslated(t *testing.T) {
	e := openTranslator(t, 2)
	letter := file(t, "letter.txt", []byte(english))
	letter.Steps = into("zh")
	var heard told
	r, err := e.Process(t.Context(), letter, heard.tell)
	if err != nil || r.Text != english || r.Language.Code != "en" {
		t.Fatalf("got %+v, %v; want the English text", r, err)
	}
	tr := r.Translation
	if tr == nil || tr.Error != nil || tr.From != "en" || tr.To != "zh" || tr.Pack != "en-zh" || len(tr.Segments) != 4 {
		t.Fatalf("got translation %+v, want four segments from en into zh", tr)
	}
	if !strings.Contains(tr.Text, "\n\n- "+tr.Segments[1].Target+"\n- "+tr.Segments[2].Target+"\n\n") || tr.Segments[1].Target == tr.Segments[1].Source {
		t.Errorf("got %q of %+v, want the segments with what was between them", tr.Text, tr.Segments)
	}
	if len(heard.read) != 1 || heard.read[0].Text != english || heard.read[0].Translation != nil || heard.read[0].Timing.Total <= 0 {
		t.Errorf("got %+v told as read, want the text, once, and how long it took", heard.read)
	}
	if len(heard.sentences) != 3 || heard.done[len(heard.done)-1] != 3 && heard.done[len(heard.done)-1] != 4 {
		t.Errorf("got %d sentences told, done %v; want each of three once", len(heard.sentences), heard.done)
	}
	if timing := r.Timing; timing.Translate <= 0 || timing.Infer < timing.Translate {
		t.Errorf("got %+v, want the time of the translation in it", timing)
	}
	if got := e.Usage().Devices[0].Sessions; got < 3 {
		t.Errorf("got %d sessions, want those of the translator and of the language", got)
	}
}

// A model of one pair goes before one of many.
func TestTranslatorOfOnePairGoesFirst(t *testing.T) {
	dir := installed(t, map[string]string{"en-zh": packtest.Marian(t), "all": packtest.NLLB(t)})
	e := openWithSettings(t, engine.Settings{Workers: 1, PacksDir: dir})
	note := file(t, "note.txt", []byte(english))
	for to, want := range map[string]string{"zh": "en-zh", "bo": "all"} {
		note.Steps = into(to)
		r, err := e.Process(t.Context(), note, nil)
		if err != nil || r.Translation.Error != nil || r.Translation.Pack != want {
			t.Errorf("into %s: got %+v, %v; want the pack %q", to, r.Translation, err, want)
		}
	}
}

// What was read, and sentences that are finished, are not done again; the file need not be there.
func TestStepsGoOn(t *testing.T) {
	e := openTranslator(t, 1)
	letter := file(t, "letter.txt", []byte(english))
	letter.Steps = into("zh")
	var first told
	want, err := e.Process(t.Context(), letter, first.tell)
	if err != nil {
		t.Fatal(err)
	}
	letter.Path, letter.Before, letter.Finished = "/no/such/file", &first.read[0], first.sentences[:2]
	letter.Finished[0].Target = "a person's own words"
	var second told
	got, err := e.Process(t.Context(), letter, second.tell)
	if err != nil || len(second.read) != 0 || len(second.sentences) != 1 {
		t.Fatalf("got %v, read %d times, %d sentences; want the one that was left", err, len(second.read), len(second.sentences))
	}
	if n := strings.Count(got.Translation.Text, "a person's own words"); n == 0 || got.Text != want.Text {
		t.Errorf("got %q, want the sentence that was finished before", got.Translation.Text)
	}
	letter.Before = &want
	var third told
	if got, err := e.Process(t.Context(), letter, third.tell); err != nil || len(third.done) != 0 || cmp.Diff(want.Translation, got.Translation, equalErrors) != "" {
		t.Errorf("got %+v, %v, told %v; want what is there", got.Translation, err, third.done)
	}
}

var equalErrors = cmp.Comparer(func(a, b *inkpool.Error) bool { return errors.Is(a, b) })

// A language that is in doubt is one that can be translated.
func TestDoubtfulLanguage(t *testing.T) {
	e := openTranslator(t, 1)
	for _, text := range []string{"London is nice. Google is in London.", "Hello", "Total 12.50 EUR"} {
		note := file(t, "note.txt", []byte(text))
		note.Steps = into("zh")
		r, err := e.Process(t.Context(), note, nil)
		if err != nil || r.Translation.Error != nil || r.Translation.From != "en" || len(r.Translation.Segments) == 0 {
			t.Errorf("%q, told as %+v: got %+v, %v; want it translated from English", text, r.Language, r.Translation, err)
		}
	}
}

// A step that comes to nothing says why, and leaves the text alone.
func TestStepsThatCannotBe(t *testing.T) {
	e := openTranslator(t, 1)
	for name, c := range map[string]struct {
		text string
		how  inkpool.Translating
		want inkpool.Code
		same bool // the translation is the text
	}{
		"a language that no pack knows": {"Der Hafen ist heute geschlossen, weil das Wetter schlecht ist.", inkpool.Translating{To: "zh"}, inkpool.CodeModelMissing, false},
		"a pack that is not there":      {english, inkpool.Translating{To: "zh", Pack: "nowhere"}, inkpool.CodeModelMissing, false},
		"a pack that goes another way":  {english, inkpool.Translating{To: "de", Pack: "en-zh"}, inkpool.CodeModelMissing, false},
		"a text in that language":       {"今天天气很好，我们去港口散步。", inkpool.Translating{To: "zh"}, "", true},
		"a text in no language":         {"12 345.67 / 8", inkpool.Translating{To: "zh"}, "", true},
		"nothing":                       {"  \n", inkpool.Translating{To: "zh"}, "", true},
	} {
		note := file(t, "note.txt", []byte(c.text))
		note.Steps.Translate = &c.how
		r, err := e.Process(t.Context(), note, nil)
		if err != nil || r.Text != c.text || r.Translation == nil {
			t.Errorf("%s: got %+v, %v; want the text", name, r, err)
			continue
		}
		if got := codeOf(r.Translation.Error); got != c.want || c.same != (r.Translation.Text == c.text) {
			t.Errorf("%s: got %q, text %q; want %q", name, got, r.Translation.Text, c.want)
		}
	}
}

func codeOf(e *inkpool.Error) inkpool.Code {
	if e == nil {
		return ""
	}
	return e.Code
}

// The text of a picture is translated by sentences, wherever its lines end.
func TestPictureIsTranslated(t *testing.T) {
	e := openTranslator(t, 2)
	form := sample("two-columns-english.png")
	form.Steps = into("zh-Hant")
	r, err := e.Process(t.Context(), form, nil)
	if err != nil || r.Translation == nil || r.Translation.Error != nil || len(r.Translation.Segments) == 0 {
		t.Fatalf("got %+v, %v; want a translation", r.Translation, err)
	}
	for _, s := range r.Translation.Segments {
		if strings.Contains(s.Source, "\n") {
			t.Errorf("got the sentence %q, want it in one piece", s.Source)
		}
	}
}

// Eight workers say what one does.
func TestTranslationIsTheSameInParallel(t *testing.T) {
	texts := strings.SplitAfter(strings.Repeat("The harbour is open. We drink tea at 9 and walk home. "+
		"Nobody knows the weather of tomorrow, but everybody talks about it. ", 8), ". ")
	process := func(e *engine.Engine, text string) string {
		note := file(t, "note.txt", []byte(text))
		note.Steps = into("zh")
		r, err := e.Process(t.Context(), note, nil)
		if err != nil || r.Translation.Error != nil {
			t.Errorf("%q: %v, %v", text, err, r.Translation)
			return ""
		}
		return r.Translation.Text
	}
	serial, parallel := openTranslator(t, 1), openTranslator(t, 8)
	var group sync.WaitGroup
	for i := range texts {
		text := strings.Join(texts[:i+1], "")
		group.Go(func() {
			if got, want := process(parallel, text), process(serial, text); got != want {
				t.Errorf("%q: got %q in parallel, want %q", text, got, want)
			}
		})
	}
	group.Wait()
}

func TestTranslationStops(t *testing.T) {
	e := openTranslator(t, 1)
	letter := file(t, "letter.txt", []byte(english))
	letter.Steps = into("zh")
	ctx, cancel := context.WithCancel(t.Context())
	_, err := e.Process(ctx, letter, func(p inkpool.Progress) {
		if p.Done == 1 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
}

// What is not to be read is not.
func TestNoReading(t *testing.T) {
	page := sample("white-on-transparent.png")
	page.Steps.NoReading = true
	r, err := open(t, 1).Process(t.Context(), page, nil)
	if err != nil || r.Text != "" || r.WidthPx == 0 || r.Lines == nil {
		t.Errorf("got %+v, %v; want a picture without its text", r, err)
	}
}

// openLabellers returns an engine with every kind of labeller.
func openLabellers(t *testing.T) *engine.Engine {
	t.Helper()
	return openWithSettings(t, engine.Settings{Workers: 2, PacksDir: installed(t, map[string]string{
		"mood": packtest.Sentiment(t), "topics": packtest.Topics(t), "names": packtest.Entities(t), "colours": packtest.Colours(t),
	})})
}

func TestLabels(t *testing.T) {
	e := openLabellers(t)
	const text = "good London"
	note := file(t, "note.txt", []byte(text))
	picture := sample("app-dark.png")
	for name, c := range map[string]struct {
		task  inkpool.Task
		steps inkpool.Steps
		want  map[string]string // pack → its first label
	}{
		"all that fit a text":    {note, inkpool.Steps{Label: &inkpool.Labelling{}}, map[string]string{"mood": "POSITIVE", "names": "LOC"}},
		"those that are named":   {note, inkpool.Steps{Label: &inkpool.Labelling{Packs: []string{"mood"}}}, map[string]string{"mood": "POSITIVE"}},
		"a picture, not read":    {picture, inkpool.Steps{NoReading: true, Label: &inkpool.Labelling{}}, map[string]string{"colours": "dark"}},
		"none that fits a text":  {note, inkpool.Steps{Label: &inkpool.Labelling{Packs: []string{"colours"}}}, map[string]string{}},
		"none where none is due": {note, inkpool.Steps{}, map[string]string{}},
	} {
		c.task.Steps = c.steps
		r, err := e.Process(t.Context(), c.task, nil)
		if err != nil || r.LabelError != nil {
			t.Errorf("%s: %v, %v", name, err, r.LabelError)
			continue
		}
		got := map[string]string{}
		for _, l := range r.Labels {
			if _, more := got[l.Pack]; !more && l.Pack != "topics" && l.Name != "PER" { // which small models see everywhere
				got[l.Pack] = l.Name
			}
			if s := l.Span; s != nil && l.Name == "LOC" && text[s.Start:s.End] != "London" {
				t.Errorf("%s: got %+v about %q", name, l, text[s.Start:s.End])
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// A labeller that cannot be says why; the others do their work.
func TestLabelsThatCannotBe(t *testing.T) {
	e := openLabellers(t)
	gone := task("/no/such/picture.png")
	gone.Before = &inkpool.Result{Kind: inkpool.KindImage, Text: "a good day"}
	gone.Steps.Label = &inkpool.Labelling{}
	r, err := e.Process(t.Context(), gone, nil)
	if err != nil || codeOf(r.LabelError) != inkpool.CodeNotFound || r.Text != "a good day" {
		t.Errorf("got %+v, %v; want that the picture is not there", r, err)
	}
	if len(r.Labels) == 0 || r.Labels[0].Pack != "mood" {
		t.Errorf("got labels %+v, want those of the text", r.Labels)
	}
	before := r
	gone.Before, gone.Steps.Label = &before, &inkpool.Labelling{Packs: []string{"names"}}
	if r, err = e.Process(t.Context(), gone, nil); err != nil || !r.LabelledBy("mood") || r.LabelError != nil {
		t.Errorf("got %+v, %v; want what others have said before", r, err)
	}
	gone.Steps.Label.Packs = []string{"nowhere"}
	if r, err = e.Process(t.Context(), gone, nil); err != nil || codeOf(r.LabelError) != inkpool.CodeModelMissing {
		t.Errorf("got %v, %v; want that the model is missing", r.LabelError, err)
	}
}
