package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// work is jobs that are to be worked off in the foreground, one after the other.
type work struct {
	app    *app.App
	jobs   []inkpool.Job
	name   func(inkpool.Task) string // what a task is called in the output
	output output
	keep   bool // the history stays: what is left can be done later

	failFast bool // stop at the first failure
}

// work runs jobs and writes their pages, each as soon as those before it have been written.
func (d *door) work(ctx context.Context, w work) error {
	var counted tally
	show := d.newProgress(w.total(), w.output)
	stop := w.app.Queue.Subscribe(show.changed)
	err := d.write(w.output, w.jobs[0].Title, w.pages(ctx, func(t inkpool.Task, trouble *view.Error) {
		counted.add(trouble)
		show.ended(t, w.name(t), trouble)
	}))
	stop()
	show.clear()
	d.noteDevices(w.app.Engine)
	if err == nil {
		err = counted.err()
	}
	if err == nil || errors.As(err, new(failedInputs)) && !w.failFast {
		return err
	}
	if left := w.left(ctx); left != "" {
		return stoppedError{err, left}
	}
	return err
}

// noteDevices tells what the engine could not use. Where nothing was read there may be none.
func (d *door) noteDevices(e app.Engine) {
	if e == nil {
		return
	}
	for _, n := range e.Usage().Notices {
		d.note("inkpool: %s", sentence(n))
	}
}

// left says how much is left of work that was stopped and how to go on; it is empty when
// nothing is.
func (w work) left(ctx context.Context) string {
	left := 0
	for _, before := range w.jobs {
		j, err := w.app.Store.Job(context.WithoutCancel(ctx), before.ID)
		if err != nil {
			return "" // the history fails: that is the error which is reported
		}
		left += j.Counts.Queued + j.Counts.Running
	}
	switch {
	case left == 0:
		return ""
	case !w.keep:
		return fmt.Sprintf("stopped; %d of %d are left", left, w.total())
	case len(w.jobs) > 1:
		return fmt.Sprintf("stopped; %d of %d are left: `inkpool jobs resume%s` goes on", left, w.total(), w.output.again())
	default:
		return fmt.Sprintf("stopped; %d of %d are left: `inkpool jobs resume %d%s` goes on", left, w.total(), w.jobs[0].ID, w.output.again())
	}
}

// total is the number of tasks.
func (w work) total() int {
	n := 0
	for _, j := range w.jobs {
		n += j.Counts.Total()
	}
	return n
}

// pages does the work while it is being read: it yields the pages of every job in the order
// of input, those that had ended before and the others as they end, and calls told for each
// task first, with what it did not come to. When ctx ends or the history fails, an error is the last. When the reader
// stops, so does the work.
func (w work) pages(ctx context.Context, told func(inkpool.Task, *view.Error)) export.Pages {
	return func(yield func(view.Page, error) bool) {
		for _, j := range w.jobs {
			for page, err := range w.jobPages(ctx, j.ID, told) {
				if !yield(page, err) || err != nil || w.failFast && page.Trouble() != nil {
					return
				}
			}
		}
	}
}

func (w work) jobPages(ctx context.Context, id inkpool.JobID, told func(inkpool.Task, *view.Error)) export.Pages {
	return func(yield func(view.Page, error) bool) {
		running := startRun(ctx, w.app, id)
		defer running.stop()
		for t, err := range view.Tasks(ctx, w.app.Store, id) {
			if err == nil {
				t, err = running.await(ctx, t)
			}
			if err != nil {
				yield(view.Page{}, err)
				return
			}
			page, err := view.PageOf(ctx, w.app.Store, t, w.name(t))
			if err == nil {
				told(t, page.Trouble())
			}
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// run is a job at work.
type run struct {
	app    *app.App
	cancel context.CancelFunc
	ended  chan inkpool.Task    // every task that ends, in the order of ending; closed at the end
	early  map[int]inkpool.Task // by index: ended before their turn
	err    error                // of RunJob; to be read after ended is closed
}

// ahead is how many pages the work may be ahead of a reader that does not read, such as a
// pager.
const ahead = 64

// startRun starts a goroutine that works off a job until stop is called.
func startRun(ctx context.Context, a *app.App, id inkpool.JobID) *run {
	ctx, cancel := context.WithCancel(ctx)
	r := &run{app: a, cancel: cancel, ended: make(chan inkpool.Task, ahead), early: map[int]inkpool.Task{}}
	go func() {
		defer close(r.ended)
		r.err = a.Queue.RunJob(ctx, id, func(t inkpool.Task) {
			select {
			case r.ended <- t:
			case <-ctx.Done(): // nobody reads any more
			}
		})
	}()
	return r
}

// stop ends the run, before its time if need be, and waits for it.
func (r *run) stop() {
	r.cancel()
	for range r.ended {
	}
}

// await returns the task as it is when it has ended. Tasks must be asked for by index.
func (r *run) await(ctx context.Context, t inkpool.Task) (inkpool.Task, error) {
	for !t.State.Ended() {
		if ended, ok := r.early[t.Index]; ok {
			t = ended
			break
		}
		ended, open := <-r.ended
		switch {
		case open && ended.Index >= t.Index: // else it was found ended in the history before
			r.early[ended.Index] = ended
		case !open && r.err != nil:
			return t, r.err
		case !open: // somebody else has ended it
			return r.endedTask(ctx, t.ID)
		}
	}
	delete(r.early, t.Index)
	return t, nil
}

// endedTask returns a task that has ended without our being told. One that has not was left
// by a run that is over: that is said, not passed off as done.
func (r *run) endedTask(ctx context.Context, id inkpool.TaskID) (inkpool.Task, error) {
	t, err := r.app.Store.Task(ctx, id)
	if err == nil && !t.State.Ended() {
		err = inkpool.Errorf(inkpool.CodeUnavailable, "%s was not read", quoted(t.Name, t)).WithHint("Try again.")
	}
	return t, err
}
