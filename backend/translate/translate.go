// Package translate puts texts into other languages with encoder-decoder models: MarianMT,
// such as opus-mt, and M2M100 with its descendant NLLB, as optimum exports them to ONNX.
//
// A Translator is one model with its tokenizer. A text is cut into sentences, and what is
// between them stays as it is: line breaks, marks of lists, numbers, addresses. Sentences of
// like length are decoded together in batches, by beam search as transformers does it.
//
// The same text comes out the same whatever else is going on: a batch has sentences of one text
// only, and which ones does not depend on the slots. (In quantised models the sentences of a
// batch share the scale of their activations, so that a sentence may come out in another way
// within another text.)
//
// A Translator is safe for concurrent use. It opens no files and no sessions, and it does not
// close those that it was given.
package translate

import (
	"context"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// Parts are what a Translator is made of: contents of files, and loaded models.
type Parts struct {
	Config     []byte // config.json
	Generation []byte // generation_config.json; may be empty

	Source, Target []byte // SentencePiece models; of Marian models
	Vocabulary     []byte // vocab.json; of Marian models
	Tokenizer      []byte // tokenizer.json; of all others

	// Languages are the pieces that name languages to the model, by BCP 47: ">>cmn_Hans<<",
	// "zho_Hans". Models of one direction have none.
	Languages map[string]string

	Encoder         Graph
	Decoder         Graph // merged, or for the first step
	DecoderWithPast Graph // for later steps; zero where Decoder is merged

	// Memory is where batches reserve what they take beside the weights, in bytes; nil: they do
	// not.
	Memory *pool.Budget
}

// Translator translates with one model.
type Translator struct {
	model     *model
	config    config
	banned    []int
	tokens    tokenizer
	languages map[string]string
	memory    *pool.Budget
}

// New makes a Translator. Files that do not fit together are CodeModelCorrupt, models of another
// kind CodeUnsupportedFormat.
func New(p Parts) (*Translator, error) {
	c, err := parseConfig(p.Config, p.Generation)
	if err != nil {
		return nil, err
	}
	m, err := newModel(p, c)
	if err != nil {
		return nil, err
	}
	t := &Translator{model: m, config: c, banned: c.banned(), languages: p.Languages, memory: p.Memory}
	if t.tokens, err = newTokenizer(p, c); err != nil {
		return nil, err
	}
	return t, nil
}

// Request is what to translate.
type Request struct {
	Text     string
	From, To string // BCP 47
	Beams    int    // 0: as many as the model's configuration says; 1: greedy search

	// Known gives sentences that were translated before, and are not again; nil knows none. It
	// is called before anything is computed.
	Known func(source string) (inkpool.Segment, bool)
	// Done hears of each sentence that is done: the how manieth of how many. Sentences that
	// occur again are told once, those that Known has not at all, but counted. It is called by
	// one goroutine at a time, which waits for it; nil: nobody wants to hear.
	Done func(done, total int, s inkpool.Segment)
}

// Translate translates a text. When ctx ends it returns its error; what Done was told stays
// done, and Known may give it to the next call.
func (t *Translator) Translate(ctx context.Context, page *pool.Page, r Request) (inkpool.Translation, error) {
	d, err := t.direction(r.From, r.To)
	if err != nil {
		return inkpool.Translation{}, err
	}
	pieces := segment(r.Text, r.From)
	w := t.newWork(page, d, r, pieces)
	if err := w.run(ctx); err != nil {
		return inkpool.Translation{}, err
	}
	out := inkpool.Translation{From: r.From, To: r.To}
	var text strings.Builder
	for _, p := range pieces {
		switch p.kind {
		case sentence:
			s := w.done[p.text]
			out.Segments = append(out.Segments, s)
			text.WriteString(s.Target)
		case gap:
			text.WriteString(between(p.text, r.From, r.To))
		default:
			text.WriteString(p.text)
		}
	}
	out.Text = text.String()
	return out, nil
}

// Warm runs the model once, on nothing: the runtime sets its memory up in the first run. A model
// that does not do what its files say is CodeModelCorrupt.
func (t *Translator) Warm(ctx context.Context, page *pool.Page) error {
	input := []int{int(t.config.End)}
	_, err := t.decode(ctx, page, batch{inputs: [][]int{input}, limits: []int{2}, first: -1, rules: t.rules(1)})
	if err != nil && ctx.Err() == nil {
		return damaged("it does not run").WithCause(err)
	}
	return err
}

// rules are those of the configuration, for a number of beams.
func (t *Translator) rules(beams int) rules {
	return rules{
		beams:         beams,
		lengthPenalty: *t.config.LengthPenalty,
		early:         t.config.EarlyStopping,
		end:           int(t.config.End),
	}
}
