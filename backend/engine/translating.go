package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/translate"
)

// translator is a pipeline that translates.
type translator struct {
	translator *translate.Translator
	opened     []infer.Session
}

// keptTranslators is how many translators stay loaded that nobody uses: there and back. Each
// takes 200 MB and more.
const keptTranslators = 2

func (t *translator) sessions() []infer.Session { return t.opened }

// translate translates the text, unless there is nothing in it, or it is in that language
// already.
func (s *steps) translate(ctx context.Context, page *pool.Page, how inkpool.Translating) {
	r, text := s.result, s.prose()
	from := how.From
	if from == "" {
		from = s.direction(ctx, how, text)
	}
	r.Translation = &inkpool.Translation{From: from, To: how.To, Text: text}
	if from == "" && s.unknown != nil {
		r.Translation.Text, r.Translation.Error = "", inkpool.AsError(s.unknown)
		return
	}
	if strings.TrimSpace(text) == "" || from == "" || modelpack.SameLanguage(from, how.To) {
		return
	}
	r.Translation.Text = ""
	err := safely(func() error { return s.translateFrom(ctx, page, how, from, text) })
	r.Translation.Error = inkpool.AsError(err)
}

// surely is how likely a language must be to be translated from without a second look, 0..1.
// What is told of a word or two, or of lines in several languages, is often less: "Total 12.50
// EUR" is French by 0.39.
const surely = 0.5

// direction is the language to translate a text from. One that is in doubt is chosen from those
// that there is a pack for, and the one that is wanted.
func (s *steps) direction(ctx context.Context, how inkpool.Translating, text string) string {
	told := s.result.Language
	if told.Code == "" || told.Score >= surely {
		return told.Code
	}
	sources := s.engine.packs.sources(how)
	t, err := s.device.language.get(ctx)
	if err != nil || len(sources) == 0 {
		return told.Code
	}
	likely, err := t.detector.Detect(ctx, text, append(sources, how.To)...)
	if err != nil || likely.Code == "" {
		return told.Code
	}
	return likely.Code
}

// translateFrom translates a text of a known language. What an earlier run has finished is not
// done again.
func (s *steps) translateFrom(ctx context.Context, page *pool.Page, how inkpool.Translating, from, text string) error {
	p, direction, err := s.engine.packs.translator(how, from)
	if err != nil {
		return err
	}
	s.result.Translation.Pack = p.ID
	t, giveBack, err := s.device.translators.borrow(ctx, p)
	if err != nil {
		return err
	}
	defer giveBack()
	way := fmt.Sprintf("%s %s %s>%s", p.ID, p.Version, direction.From, direction.To)
	done, err := t.translator.Translate(ctx, page, translate.Request{
		Text: text, From: direction.From, To: direction.To,
		Known: s.finished(way),
		Done: func(done, total int, segment inkpool.Segment) {
			s.tell(inkpool.Progress{Done: done, Total: total, Finished: []inkpool.Sentence{{Way: way, Segment: segment}}})
		},
	})
	if err != nil {
		return err
	}
	s.result.Translation.Text, s.result.Translation.Segments = done.Text, done.Segments
	return nil
}

// finished returns the sentences that an earlier run has translated in the same way.
func (s *steps) finished(way string) func(source string) (inkpool.Segment, bool) {
	known := map[string]inkpool.Segment{}
	for _, one := range s.task.Finished {
		if one.Way == way {
			known[one.Source] = one.Segment
		}
	}
	return func(source string) (inkpool.Segment, bool) {
		segment, ok := known[source]
		return segment, ok
	}
}

// loadTranslator loads a pack and tries it.
func loadTranslator(ctx context.Context, opts Options, p *modelpack.Pack, d *device) (*translator, error) {
	library, err := openLibrary(opts)
	if err != nil {
		return nil, err
	}
	t := &translator{}
	if err = t.open(library, p); err == nil {
		err = t.translator.Warm(ctx, d.slots.Page(pool.Request{Kind: pool.Translating, Urgent: true})) // a task waits for it
	}
	if err != nil {
		return nil, errors.Join(warmError(ctx, d, err), closeSessions(t.opened))
	}
	return t, nil
}

func (t *translator) open(library models, p *modelpack.Pack) error {
	how := p.Translation
	parts := translate.Parts{Languages: how.Tokens, Memory: pool.NewBudget(translate.Memory(p.Size()))}
	for _, f := range []struct {
		name string
		to   *[]byte
	}{
		{how.Config, &parts.Config}, {how.Generation, &parts.Generation}, {how.Source, &parts.Source}, {how.Target, &parts.Target},
		{how.Vocabulary, &parts.Vocabulary}, {how.Tokenizer, &parts.Tokenizer},
	} {
		var err error
		if *f.to, err = optional(p, f.name); err != nil {
			return err
		}
	}
	for _, g := range []struct {
		name string
		to   *translate.Graph
	}{{how.Encoder, &parts.Encoder}, {how.Decoder, &parts.Decoder}, {how.DecoderWithPast, &parts.DecoderWithPast}} {
		if g.name == "" {
			continue
		}
		var err error
		if *g.to, err = t.load(library, p, g.name); err != nil {
			return err
		}
	}
	var err error
	t.translator, err = translate.New(parts)
	return err
}

// load loads one of the pack's models, with all of its inputs and outputs.
func (t *translator) load(library models, p *modelpack.Pack, file string) (translate.Graph, error) {
	m, err := describe(library, p, file)
	if err != nil {
		return translate.Graph{}, err
	}
	g := translate.Graph{Inputs: namesOf(m.about.Inputs), Outputs: namesOf(m.about.Outputs)}
	g.Session, err = m.load(g.Inputs, g.Outputs)
	if err != nil {
		return translate.Graph{}, err
	}
	t.opened = append(t.opened, g.Session)
	return g, nil
}

func namesOf(values []graph.Value) []string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.Name
	}
	return names
}
