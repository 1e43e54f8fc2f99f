package sqlite

import (
	"database/sql"
	"encoding/json"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// storedTranslation is the column "translation": all of it but for its text.
type storedTranslation struct {
	From     string          `json:"from"`
	To       string          `json:"to"`
	Pack     string          `json:"pack,omitempty"`
	Segments []storedSegment `json:"segments,omitempty"`
	Error    *storedError    `json:"error,omitempty"`
}

// storedLabels is the column "labels".
type storedLabels struct {
	Labels []storedLabel `json:"labels,omitempty"`
	Error  *storedError  `json:"error,omitempty"`
}

type storedSegment struct {
	Source   string `json:"s"`
	Target   string `json:"t"`
	Doubtful bool   `json:"d,omitempty"`
}

type storedLabel struct {
	Pack  string        `json:"pack"`
	Name  string        `json:"name"`
	Score float64       `json:"score"`
	Span  *inkpool.Span `json:"span,omitempty"`
}

type storedError struct {
	Code    inkpool.Code `json:"code"`
	Message string       `json:"message"`
	Hint    string       `json:"hint,omitempty"`
}

func keptError(e *inkpool.Error) *storedError {
	if e == nil {
		return nil
	}
	return &storedError{e.Code, e.Message, e.Hint}
}

func (e *storedError) error() *inkpool.Error {
	if e == nil {
		return nil
	}
	return inkpool.Errorf(e.Code, "%s", e.Message).WithHint(e.Hint)
}

// encodeTranslation returns the columns "translated" and "translation".
func encodeTranslation(t *inkpool.Translation) (text, rest sql.Null[string], err error) {
	if t == nil {
		return text, rest, nil
	}
	stored := storedTranslation{From: t.From, To: t.To, Pack: t.Pack, Error: keptError(t.Error)}
	for _, s := range t.Segments {
		stored.Segments = append(stored.Segments, storedSegment(s))
	}
	b, err := marshal(stored)
	return sql.Null[string]{V: t.Text, Valid: true}, sql.Null[string]{V: string(b), Valid: true}, err
}

func decodeTranslation(text, rest sql.Null[string]) (*inkpool.Translation, error) {
	if !rest.Valid {
		return nil, nil
	}
	var stored storedTranslation
	if err := json.Unmarshal([]byte(rest.V), &stored); err != nil {
		return nil, damagedResult("translation", err)
	}
	t := &inkpool.Translation{From: stored.From, To: stored.To, Pack: stored.Pack, Text: text.V, Error: stored.Error.error()}
	for _, s := range stored.Segments {
		t.Segments = append(t.Segments, inkpool.Segment(s))
	}
	return t, nil
}

// encodeLabels returns the column "labels": NULL where there are none.
func encodeLabels(r inkpool.Result) (column sql.Null[string], err error) {
	if len(r.Labels) == 0 && r.LabelError == nil {
		return column, nil
	}
	stored := storedLabels{Error: keptError(r.LabelError)}
	for _, l := range r.Labels {
		stored.Labels = append(stored.Labels, storedLabel(l))
	}
	b, err := marshal(stored)
	return sql.Null[string]{V: string(b), Valid: true}, err
}

func decodeLabels(column sql.Null[string], r *inkpool.Result) error {
	if !column.Valid {
		return nil
	}
	var stored storedLabels
	if err := json.Unmarshal([]byte(column.V), &stored); err != nil {
		return damagedResult("labels", err)
	}
	r.LabelError = stored.Error.error()
	for _, l := range stored.Labels {
		r.Labels = append(r.Labels, inkpool.Label(l))
	}
	return nil
}
