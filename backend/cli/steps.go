package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// What --do may say.
const (
	doRead      = "read"
	doLabel     = "label"
	doTranslate = "translate"
)

// stepFlags say what is done with pages and texts.
type stepFlags struct {
	do       []string
	to, from string
	models   []string // ids of packs, of any task

	flags *pflag.FlagSet // that have been given; nil: none
}

func (s *stepFlags) addFlags(f *pflag.FlagSet) {
	s.flags = f
	f.StringSliceVar(&s.do, "do", nil, "what to do, such as read,translate,label; default: read, and tell the language")
	f.StringVar(&s.to, "to", "", "translate into this language: zh, en, de, zh-Hant …")
	f.StringVar(&s.from, "from", "", "the language to translate from; default: that of each text")
	f.StringArrayVar(&s.models, "model", nil, "use this pack of models to read, translate or label, see inkpool models list; may be repeated")
}

// resolve puts what was asked for into a request: the steps, in place of those that it has, and
// the packs for what they are for.
func (s stepFlags) resolve(settings config.Settings, r *inkpool.Request) error {
	for _, one := range s.do {
		if !slices.Contains([]string{doRead, doLabel, doTranslate}, one) {
			return usageError{fmt.Errorf("--do is made of %s, %s and %s, not %q", doRead, doTranslate, doLabel, one)}
		}
	}
	if s.flags != nil && s.flags.Changed("to") && s.to == "" { // an empty variable of a shell, say
		return usageError{errors.New("--to needs a language, such as zh")}
	}
	if len(s.do) > 0 || s.to != "" {
		r.Steps = inkpool.Steps{}
	}
	if slices.Contains(s.do, doLabel) {
		r.Steps.Label = &inkpool.Labelling{}
	}
	if s.to != "" {
		r.Steps.Translate = &inkpool.Translating{From: s.from, To: s.to}
	} else if s.from != "" || slices.Contains(s.do, doTranslate) {
		return usageError{errors.New("say into which language to translate, with --to")}
	}
	if err := s.chooseModels(settings, r); err != nil {
		return err
	}
	r.Steps.NoReading = len(s.do) > 0 && !slices.Contains(s.do, doRead) && r.Steps.Translate == nil
	if err := r.Steps.Check(); err != nil {
		return usageError{err}
	}
	return app.CheckSteps(settings, r.Steps) // before the job is stored, with that slip in it
}

// chooseModels gives each pack that was named to the step that it is for.
func (s stepFlags) chooseModels(settings config.Settings, r *inkpool.Request) error {
	for _, id := range s.models {
		switch what, err := app.StepOf(settings, id); {
		case err != nil:
			return err
		case what == app.StepRead:
			r.Reading.Pack = id
		case what == app.StepLabel && r.Steps.Label == nil:
			r.Steps.Label = &inkpool.Labelling{Packs: []string{id}}
		case what == app.StepLabel:
			r.Steps.Label.Packs = append(r.Steps.Label.Packs, id)
		case r.Steps.Translate == nil:
			return usageError{fmt.Errorf("the model %s translates: say into which language, with --to", id)}
		default:
			r.Steps.Translate.Pack = id
		}
	}
	return nil
}
