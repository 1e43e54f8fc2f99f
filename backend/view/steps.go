package view

import "github.com/inkpool/inkpool/backend/inkpool"

// Language is what a text is written in.
type Language struct {
	Code  string  `json:"code"`  // BCP 47
	Score float64 `json:"score"` // 0..1, four decimals
}

// Label is what a model says of a page or a text.
type Label struct {
	Model string  `json:"model"`
	Label string  `json:"label"`
	Score float64 `json:"score"`           // 0..1, four decimals
	Text  string  `json:"text,omitempty"`  // the part of the text that it is about; absent: all of it
	Start *int    `json:"start,omitempty"` // of that part, in bytes of the text's UTF-8; the first is 0
	End   *int    `json:"end,omitempty"`
}

// Translation is the text in another language.
type Translation struct {
	From     string    `json:"from"` // BCP 47
	To       string    `json:"to"`
	Model    string    `json:"model,omitempty"`
	Text     string    `json:"text"`
	Segments []Segment `json:"segments,omitempty"`
	Error    *Error    `json:"error,omitempty"` // why there is none
}

// Segment is a piece of the text that was translated by itself.
type Segment struct {
	Source   string `json:"source"`
	Target   string `json:"target"`
	Doubtful bool   `json:"doubtful,omitempty"` // the model lost its way
}

// Progress is how far a running task has come that takes long.
type Progress struct {
	Done  int `json:"done"` // sentences
	Total int `json:"total"`
}

// Trouble is what a page or text did not come to, of all that was to be done with it; nil where
// nothing is missing.
func (p Page) Trouble() *Error {
	switch {
	case p.Error != nil:
		return p.Error
	case p.Translation != nil && p.Translation.Error != nil:
		return p.Translation.Error
	}
	return p.LabelError
}

// addSteps adds what was done beyond reading.
func (p *Page) addSteps(r inkpool.Result) {
	if r.Language.Code != "" {
		p.Language = &Language{Code: r.Language.Code, Score: round(r.Language.Score, 4)}
	}
	for _, l := range r.Labels {
		p.Labels = append(p.Labels, labelOf(l, r.Text))
	}
	p.LabelError = OfError(r.LabelError)
	if r.Translation != nil {
		p.Translation = translationOf(*r.Translation)
	}
}

func labelOf(l inkpool.Label, text string) Label {
	v := Label{Model: l.Pack, Label: l.Name, Score: round(l.Score, 4)}
	if s := l.Span; s != nil && 0 <= s.Start && s.Start <= s.End && s.End <= len(text) {
		v.Start, v.End, v.Text = new(s.Start), new(s.End), text[s.Start:s.End]
	}
	return v
}

func translationOf(t inkpool.Translation) *Translation {
	v := &Translation{From: t.From, To: t.To, Model: t.Pack, Text: t.Text, Error: OfError(t.Error)}
	for _, s := range t.Segments {
		v.Segments = append(v.Segments, Segment(s))
	}
	return v
}

// progressOf is nil for a task that has not told how far it has come.
func progressOf(p inkpool.Progress) *Progress {
	if p.Total == 0 {
		return nil
	}
	return &Progress{Done: p.Done, Total: p.Total}
}
