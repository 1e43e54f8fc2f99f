package cli

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
)

// withPacks are settings of a home where two packs are installed.
func withPacks(t *testing.T) config.Settings {
	t.Helper()
	s := config.Default(t.Context())
	s.Home = t.TempDir()
	shelf := modelpack.Shelf{Dir: s.PacksPath()}
	for id, folder := range map[string]string{"opus-mt-en-zh": packtest.Marian(t), "mood": packtest.Sentiment(t)} {
		if _, err := shelf.Add(t.Context(), []string{folder}, modelpack.Wish{ID: id}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestStepsOfFlags(t *testing.T) {
	s := withPacks(t)
	usual := inkpool.Steps{Label: &inkpool.Labelling{Packs: []string{"mood"}}}
	toChinese := func(pack string) *inkpool.Translating { return &inkpool.Translating{To: "zh", Pack: pack} }
	for name, c := range map[string]struct {
		flags   stepFlags
		reading inkpool.Reading
		steps   inkpool.Steps
	}{
		"none: as the settings say":    {stepFlags{}, inkpool.Reading{}, usual},
		"reading only":                 {stepFlags{do: []string{"read"}}, inkpool.Reading{}, inkpool.Steps{}},
		"--to is to translate":         {stepFlags{to: "zh"}, inkpool.Reading{}, inkpool.Steps{Translate: toChinese("")}},
		"everything":                   {stepFlags{do: []string{"read", "label", "translate"}, to: "zh"}, inkpool.Reading{}, inkpool.Steps{Translate: toChinese(""), Label: &inkpool.Labelling{}}},
		"labels without reading":       {stepFlags{do: []string{"label"}}, inkpool.Reading{}, inkpool.Steps{NoReading: true, Label: &inkpool.Labelling{}}},
		"what is translated is read":   {stepFlags{do: []string{"translate"}, to: "zh"}, inkpool.Reading{}, inkpool.Steps{Translate: toChinese("")}},
		"models go to their steps":     {stepFlags{to: "zh", models: []string{"opus-mt-en-zh", "mood"}}, inkpool.Reading{}, inkpool.Steps{Translate: toChinese("opus-mt-en-zh"), Label: &inkpool.Labelling{Packs: []string{"mood"}}}},
		"from a language that is told": {stepFlags{to: "zh", from: "en"}, inkpool.Reading{}, inkpool.Steps{Translate: &inkpool.Translating{From: "en", To: "zh"}}},
	} {
		r := inkpool.Request{Steps: usual}
		if err := c.flags.resolve(s, &r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(inkpool.Request{Reading: c.reading, Steps: c.steps}, r, cmp.AllowUnexported(inkpool.PageRange{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestStepsThatAreSlips(t *testing.T) {
	s := withPacks(t)
	for says, flags := range map[string]stepFlags{
		`not "dance"`:         {do: []string{"read", "dance"}},
		"into which language": {do: []string{"translate"}},
		"with --to":           {from: "en"},
		`"Chinese, please" is no language to translate into`: {to: "Chinese, please"},
		`"Klingon" is no language to translate from`:         {to: "zh", from: "Klingon"},
		"opus-mt-en-zh translates":                           {models: []string{"opus-mt-en-zh"}},
	} {
		err := flags.resolve(s, &inkpool.Request{})
		if !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: got %v, want a slip that says %q", flags, err, says)
		}
	}
	for says, flags := range map[string]stepFlags{
		"translates into de":         {to: "de"},
		"from zh into zh":            {to: "zh", from: "zh"},
		`"nowhere" is not installed`: {models: []string{"nowhere"}},
		"does not translate that":    {to: "zh", from: "de", models: []string{"opus-mt-en-zh"}},
	} {
		err := flags.resolve(s, &inkpool.Request{})
		if inkpool.CodeOf(err) != inkpool.CodeModelMissing || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: got %v, want that a model is missing, saying %q", flags, err, says)
		}
	}
}
