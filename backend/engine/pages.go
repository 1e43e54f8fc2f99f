package engine

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// Pages counts the pages of files, several at once, and tries secrets on those that are locked.
// Only those that may have many are opened,
// and only of these does it say what is wrong. Of others that cannot be read the count is not
// known: Process has to say why, when their turn comes. The error is ctx's only.
func (e *Engine) Pages(ctx context.Context, paths, secrets []string) ([]inkpool.PageCount, error) {
	e.activity.begin()
	defer e.activity.end()
	counts := make([]inkpool.PageCount, len(paths))
	var group errgroup.Group
	group.SetLimit(e.InFlight())
	for i, path := range paths {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			counts[i] = e.pagesOf(ctx, path, secrets)
			return nil
		})
	}
	_ = group.Wait() // nobody returns an error
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return counts, nil
}

// pagesOf counts the pages of one file.
func (e *Engine) pagesOf(ctx context.Context, path string, secrets []string) inkpool.PageCount {
	n, err := document.CountPages(path, e.settings.Limits)
	if err != nil || n > 0 {
		return inkpool.PageCount{Pages: n}
	}
	n, err = e.pagesInside(ctx, path, secrets)
	return inkpool.PageCount{Pages: n, Error: inkpool.AsError(err)}
}

// pagesInside opens a file to count its pages. It goes before all other work, because a person
// waits to see what there is to do.
func (e *Engine) pagesInside(ctx context.Context, path string, secrets []string) (n int, err error) {
	defer inkpool.Recover(&err)
	d := e.devices.take()
	defer e.devices.giveBack(d)
	err = d.slots.Page(pool.Request{Urgent: true}).Do(ctx, pool.Decode, func() error {
		f, err := e.files.open(ctx, path, secrets)
		if err != nil {
			return err
		}
		defer f.release()
		n = f.file.Pages()
		return nil
	})
	return n, err
}

// openPage opens the file of a task, and returns the number of its page in it, from 0. A task
// of a whole file must find one page there.
func (e *Engine) openPage(ctx context.Context, task inkpool.Task) (f *held, at int, err error) {
	f, err = e.files.open(ctx, task.Path, task.Secrets)
	if err != nil {
		return nil, 0, err
	}
	if n := f.file.Pages(); task.Page == 0 && n > 1 {
		f.release()
		return nil, 0, inkpool.Errorf(inkpool.CodeConflict, "this file has %d pages, which could not be counted when it was added", n).
			WithHint("Add it again.")
	}
	return f, max(0, task.Page-1), nil
}
