package engine

import (
	"context"
	"strings"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
	"github.com/inkpool/inkpool/backend/pool"
)

// steps is what is done with a page or text beyond reading it.
type steps struct {
	engine *Engine
	device *device
	task   inkpool.Task
	result *inkpool.Result
	tell   func(inkpool.Progress)

	unknown error // why the language of the text cannot be told; nil where nothing went wrong
}

// more does what is asked for beyond reading, and tells what was read before it begins. What
// fails of it becomes part of the result, which stands on its own. The error is ctx's only.
func (e *Engine) more(ctx context.Context, task inkpool.Task, r *inkpool.Result, tell func(inkpool.Progress)) error {
	s := steps{engine: e, device: e.devices.cpu(), task: task, result: r, tell: tell}
	if tell == nil {
		s.tell = func(inkpool.Progress) {}
	}
	if r.Language.Code == "" {
		s.unknown = safely(func() error { return s.tellLanguage(ctx) })
	}
	if task.Before == nil && task.Steps.Any() {
		read := *r
		s.tell(inkpool.Progress{Read: &read})
	}
	if l := task.Steps.Label; l != nil {
		page := s.page(pool.Labelling)
		s.label(ctx, page, *l)
		s.took(page, &r.Timing.Label)
	}
	if t := task.Steps.Translate; t != nil && !r.Translated(*t) {
		page := s.page(pool.Translating)
		s.translate(ctx, page, *t)
		s.took(page, &r.Timing.Translate)
	}
	return ctx.Err()
}

// page is the task's view of the slots for a kind of work.
func (s *steps) page(kind pool.Kind) *pool.Page {
	return s.device.slots.Page(pool.Request{Kind: kind, Urgent: s.task.Urgent})
}

// took counts what a step has taken.
func (s *steps) took(page *pool.Page, step *time.Duration) {
	waited, worked := page.Times()
	*step += worked
	s.result.Timing.Infer += worked
	s.result.Timing.Wait += waited
}

// prose is the text with its sentences in one piece: lines of a page end where the paper does.
func (s *steps) prose() string {
	if s.result.Lines == nil {
		return s.result.Text
	}
	return layout.Text(s.result.Lines, inkpool.LayoutParagraphs)
}

// tellLanguage tells what the text is written in. What goes wrong matters to a translation
// only: the text has been read all the same.
func (s *steps) tellLanguage(ctx context.Context) error {
	if strings.TrimSpace(s.result.Text) == "" {
		return nil
	}
	t, err := s.device.language.get(ctx)
	if err != nil {
		return err
	}
	return s.page(pool.Labelling).Do(ctx, pool.Line, func() (err error) {
		s.result.Language, err = t.detector.Detect(ctx, s.prose())
		return err
	})
}

// safely turns a panic into an error.
func safely(do func() error) (err error) {
	defer inkpool.Recover(&err)
	return do()
}
