package label

import (
	"context"
	"strings"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// Tokens finds parts of texts and says what they are: names of people and places, for example.
type Tokens struct {
	session infer.Session
	ids     idModel
	names   []string
	join    Aggregation
}

// NewTokens makes a labeler of a model that takes ids and gives a value to each class of each
// token, float32 [1, tokens, classes]: what libraries call token classification, or named
// entity recognition. Errors are those of NewText.
func NewTokens(f Files, join Aggregation, load Load) (*Tokens, error) {
	c, err := f.config()
	if err != nil {
		return nil, err
	}
	ids, err := newIDModel(f, c)
	if err != nil {
		return nil, err
	}
	names, err := f.requireNames(c)
	if err != nil {
		return nil, err
	}
	out, err := scoreOutput(f.Outputs, 3)
	if err != nil {
		return nil, err
	}
	if len(out.Shape) == 3 && out.Shape[2] > 0 && out.Shape[2] != int64(len(names)) {
		return nil, miscounted(out.Shape[2], names)
	}
	session, err := load(ids.names, []string{out.Name})
	if err != nil {
		return nil, err
	}
	return &Tokens{session: session, ids: ids, names: names, join: join}, nil
}

// Label returns the parts of a text that the model has labels for, in the order of the text.
// The label "O", for what is nothing of all this, is left out. Texts longer than the model's
// input are read in windows that overlap; each token has its label from the window that sees
// most of what is around it, so that entities come out whole wherever windows end.
func (l *Tokens) Label(ctx context.Context, page *pool.Page, text string) ([]inkpool.Label, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var s sequence
	err := page.Do(ctx, pool.Line, func() error {
		s = split(l.ids.tokenizer.Encode(text))
		return nil
	})
	if err != nil || len(s.content) == 0 {
		return nil, err
	}
	windows := overlapping(len(s.content), s.room(l.ids.longest))
	keeper, scores := keepers(windows, len(s.content)), make([][]float64, len(s.content))
	err = each(ctx, page, len(windows), func(ctx context.Context, i int) error {
		rows, err := l.rows(ctx, s, windows[i])
		for k, row := range rows {
			if at := windows[i].from + k; keeper[at] == i {
				scores[at] = row
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return l.join.entities(text, l.join.units(text, s.content, scores), l.names), nil
}

// WarmUp is Text's.
func (l *Tokens) WarmUp(ctx context.Context, page *pool.Page) error {
	_, err := l.Label(ctx, page, "a")
	return err
}

// rows are the scores of a window's tokens.
func (l *Tokens) rows(ctx context.Context, s sequence, w span) ([][]float64, error) {
	tokens := s.window(w)
	out, err := run(ctx, l.session, l.ids.tensors(tokens))
	if err != nil {
		return nil, err
	}
	if err := l.check(out, len(tokens)); err != nil {
		return nil, err
	}
	rows := make([][]float64, w.size())
	for i := range rows {
		at := (len(s.head) + i) * len(l.names)
		rows[i] = softmax.scores(out.Data[at : at+len(l.names)])
	}
	return rows, nil
}

// check makes sure that an output is [1, tokens, classes], with the padding if there is any.
func (l *Tokens) check(out infer.Tensor, tokens int) error {
	if len(out.Shape) != 3 || out.Shape[0] != 1 || out.Shape[1] < int64(tokens) {
		return refused("it answers %d tokens with scores of the shape %v", tokens, out.Shape)
	}
	if out.Shape[2] != int64(len(l.names)) {
		return miscounted(out.Shape[2], l.names)
	}
	return nil
}
