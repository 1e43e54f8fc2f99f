package engine

import (
	"context"
	"slices"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/label"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// labeller is a pipeline that gives labels: to pictures or to texts.
type labeller struct {
	image  *label.Image
	text   textLabeller
	opened []infer.Session
}

// textLabeller gives labels to texts, or to parts of them.
type textLabeller interface {
	Label(ctx context.Context, page *pool.Page, text string) ([]inkpool.Label, error)
	WarmUp(ctx context.Context, page *pool.Page) error
}

// keptLabellers is how many labellers stay loaded that nobody uses: a job may ask several of
// every page.
const keptLabellers = 4

func (l *labeller) sessions() []infer.Session { return l.opened }

// label asks every pack that is chosen, fits what there is to label, and has not said its word.
// What others have said before stays.
func (s *steps) label(ctx context.Context, page *pool.Page, how inkpool.Labelling) {
	r := s.result
	r.LabelError = nil
	packs, err := s.engine.packs.labellers(how.Packs)
	if err != nil {
		r.LabelError = inkpool.AsError(err)
		return
	}
	for _, p := range packs {
		if r.LabelledBy(p.ID) {
			continue
		}
		labels, err := s.labelsOf(ctx, page, p)
		if err != nil {
			r.LabelError = inkpool.AsError(err)
			continue
		}
		for _, one := range labels {
			one.Pack = p.ID
			r.Labels = append(r.Labels, one)
		}
	}
	if s.task.Steps.Translate != nil && len(r.Labels) > 0 && ctx.Err() == nil {
		labelled := *r
		s.tell(inkpool.Progress{Read: &labelled}) // before what takes longer
	}
}

// labelsOf asks one pack; what it is not for has no labels.
func (s *steps) labelsOf(ctx context.Context, page *pool.Page, p *modelpack.Pack) (labels []inkpool.Label, err error) {
	forPictures := p.Task == modelpack.TaskImage
	if forPictures != (s.result.Kind == inkpool.KindImage) && (forPictures || s.result.Text == "") {
		return nil, nil
	}
	err = safely(func() error {
		l, giveBack, err := s.device.labellers.borrow(ctx, p)
		if err != nil {
			return err
		}
		defer giveBack()
		if forPictures {
			labels, err = s.labelPicture(ctx, page, l.image)
		} else if s.result.Text != "" {
			labels, err = l.text.Label(ctx, page, s.result.Text)
		}
		return err
	})
	return labels, err
}

// labelPicture decodes the page anew: reading may have been long ago.
func (s *steps) labelPicture(ctx context.Context, page *pool.Page, l *label.Image) ([]inkpool.Label, error) {
	e := s.engine
	f, at, err := e.openPage(ctx, s.task)
	if err != nil {
		return nil, err
	}
	defer f.release()
	w, h, err := e.size(ctx, f, at)
	if err != nil {
		return nil, err
	}
	reserved, err := page.Reserve(ctx, e.budget, f.decodingBytes(w, h))
	if err != nil {
		return nil, err
	}
	defer reserved.Release()
	var im *raster.Image
	err = page.Do(ctx, pool.Decode, func() (err error) {
		im, err = f.file.Decode(ctx, at)
		return err
	})
	if err != nil {
		return nil, err
	}
	defer e.pixels.Recycle(im)
	return l.Label(ctx, page, im.Turned(s.result.Rotation/90))
}

// loadLabeller loads a pack and tries it.
func loadLabeller(ctx context.Context, opts Options, p *modelpack.Pack, d *device) (*labeller, error) {
	library, err := openLibrary(opts)
	if err != nil {
		return nil, err
	}
	l := &labeller{}
	if err := l.open(ctx, library, p, d.slots.Page(pool.Request{Kind: pool.Labelling, Urgent: true})); err != nil {
		_ = closeSessions(l.opened)
		return nil, warmError(ctx, d, err)
	}
	return l, nil
}

func (l *labeller) open(ctx context.Context, library models, p *modelpack.Pack, page *pool.Page) error {
	how := p.Labelling
	model, err := describe(library, p, how.Model)
	if err != nil {
		return err
	}
	files := label.Files{Inputs: valuesOf(model.about.Inputs), Outputs: valuesOf(model.about.Outputs)}
	for _, f := range []struct {
		name string
		to   *[]byte
	}{
		{how.Config, &files.Config}, {how.Labels, &files.Labels}, {how.Preprocessor, &files.Preprocessor},
		{how.Tokenizer, &files.Tokenizer}, {listed(p, "tokenizer_config.json"), &files.TokenizerConfig},
	} {
		if *f.to, err = optional(p, f.name); err != nil {
			return err
		}
	}
	open := func(inputs, outputs []string) (infer.Session, error) {
		s, err := model.load(inputs, outputs)
		if err == nil {
			l.opened = append(l.opened, s)
		}
		return s, err
	}
	switch p.Task {
	case modelpack.TaskImage:
		if l.image, err = label.NewImage(files, open); err != nil {
			return err
		}
		return l.image.WarmUp(ctx, page)
	case modelpack.TaskTokens:
		l.text, err = label.NewTokens(files, label.First, open)
	default:
		l.text, err = label.NewText(files, open)
	}
	if err != nil {
		return err
	}
	return l.text.WarmUp(ctx, page)
}

// listed returns the name of a file if a pack has it, else none.
func listed(p *modelpack.Pack, name string) string {
	if slices.ContainsFunc(p.Files, func(f modelpack.File) bool { return f.Path == name }) {
		return name
	}
	return ""
}

// valuesOf are the inputs or outputs of a graph in the words of package label.
func valuesOf(list []graph.Value) []label.Value {
	values := make([]label.Value, len(list))
	for i, v := range list {
		values[i] = label.Value{Name: v.Name, Type: v.Type, Shape: v.Shape}
	}
	return values
}

// optional reads a file that a pack may have; none has an empty name and is nil.
func optional(p *modelpack.Pack, name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	return p.ReadFile(name)
}
