package inkpool

import (
	"regexp"
	"slices"
)

// Steps says what is done with the pages and texts of a job. The zero value reads them and
// tells the language of what was read. Its JSON is what doors show and histories store.
type Steps struct {
	NoReading bool         `json:"no_reading,omitempty"` // pictures are labelled only; texts are taken as they are
	Translate *Translating `json:"translate,omitempty"`  // nil: nothing is translated
	Label     *Labelling   `json:"label,omitempty"`      // nil: no labels but the language
}

// Translating says which way texts are translated.
type Translating struct {
	From string `json:"from,omitempty"` // BCP 47; empty: the language that each text turns out to be in
	To   string `json:"to"`             // BCP 47
	Pack string `json:"pack,omitempty"` // id of the model pack; empty: an installed one that knows both languages
}

// Labelling says what gives labels.
type Labelling struct {
	Packs []string `json:"packs,omitempty"` // ids of model packs; none: every installed one that fits what there is to label
}

// Any reports whether there is anything to do beyond reading.
func (s Steps) Any() bool { return s.Translate != nil || s.Label != nil }

// With returns s with the steps of more in their place, where more has them.
func (s Steps) With(more Steps) Steps {
	if more.Translate != nil {
		s.Translate = more.Translate
	}
	if more.Label != nil {
		s.Label = more.Label
	}
	return s
}

// Clone returns a copy that shares nothing with s.
func (s Steps) Clone() Steps {
	if s.Translate != nil {
		s.Translate = new(*s.Translate)
	}
	if s.Label != nil {
		s.Label = &Labelling{Packs: slices.Clone(s.Label.Packs)}
	}
	return s
}

// Check returns CodeInvalid for steps that nothing can be done with, and nil otherwise.
func (s Steps) Check() *Error {
	t := s.Translate
	if t == nil {
		return nil
	}
	if s.NoReading {
		return Errorf(CodeInvalid, "what is not read cannot be translated")
	}
	const hint = "Languages have short names such as zh, en, de or zh-Hant."
	switch {
	case !isLanguage(t.To):
		return Errorf(CodeInvalid, "%q is no language to translate into", t.To).WithHint(hint)
	case t.From != "" && !isLanguage(t.From):
		return Errorf(CodeInvalid, "%q is no language to translate from", t.From).WithHint(hint)
	}
	return nil
}

// languageForm is what of BCP 47 names languages that models are made for: a language, and
// perhaps a script and a region.
var languageForm = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?$`)

func isLanguage(s string) bool { return languageForm.MatchString(s) }

// Language is what a text is written in.
type Language struct {
	Code  string  // BCP 47: "en", "zh-Hans", "zh-Hant", "bo"; empty: not known
	Score float64 // how sure that is, 0..1
}

// Label is what a model says of a page or a text.
type Label struct {
	Pack  string // id of the model pack
	Name  string // as the model has it: "positive", "coffee mug", "PER"
	Score float64
	Span  *Span // the part of the text that it is about; nil: all of it
}

// Span is a part of a text, in bytes of its UTF-8.
type Span struct{ Start, End int }

// Translation is a text in another language.
type Translation struct {
	From, To string // BCP 47
	Pack     string // id of the model pack
	Text     string
	Segments []Segment // in the order of the text; sentences as a rule
	Error    *Error    // why there is none, or only a part; the text that was read is not touched by it
}

// Segment is a piece of a text that was translated by itself.
type Segment struct {
	Source, Target string
	Doubtful       bool // the model repeated itself or stopped too soon, also in smaller pieces
}

// Progress is how far a task has come that takes long.
type Progress struct {
	Done, Total int        // sentences
	Finished    []Sentence // since the last time
	Read        *Result    // once: what has been read, of which more is done now
}

// Sentence is a segment that is finished while others of its text are not. It is kept until
// they are, so that a task that was stopped does not begin anew.
type Sentence struct {
	Way string // how it was translated: the pack, its version and the languages
	Segment
}

// Translated reports whether the text has been translated as t says.
func (r Result) Translated(t Translating) bool {
	done := r.Translation
	return done != nil && done.Error == nil && done.To == t.To &&
		(t.From == "" || done.From == t.From) && (t.Pack == "" || done.Pack == "" || done.Pack == t.Pack)
}

// LabelledBy reports whether there are labels of a pack.
func (r Result) LabelledBy(pack string) bool {
	return slices.ContainsFunc(r.Labels, func(l Label) bool { return l.Pack == pack })
}

// Complete reports whether every step that was asked for has come to a result without an
// error.
func (r Result) Complete() bool {
	return (r.Translation == nil || r.Translation.Error == nil) && r.LabelError == nil
}
