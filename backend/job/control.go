package job

import (
	"context"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// A person steers tasks by scope: one, those of a job, or all. What is running goes on when
// it is paused, and is stopped when it is cancelled or removed.

// Pause keeps what is queued from being started.
func (q *Queue) Pause(ctx context.Context, s inkpool.Scope) error {
	return q.change(ctx, s, q.store.Pause)
}

// Resume undoes Pause.
func (q *Queue) Resume(ctx context.Context, s inkpool.Scope) error {
	return q.change(ctx, s, q.store.Resume)
}

// Retry queues tasks again that ended in one of states without a result.
func (q *Queue) Retry(ctx context.Context, s inkpool.Scope, states ...inkpool.State) error {
	return q.change(ctx, s, func(ctx context.Context, s inkpool.Scope) ([]inkpool.JobID, error) {
		return q.store.Retry(ctx, s, states...)
	})
}

// AddSteps has more done with what was read of a job; see inkpool.Store.
func (q *Queue) AddSteps(ctx context.Context, id inkpool.JobID, more inkpool.Steps) error {
	if err := more.Check(); err != nil {
		return err
	}
	return q.change(ctx, inkpool.Scope{Job: id}, func(ctx context.Context, s inkpool.Scope) ([]inkpool.JobID, error) {
		return []inkpool.JobID{s.Job}, q.store.AddSteps(ctx, s.Job, more)
	})
}

// Cancel stops tasks: what is finished stays, what is queued or running becomes cancelled,
// the latter as soon as the Processor has returned.
func (q *Queue) Cancel(ctx context.Context, s inkpool.Scope) error {
	_, err := q.cancelAll(ctx, s)
	return err
}

// Remove stops tasks and deletes them with all that came of them. It waits for those that
// are running.
func (q *Queue) Remove(ctx context.Context, s inkpool.Scope) error {
	for {
		running, err := q.cancelAll(ctx, s)
		if err != nil {
			return err
		}
		for _, r := range running {
			select {
			case <-r.ended:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		err = q.change(ctx, s, q.store.Remove)
		if inkpool.CodeOf(err) != inkpool.CodeConflict || len(running) == 0 {
			return err
		} // one that was running went back to the queue and was claimed anew
	}
}

// Hold keeps everything from being started, or lets it go on: while the battery is low, say.
// It is not remembered beyond the life of the Queue.
func (q *Queue) Hold(on bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.onHold != on {
		q.onHold = on
		q.turnLocked()
	}
}

// change does something to the tasks of a scope and tells whoever looks at them.
func (q *Queue) change(ctx context.Context, s inkpool.Scope, do func(context.Context, inkpool.Scope) ([]inkpool.JobID, error)) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	jobs, err := do(ctx, s)
	if err != nil {
		return err
	}
	q.feed.manyChanged(jobs...)
	q.turnLocked()
	return nil
}

// cancelAll cancels what is queued, tells what is running to stop, and returns that.
func (q *Queue) cancelAll(ctx context.Context, s inkpool.Scope) ([]*runningTask, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	jobs, err := q.store.Cancel(ctx, s)
	if err != nil {
		return nil, err
	}
	var stopped []*runningTask
	for id, r := range q.running {
		if within(s, r.job, id) {
			r.cancelled = true
			r.cancel(errCancelledByPerson)
			stopped = append(stopped, r)
		}
	}
	for id, w := range q.waiting {
		if within(s, w.job, id) {
			w.timer.Stop()
			delete(q.waiting, id)
			delete(q.faults, id)
		}
	}
	q.feed.manyChanged(jobs...)
	q.turnLocked()
	return stopped, nil
}

func within(s inkpool.Scope, job inkpool.JobID, task inkpool.TaskID) bool {
	switch {
	case s.Task != 0:
		return s.Task == task
	case s.Job != 0:
		return s.Job == job
	default:
		return true
	}
}
