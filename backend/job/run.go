package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Why a task's context ends before its time.
var (
	errCancelledByPerson = inkpool.Errorf(inkpool.CodeCancelled, "cancelled")
	errTimedOut          = inkpool.Errorf(inkpool.CodeTimeout, "this page took too long and was stopped").
				WithHint("Try again; if it is very large, split it or give it more time with --timeout.")
)

// errPoison is why a task is set aside: the engine has died over it, and then once more when
// it ran alone.
var errPoison = inkpool.Errorf(inkpool.CodeEngineCrashed, "the engine stopped unexpectedly each time it read this file").
	WithHint("It is set aside so that it does not stop the others. Save it again in another program and add the new file, or try it again on purpose.")

// runNext claims and runs one task of a job, or of any when id is 0. worked is false when
// there was none that may run. The error is the store's or ctx's; that of the task is stored.
func (q *Queue) runNext(ctx context.Context, id inkpool.JobID, ended func(inkpool.Task)) (worked bool, err error) {
	r, task, err := q.claim(ctx, id)
	if err != nil || r == nil {
		return false, err
	}
	defer q.forget(r)
	q.feed.changed(task.Job, task)
	task, err = q.save(ctx, r, q.process(r.ctx, task))
	if err != nil {
		return true, err
	}
	q.feed.changed(task.Job, task)
	if task.State == inkpool.StateQueued {
		q.feed.manyChanged(task.Job) // it may have been held meanwhile, which we do not know
		return true, nil
	}
	q.forgetFaults(task.ID)
	if ended != nil {
		ended(task)
	}
	return true, nil
}

// claim takes the next task and makes the context to run it under, which Cancel can end
// until forget is called. It is nil when there is none that may run.
func (q *Queue) claim(ctx context.Context, id inkpool.JobID) (*runningTask, inkpool.Task, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, inkpool.Task{}, err
	}
	if q.alone != nil || q.onHold || q.reading() >= q.opts.InFlight {
		return nil, inkpool.Task{}, nil
	}
	// A claim is done or not, but never broken off half-way.
	task, suspect, ok, err := q.nextTask(context.WithoutCancel(ctx), id)
	if err != nil || !ok {
		return nil, inkpool.Task{}, err
	}
	task.Secrets = q.secrets
	r := &runningTask{id: task.ID, job: task.Job, beyond: task.Before != nil, ended: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	q.running[task.ID] = r
	if suspect {
		q.alone = r
	}
	return r, task, nil
}

// reading is how many of the tasks at work are being read.
func (q *Queue) reading() int {
	n := 0
	for _, r := range q.running {
		if !r.beyond {
			n++
		}
	}
	return n
}

// goneBeyond notes that a task has been read: another one may be, meanwhile.
func (q *Queue) goneBeyond(id inkpool.TaskID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if r := q.running[id]; r != nil && !r.beyond {
		r.beyond = true
		q.turnLocked()
	}
}

// suspectPatience is how long others go before a task over which the engine has died. Then
// the queue runs empty for it, which costs about a page's time.
const suspectPatience = 30 * time.Second

// nextTask claims the next task. One over which the engine has died runs alone: should it
// happen again, we know who it was, and nobody else is hit. It waits until there is nothing
// else to do, but not for ever, and one that a person waits for not at all.
func (q *Queue) nextTask(ctx context.Context, id inkpool.JobID) (task inkpool.Task, suspect, ok bool, err error) {
	now := q.now()
	waited := !q.suspect.IsZero() && now.Sub(q.suspect) >= suspectPatience
	if waited && len(q.running) > 0 {
		return task, false, false, nil
	}
	for _, suspect := range [...]bool{waited, !waited} {
		if suspect && len(q.running) > 0 {
			continue
		}
		task, ok, err = q.store.ClaimTask(ctx, inkpool.Claim{Owner: q.opts.Owner, Job: id, Now: now, Suspect: suspect})
		if ok || err != nil {
			return task, suspect, ok, err
		}
		if waited && suspect { // none is left
			q.suspect = time.Time{}
		}
	}
	return task, false, false, nil
}

// noteSuspect has the queue run empty for a task, in time or, where a person waits, at once.
func (q *Queue) noteSuspect(task inkpool.Task) {
	since := q.now()
	if task.Urgent {
		since = since.Add(-suspectPatience)
	}
	if q.suspect.IsZero() || since.Before(q.suspect) {
		q.suspect = since
	}
}

// forget takes a run of a task from those that are running, once the store knows what became
// of it.
func (q *Queue) forget(r *runningTask) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r.cancel(nil)
	close(r.ended)
	if q.running[r.id] == r {
		delete(q.running, r.id)
	}
	if q.alone == r {
		q.alone = nil
	}
	q.turnLocked()
}

// outcome is a task as it is now and what there is to store of it.
type outcome struct {
	task   inkpool.Task
	result inkpool.Result  // when done
	again  inkpool.Requeue // when queued
}

// process runs a task within its deadline.
func (q *Queue) process(running context.Context, task inkpool.Task) outcome {
	ctx, deadline := setAlarm(running, q.deadlines.of(task))
	defer deadline.stop()
	result, failure := q.processSafely(ctx, task, func(p inkpool.Progress) {
		deadline.putOff() // it is not stuck
		q.progressed(ctx, &task, p)
	})
	task.Owner, task.Progress = "", inkpool.Progress{}
	if failure == nil {
		q.deadlines.took(task, result.Timing.Total)
		task.State, task.Kind = inkpool.StateDone, result.Kind
		return outcome{task: task, result: result}
	}
	return keepText(q.failed(ctx, task, failure))
}

// progressed keeps what is finished of a task and tells how far it has come. What cannot be
// kept is done again, should the task be stopped.
func (q *Queue) progressed(ctx context.Context, task *inkpool.Task, p inkpool.Progress) {
	if len(p.Finished) > 0 || p.Read != nil {
		if err := q.store.KeepProgress(context.WithoutCancel(ctx), q.opts.Owner, task.ID, p); err != nil {
			q.opts.Log.Warn("what is finished of a task cannot be kept", "task", task.ID, "error", err)
		}
	}
	if p.Read != nil {
		task.Before, task.Kind = p.Read, p.Read.Kind
		q.goneBeyond(task.ID)
	}
	task.Progress = inkpool.Progress{Done: p.Done, Total: p.Total}
	q.feed.changed(task.Job, *task)
}

// keepText makes of a task that came to no good end while more was done with a text that had
// been read before, one that is done, with the reason in place of what is missing: a text is
// never lost.
func keepText(out outcome) outcome {
	task := out.task
	if task.Before == nil || !task.State.Ended() {
		return out
	}
	r := *task.Before
	if t := task.Steps.Translate; t != nil && !r.Translated(*t) {
		r.Translation = &inkpool.Translation{From: t.From, To: t.To, Pack: t.Pack, Error: task.Error}
	}
	if task.Steps.Label != nil && len(r.Labels) == 0 {
		r.LabelError = task.Error
	}
	task.State, task.Kind, task.Error = inkpool.StateDone, r.Kind, nil
	return outcome{task: task, result: r}
}

// failed says what becomes of a task that has no result.
func (q *Queue) failed(ctx context.Context, task inkpool.Task, failure error) outcome {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errCancelledByPerson):
		task.State, task.Error = inkpool.StateCancelled, errCancelledByPerson
		return outcome{task: task}
	case errors.Is(cause, errTimedOut):
		failure = errTimedOut.WithCause(failure)
	case ctx.Err() != nil: // the program stops: the task has done nothing wrong
		task.State = inkpool.StateQueued
		return outcome{task: task}
	}
	why := inkpool.AsError(failure)
	q.opts.Log.Warn("task failed", "task", task.ID, "attempt", task.Attempt, "code", why.Code, "error", withoutPath(failure))
	switch {
	case why.Code == inkpool.CodeEngineCrashed && task.Crashes+1 >= inkpool.MaxCrashes:
		task.State, task.Error = inkpool.StateQuarantined, errPoison.WithCause(failure)
	case why.Code == inkpool.CodeEngineCrashed:
		return q.again(task, inkpool.Requeue{Why: why, Crashed: true})
	case why.Code == inkpool.CodeUnavailable && q.mayRetry(task):
		return q.again(task, inkpool.Requeue{Why: why, NotBefore: q.later(task)})
	default:
		task.State, task.Error = inkpool.StateFailed, why
	}
	return outcome{task: task}
}

// withoutPath is the text of an error for the log, which holds no names of files: they tell
// what a person reads.
func withoutPath(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return fmt.Sprintf("%s: %v", path.Op, path.Err)
	case errors.As(err, &link):
		return fmt.Sprintf("%s: %v", link.Op, link.Err)
	default:
		return err.Error()
	}
}

func (q *Queue) again(task inkpool.Task, r inkpool.Requeue) outcome {
	task.State = inkpool.StateQueued
	return outcome{task: task, again: r}
}

func (q *Queue) processSafely(ctx context.Context, task inkpool.Task, tell func(inkpool.Progress)) (_ inkpool.Result, err error) {
	defer inkpool.Recover(&err)
	return q.processor.Process(ctx, task, tell)
}

// save stores what became of a task and returns the task as it is stored. A patient queue
// waits for a store that may take it later.
func (q *Queue) save(ctx context.Context, r *runningTask, out outcome) (inkpool.Task, error) {
	for backoff := newBackoff(); ; backoff.wait(ctx) {
		saved, err := q.trySave(context.WithoutCancel(ctx), r, out) // also when the program is being stopped
		if err == nil || !q.opts.Patient || !mayPass(err) || ctx.Err() != nil {
			return saved, err
		}
		q.opts.Log.Error("what became of a task cannot be stored, waiting", "task", out.task.ID, "error", err)
	}
}

func (q *Queue) trySave(ctx context.Context, r *runningTask, out outcome) (inkpool.Task, error) {
	if out.task.State == inkpool.StateQueued {
		return q.requeue(ctx, r, out.task, out.again)
	}
	return q.end(ctx, out)
}

// end stores the end of a task. Where the store does not take its result, that is the reason in
// place of what is missing.
func (q *Queue) end(ctx context.Context, out outcome) (inkpool.Task, error) {
	task, err := q.tryEnd(ctx, out)
	if out.task.State != inkpool.StateDone || !refused(err) {
		return task, err
	}
	q.opts.Log.Warn("result was refused", "task", task.ID, "error", err)
	task.State, task.Error = inkpool.StateFailed, inkpool.AsError(err)
	failed := outcome{task: task}
	if kept := keepText(failed); kept.task.State == inkpool.StateDone {
		if task, err = q.tryEnd(ctx, kept); !refused(err) {
			return task, err
		}
	}
	return q.tryEnd(ctx, failed)
}

func (q *Queue) tryEnd(ctx context.Context, out outcome) (inkpool.Task, error) {
	task := out.task
	if task.State == inkpool.StateDone {
		return task, q.store.FinishTask(ctx, q.opts.Owner, task.ID, out.result)
	}
	return task, q.store.FailTask(ctx, q.opts.Owner, task.ID, task.State, task.Error)
}

// requeue returns a task to the queue, unless a person has cancelled it meanwhile: what
// Cancel finds is either queued or running.
func (q *Queue) requeue(ctx context.Context, r *runningTask, task inkpool.Task, why inkpool.Requeue) (inkpool.Task, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if r.cancelled {
		task.State, task.Error = inkpool.StateCancelled, errCancelledByPerson
		return q.end(ctx, keepText(outcome{task: task}))
	}
	err := q.store.RequeueTask(ctx, q.opts.Owner, task.ID, why)
	if err == nil && why.Crashed {
		q.noteSuspect(task)
	}
	if err == nil && !why.NotBefore.IsZero() {
		q.wakeAt(task, why.NotBefore)
	}
	return task, err
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
