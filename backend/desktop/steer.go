package desktop

import (
	"context"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// A scope is a job and a task: the task alone when it is not 0, all tasks of the job when
// that is not 0, and else everything.

func scopeOf(job, task int64) inkpool.Scope {
	return inkpool.Scope{Job: inkpool.JobID(job), Task: inkpool.TaskID(task)}
}

// steer does something to the queue.
func (j *Jobs) steer(do func(context.Context, *app.App) error) (err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return err
	}
	return do(ctx, a)
}

// Pause keeps what is queued in a scope from being started.
func (j *Jobs) Pause(job, task int64) error {
	return j.steer(func(ctx context.Context, a *app.App) error { return a.Queue.Pause(ctx, scopeOf(job, task)) })
}

// Resume undoes Pause.
func (j *Jobs) Resume(job, task int64) error {
	return j.steer(func(ctx context.Context, a *app.App) error { return a.Queue.Resume(ctx, scopeOf(job, task)) })
}

// Cancel stops what is queued or running in a scope; what is finished stays.
func (j *Jobs) Cancel(job, task int64) error {
	return j.steer(func(ctx context.Context, a *app.App) error { return a.Queue.Cancel(ctx, scopeOf(job, task)) })
}

// Retry queues again what ended in one of states ("failed", "cancelled", "quarantined").
func (j *Jobs) Retry(job, task int64, states []string) error {
	return j.steer(func(ctx context.Context, a *app.App) error {
		var of []inkpool.State
		for _, s := range states {
			of = append(of, inkpool.State(s))
		}
		return a.Queue.Retry(ctx, scopeOf(job, task), of...)
	})
}

// Remove deletes a scope with everything that was read; files stay where they are.
func (j *Jobs) Remove(job, task int64) error {
	return j.steer(func(ctx context.Context, a *app.App) error { return a.Queue.Remove(ctx, scopeOf(job, task)) })
}

// Log returns what happened to a task, oldest first.
func (j *Jobs) Log(task int64) (_ []view.LogEntry, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	entries, err := a.Store.Log(ctx, inkpool.TaskID(task))
	return view.OfLog(entries), err
}

// Reopen tries again to open the history, after whatever was in the way.
func (j *Jobs) Reopen() (err error) {
	defer inkpool.Recover(&err)
	return j.window.reopen()
}

// Engine says what the engine takes of the machine now.
func (j *Jobs) Engine() (_ view.Engine, err error) {
	defer inkpool.Recover(&err)
	a, _, err := j.window.opened()
	if err != nil {
		return view.Engine{}, err
	}
	usage := view.OfUsage(a.Engine.Usage())
	usage.OnBattery, usage.Held = a.Power()
	return usage, nil
}

// About says what this program is and whether it can read. It works when nothing else does.
func (j *Jobs) About() view.About {
	about := view.About{
		Version: app.Version, Model: app.Models(),
		Home: j.window.Home(), Workers: j.window.workers(),
	}
	a, _, err := j.window.opened()
	if err == nil {
		recovered := a.Queue.Recovered()
		about.Recovered, about.Quarantined = recovered.Queued, recovered.Quarantined
		err = a.ModelProblem
	}
	if err == nil {
		about.Ready = true
	} else {
		about.Problem = view.OfError(inkpool.AsError(err))
	}
	return about
}
