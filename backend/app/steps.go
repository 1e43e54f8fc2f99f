package app

import (
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// Step is what a pack of models is for.
type Step string

// The steps.
const (
	StepRead      Step = "read"
	StepTranslate Step = "translate"
	StepLabel     Step = "label"
)

// StepOf tells what a pack is for. CodeModelMissing says that there is none with that id,
// CodeModelCorrupt that it is damaged.
func StepOf(settings config.Settings, id string) (Step, error) {
	p, err := FindPack(settings, id)
	if err != nil {
		return "", err
	}
	return stepOf(p.Task), nil
}

func stepOf(task modelpack.Task) Step {
	switch task {
	case modelpack.TaskOCR:
		return StepRead
	case modelpack.TaskTranslate:
		return StepTranslate
	default:
		return StepLabel
	}
}

// CheckSteps finds out whether there are packs for steps at all. CodeModelMissing says that
// there are none. Whether one knows the language of a text shows when that has been read.
func CheckSteps(settings config.Settings, steps inkpool.Steps) error {
	if steps.Translate == nil && steps.Label == nil {
		return nil
	}
	found, err := shelf(settings).List()
	if err != nil {
		return err
	}
	if t := steps.Translate; t != nil && !anyPack(found, func(p *modelpack.Pack) bool { return translates(p, *t) }) {
		return noTranslator(*t)
	}
	if steps.Label == nil {
		return nil
	}
	for _, id := range steps.Label.Packs {
		if _, err := StepOf(settings, id); err != nil {
			return err
		}
	}
	return nil
}

// anyPack reports whether a pack that is there and sound fits.
func anyPack(found []modelpack.Found, fits func(*modelpack.Pack) bool) bool {
	for _, f := range found {
		if f.Pack != nil && fits(f.Pack) {
			return true
		}
	}
	return false
}

// translates reports whether a pack can do what is asked for, with a text in some language.
func translates(p *modelpack.Pack, t inkpool.Translating) bool {
	if t.Pack != "" && p.ID != t.Pack {
		return false
	}
	if t.From == "" {
		return p.Translation.Into(t.To)
	}
	_, ok := p.Translation.Way(t.From, t.To)
	return ok
}

func noTranslator(t inkpool.Translating) *inkpool.Error {
	const hint = "See which there are with `inkpool models list`, and add one with `inkpool models add` or `inkpool models download`."
	if t.Pack != "" {
		return inkpool.Errorf(inkpool.CodeModelMissing, "the model pack %q does not translate that way", t.Pack).WithHint(hint)
	}
	if t.From != "" {
		return inkpool.Errorf(inkpool.CodeModelMissing, "no model that is installed translates from %s into %s", t.From, t.To).WithHint(hint)
	}
	return inkpool.Errorf(inkpool.CodeModelMissing, "no model that is installed translates into %s", t.To).WithHint(hint)
}
