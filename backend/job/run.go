package job

import (
	"context"
	"errors"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// errCancelledByPerson is why a task's context ends when its job is cancelled.
var errCancelledByPerson = inkpool.Errorf(inkpool.CodeCancelled, "cancelled")

// runNext claims and runs one task of a job, or of any when id is 0. worked is false when
// nothing was queued. The error is the store's or ctx's; that of the task is stored.
func (q *Queue) runNext(ctx context.Context, id inkpool.JobID, ended func(inkpool.Task)) (worked bool, err error) {
	running, task, ok, err := q.claim(ctx, id)
	if err != nil || !ok {
		return false, err
	}
	q.wakeWorkers() // there may be more: one wakes the next
	q.feed.changed(task.Job, task)
	task, result := q.process(running, task)
	q.forget(task.ID)
	if task, err = q.save(ctx, task, result); err != nil {
		return true, err
	}
	q.feed.changed(task.Job, task)
	if task.State == inkpool.StateQueued {
		q.wakeWorkers() // it is for others now
	} else if ended != nil {
		ended(task)
	}
	return true, nil
}

// claim takes the next task and makes the context to run it under, which Cancel can end
// until forget is called. ok is false when nothing is queued.
func (q *Queue) claim(ctx context.Context, id inkpool.JobID) (running context.Context, task inkpool.Task, ok bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, inkpool.Task{}, false, err
	}
	// A claim is short: it is done or not, but never broken off half-way.
	task, ok, err = q.store.ClaimTask(context.WithoutCancel(ctx), q.opts.Owner, id)
	if err != nil || !ok {
		return nil, inkpool.Task{}, false, err
	}
	running, cancel := context.WithCancelCause(ctx)
	q.running[task.ID] = runningTask{job: task.Job, cancel: cancel}
	return running, task, true, nil
}

// forget takes a task that has ended from those that Cancel stops.
func (q *Queue) forget(id inkpool.TaskID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running[id].cancel(nil)
	delete(q.running, id)
}

// process runs a task and returns it as it is now, with its result when it is done.
func (q *Queue) process(running context.Context, task inkpool.Task) (inkpool.Task, inkpool.Result) {
	result, failure := q.processSafely(running, task)
	task.Owner = ""
	switch {
	case failure == nil:
		task.State, task.Kind = inkpool.StateDone, result.Kind
	case errors.Is(context.Cause(running), errCancelledByPerson):
		task.State, task.Error = inkpool.StateCancelled, errCancelledByPerson
	case running.Err() != nil: // the program stops: the task has done nothing wrong
		task.State = inkpool.StateQueued
	default:
		task.State, task.Error = inkpool.StateFailed, inkpool.AsError(failure)
		q.opts.Log.Warn("task failed", "task", task.ID, "code", task.Error.Code, "error", failure)
	}
	return task, result
}

func (q *Queue) processSafely(ctx context.Context, task inkpool.Task) (_ inkpool.Result, err error) {
	defer inkpool.Recover(&err)
	return q.processor.Process(ctx, task)
}

// save stores what became of a task and returns the task as it is stored. A patient queue
// waits for a store that may take it later.
func (q *Queue) save(ctx context.Context, task inkpool.Task, r inkpool.Result) (inkpool.Task, error) {
	for backoff := newBackoff(); ; backoff.wait(ctx) {
		saved, err := q.trySave(context.WithoutCancel(ctx), task, r) // also when the program is being stopped
		if err == nil || !q.opts.Patient || !mayPass(err) || ctx.Err() != nil {
			return saved, err
		}
		q.opts.Log.Error("what became of a task cannot be stored, waiting", "task", task.ID, "error", err)
	}
}

func (q *Queue) trySave(ctx context.Context, task inkpool.Task, r inkpool.Result) (inkpool.Task, error) {
	switch task.State {
	case inkpool.StateQueued:
		return task, q.store.ReleaseTask(ctx, q.opts.Owner, task.ID)
	case inkpool.StateDone:
		err := q.store.FinishTask(ctx, q.opts.Owner, task.ID, r)
		if !refused(err) {
			return task, err
		}
		q.opts.Log.Warn("result was refused", "task", task.ID, "error", err)
		task.State, task.Error = inkpool.StateFailed, inkpool.AsError(err)
	}
	return task, q.store.FailTask(ctx, q.opts.Owner, task.ID, task.State, task.Error)
}

// mayPass reports whether an error of the store may be gone when we try again.
func mayPass(err error) bool {
	switch inkpool.CodeOf(err) {
	case inkpool.CodeDiskFull, inkpool.CodeUnavailable, inkpool.CodePermission, inkpool.CodeOutOfMemory:
		return true
	default:
		return false
	}
}

// refused reports whether it is the result that a store in good health does not take: one
// that is too large, or holds a number that cannot be written. Its task has failed then,
// instead of stopping all others each time it is tried.
func refused(err error) bool {
	switch inkpool.CodeOf(err) {
	case inkpool.CodeTooLarge, inkpool.CodeInvalid, inkpool.CodeInternal:
		return true
	default:
		return false
	}
}
