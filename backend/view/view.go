// Package view holds the JSON shapes that every door shows: the command line prints them,
// the window receives them, and exports write them. It turns the vocabulary into these
// shapes and knows nothing of where they go.
//
// Other programs depend on the shapes: adding a field is fine, anything else needs a new
// Version. All functions are pure and safe for concurrent use.
package view

import (
	"math"
	"reflect"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Version is the "v" of every Page.
const Version = 1

// Job is one row of the history.
type Job struct {
	ID          int64  `json:"id"`
	Title       string `json:"title"`
	State       string `json:"state"`  // as of a task, derived from the tasks'; or "paused"
	Paused      bool   `json:"paused"` // nothing more of it is started
	Tasks       int    `json:"tasks"`
	Queued      int    `json:"queued"`
	Running     int    `json:"running"`
	Done        int    `json:"done"`
	Failed      int    `json:"failed"` // quarantined ones included
	Cancelled   int    `json:"cancelled"`
	CreatedAtMs int64  `json:"created_at_ms"` // Unix time in milliseconds

	Reading *inkpool.Reading `json:"reading,omitempty"` // how its pages are read, unless as usual
	Steps   *inkpool.Steps   `json:"steps,omitempty"`   // what is done beyond reading, if anything
}

// Task is one row of a job.
type Task struct {
	ID      int64  `json:"id"`
	Job     int64  `json:"job"`
	Index   int    `json:"index"` // position within the job, from 0
	Name    string `json:"name"`
	Path    string `json:"path"`
	Page    int    `json:"page"`           // from 1
	Kind    string `json:"kind,omitempty"` // "image", "text"; absent until it is known
	State   string `json:"state"`
	Held    bool   `json:"held,omitempty"` // paused by itself
	Attempt int    `json:"attempt"`
	Error   *Error `json:"error,omitempty"`

	Progress *Progress `json:"progress,omitempty"` // of a long translation, while it runs
}

// LogEntry is one line of a task's log.
type LogEntry struct {
	AtMs    int64   `json:"at_ms"` // Unix time in milliseconds
	Attempt int     `json:"attempt"`
	What    string  `json:"what"` // "queued", "running", "done", "requeued", …
	Detail  string  `json:"detail,omitempty"`
	TookMs  float64 `json:"took_ms,omitempty"`
}

// Error is what a person reads when a task failed.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Page is one page or text with everything that is known of it: one line of JSONL.
type Page struct {
	V        int    `json:"v"`
	Path     string `json:"path"`
	Page     int    `json:"page"`
	Kind     string `json:"kind,omitempty"`
	Status   string `json:"status"`
	Width    int    `json:"width,omitempty"`    // pixels of the upright page
	Height   int    `json:"height,omitempty"`   // pixels of the upright page
	Rotation int    `json:"rotation,omitempty"` // degrees clockwise by which the page was turned, beyond what the file says
	Text     string `json:"text"`
	Lines    []Line `json:"lines,omitzero"` // absent for texts; [] for a picture without text

	Language    *Language    `json:"language,omitempty"`    // of the text; absent where it cannot be told
	Labels      []Label      `json:"labels,omitempty"`      // by model, the likeliest first
	LabelError  *Error       `json:"label_error,omitempty"` // why labels are missing that were asked for
	Translation *Translation `json:"translation,omitempty"` // absent where none was asked for

	Error   *Error  `json:"error"`
	Attempt int     `json:"attempt"`
	Ms      *Timing `json:"ms,omitempty"`
}

// Line is one line of text of a Page.
type Line struct {
	Text     string        `json:"text"`
	Score    float64       `json:"score"` // 0..1, four decimals
	Quad     [4][2]float64 `json:"quad"`  // pixels, one decimal, clockwise from the text's top-left
	Block    int           `json:"block"`
	Vertical bool          `json:"vertical"`
}

// Timing is in milliseconds, one decimal.
type Timing struct {
	Total float64 `json:"total"`
	Wait  float64 `json:"wait"`
	Infer float64 `json:"infer"`
}

// OfJob shows a job.
func OfJob(j inkpool.Job) Job {
	c := j.Counts
	return Job{
		ID: int64(j.ID), Title: j.Title, State: jobState(j), Paused: j.Paused, Tasks: c.Total(),
		Queued: c.Queued, Running: c.Running, Done: c.Done,
		Failed: c.Failed + c.Quarantined, Cancelled: c.Cancelled,
		CreatedAtMs: j.CreatedAt.UnixMilli(), Reading: chosen(j.Reading), Steps: chosen(j.Steps),
	}
}

// chosen is nil for what nobody chose.
func chosen[T any](settings T) *T {
	if reflect.ValueOf(settings).IsZero() {
		return nil
	}
	return &settings
}

// jobState is that of the tasks, but a job that waits for a person is paused.
func jobState(j inkpool.Job) string {
	if state := j.Counts.State(); !j.Paused || state != inkpool.StateQueued {
		return string(state)
	}
	return "paused"
}

// OfLog shows a task's log.
func OfLog(entries []inkpool.LogEntry) []LogEntry {
	shown := []LogEntry{} // an array, never null
	for _, e := range entries {
		shown = append(shown, LogEntry{
			AtMs: e.At.UnixMilli(), Attempt: e.Attempt, What: e.What, Detail: e.Detail, TookMs: ms(e.Took),
		})
	}
	return shown
}

// OfTask shows a task.
func OfTask(t inkpool.Task) Task {
	return Task{
		ID: int64(t.ID), Job: int64(t.Job), Index: t.Index, Name: t.Name, Path: t.Path, Page: pageOf(t),
		Kind: string(t.Kind), State: string(t.State), Held: t.Held, Attempt: t.Attempt, Error: OfError(t.Error),
		Progress: progressOf(t.Progress),
	}
}

// pageOf counts a whole file as its first page.
func pageOf(t inkpool.Task) int { return max(1, t.Page) }

// OfError shows an error; nil stays nil.
func OfError(e *inkpool.Error) *Error {
	if e == nil {
		return nil
	}
	return &Error{Code: string(e.Code), Message: e.Message, Hint: e.Hint}
}

// Known is the error that e shows.
func (e *Error) Known() *inkpool.Error {
	return inkpool.Errorf(inkpool.Code(e.Code), "%s", e.Message).WithHint(e.Hint)
}

// OfPage shows a task and, when it is done, its result (else nil). The path is shown as
// path, because each door names files its own way.
func OfPage(t inkpool.Task, path string, r *inkpool.Result) Page {
	p := Page{
		V: Version, Path: path, Page: pageOf(t), Kind: string(t.Kind), Status: string(t.State),
		Error: OfError(t.Error), Attempt: t.Attempt,
	}
	if r == nil {
		return p
	}
	p.Kind, p.Width, p.Height, p.Rotation, p.Text = string(r.Kind), r.WidthPx, r.HeightPx, r.Rotation, r.Text
	p.addSteps(*r)
	p.Ms = &Timing{Total: ms(r.Timing.Total), Wait: ms(r.Timing.Wait), Infer: ms(r.Timing.Infer)}
	if r.Kind == inkpool.KindImage {
		p.Lines = []Line{}
	}
	for _, l := range r.Lines {
		v := Line{Text: l.Text, Score: round(l.Score, 4), Block: l.Block, Vertical: l.Vertical}
		for i, pt := range l.Quad {
			v.Quad[i] = [2]float64{round(pt.X, 1), round(pt.Y, 1)}
		}
		p.Lines = append(p.Lines, v)
	}
	return p
}

func ms(d time.Duration) float64 { return round(float64(d)/float64(time.Millisecond), 1) }

func round(v float64, decimals int) float64 {
	f := math.Pow(10, float64(decimals))
	return math.Round(v*f)/f + 0 // + 0 makes of -0 a 0
}
