package job

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// begin counts a worker that Close must wait for; false after Close.
func (q *Queue) begin() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ctx.Err() != nil {
		return false
	}
	q.workers.Add(1)
	return true
}

// workersAtOnce is how many workers there are: one for each task that is read, and one for each
// with which more is done.
func (q *Queue) workersAtOnce() int { return 2 * q.opts.InFlight }

// Start works off every queued task, now and whenever more are submitted, until Close.
func (q *Queue) Start() {
	for range q.workersAtOnce() {
		if q.begin() {
			go func() {
				defer q.workers.Done()
				q.serve(q.ctx)
			}()
		}
	}
}

// serve works until ctx ends. When the store fails (a full disk, say) it tries again.
func (q *Queue) serve(ctx context.Context) {
	backoff := newBackoff()
	for ctx.Err() == nil {
		turn := q.nextTurn()
		worked, err := q.runNext(ctx, 0, nil)
		switch {
		case err != nil && ctx.Err() == nil:
			q.opts.Log.Error("history cannot be used, waiting", "error", err)
			backoff.wait(ctx)
		case err != nil && inkpool.CodeOf(err) != inkpool.CodeCancelled:
			q.opts.Log.Error("history cannot be used at the end", "error", err)
		case worked:
			backoff = newBackoff()
		default:
			backoff = newBackoff()
			await(ctx, turn)
		}
	}
}

// RunJob works off what is queued of one job and returns when nothing is left of it that may
// run: what is paused stays. Do not combine it with Start. When ctx ends or the queue is
// closed, what was running is queued again and the error is CodeCancelled. Each task is
// reported to ended, from several goroutines, after its end has been stored.
func (q *Queue) RunJob(ctx context.Context, id inkpool.JobID, ended func(inkpool.Task)) error {
	if !q.begin() {
		return context.Cause(q.ctx)
	}
	defer q.workers.Done()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(q.ctx, stop)()

	group, ctx := errgroup.WithContext(ctx) // the first error stops the others
	for range q.workersAtOnce() {
		group.Go(func() error { return q.workOff(ctx, id, ended) })
	}
	return group.Wait()
}

// workOff runs tasks of a job until none is left that may run now or later.
func (q *Queue) workOff(ctx context.Context, id inkpool.JobID, ended func(inkpool.Task)) error {
	for {
		turn := q.nextTurn()
		worked, err := q.runNext(ctx, id, ended)
		if err != nil {
			return err
		}
		if !worked {
			if !q.mayGoOn(id, turn) {
				return nil
			}
			await(ctx, turn)
		}
	}
}

// mayGoOn reports whether a job of which nothing could be claimed before turn ended may have
// something later.
func (q *Queue) mayGoOn(id inkpool.JobID, turn chan struct{}) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.onHold || q.turned != turn {
		return true
	}
	for _, r := range q.running {
		if r.job == id { // it may come back
			return true
		}
	}
	for _, w := range q.waiting {
		if w.job == id {
			return true
		}
	}
	return false
}

// await waits for a turn, or for the end of ctx.
func await(ctx context.Context, turn <-chan struct{}) {
	select {
	case <-turn:
	case <-ctx.Done():
	}
}
