package engine

import (
	"context"
	"errors"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/language"
	"github.com/inkpool/inkpool/backend/ort"
)

// tongue tells languages, with a model that is part of the program.
type tongue struct {
	detector *language.Detector
	session  infer.Session
}

func (t *tongue) sessions() []infer.Session { return []infer.Session{t.session} }

// loadTongue loads the model and tries it.
func loadTongue(ctx context.Context, opts Options, device string) (*tongue, error) {
	library, err := openLibrary(opts)
	if err != nil {
		return nil, err
	}
	s, err := library.env.Load(language.Model(), ort.Options{
		Inputs: []string{language.InputIDs, language.InputPrior}, Outputs: []string{language.OutputProbs}, Device: device,
	})
	if err != nil {
		return nil, err
	}
	t := &tongue{detector: language.New(s), session: s}
	if _, err := t.detector.Detect(ctx, "Is this thing on?"); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return t, nil
}
