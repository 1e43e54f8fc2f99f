package desktop

import (
	"context"
	"slices"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Unlock has the locked document of a failed task read with its password: as a new job that
// takes the task's place, or where it is if its pages are known from an earlier time.
// CodeEncrypted says that the password is wrong; then nothing has changed. Passwords are
// neither stored nor logged.
func (j *Jobs) Unlock(task int64, password string) (_ view.Job, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return view.Job{}, err
	}
	locked, err := a.Store.Task(ctx, inkpool.TaskID(task))
	if err != nil {
		return view.Job{}, err
	}
	if !isLocked(locked) {
		return view.Job{}, inkpool.Errorf(inkpool.CodeConflict, "this is not waiting for a password")
	}
	if err := tryPassword(ctx, a.Engine, locked.Path, password); err != nil {
		return view.Job{}, err
	}
	unlock := replaceLocked
	if locked.Page > 0 {
		unlock = retryLocked
	}
	job, err := unlock(ctx, a, locked, password)
	if err != nil {
		return view.Job{}, err
	}
	return view.OfJob(job), nil
}

// replaceLocked submits a document anew, now that its pages can be counted, and removes the
// task that stood for all of them.
func replaceLocked(ctx context.Context, a *app.App, locked inkpool.Task, password string) (inkpool.Job, error) {
	job, err := a.Queue.Submit(ctx, inkpool.Request{
		Paths: []string{locked.Path}, Reading: locked.Reading, Steps: locked.Steps, Secrets: []string{password},
	})
	if err != nil {
		return inkpool.Job{}, err
	}
	if err := a.Queue.Remove(ctx, inkpool.Scope{Task: locked.ID}); err != nil {
		a.Log.Warn("a task stays beside the one that takes its place", "task", locked.ID, "error", err)
	}
	return job, nil
}

// retryLocked queues all locked pages of a document again: they were counted by a program
// that knew the password and has ended since.
func retryLocked(ctx context.Context, a *app.App, locked inkpool.Task, password string) (inkpool.Job, error) {
	a.Queue.Unlock(password)
	for t, err := range view.Tasks(ctx, a.Store, locked.Job) {
		if err == nil && t.Path == locked.Path && isLocked(t) {
			err = a.Queue.Retry(ctx, inkpool.Scope{Task: t.ID}, inkpool.StateFailed)
		}
		if err != nil {
			return inkpool.Job{}, err
		}
	}
	return a.Store.Job(ctx, locked.Job)
}

// isLocked reports whether a task has failed for want of a password.
func isLocked(t inkpool.Task) bool {
	return t.State == inkpool.StateFailed && t.Error != nil && t.Error.Code == inkpool.CodeEncrypted
}

// tryPassword opens a document with a password, before it is kept among those to try.
func tryPassword(ctx context.Context, e app.Engine, path, password string) error {
	counts, err := e.Pages(ctx, []string{path}, []string{password})
	if err != nil {
		return err
	}
	locked := slices.ContainsFunc(counts, func(c inkpool.PageCount) bool {
		return c.Error != nil && c.Error.Code == inkpool.CodeEncrypted
	})
	if password == "" || locked {
		return inkpool.Errorf(inkpool.CodeEncrypted, "this password does not open the document").
			WithHint("Look at capital letters and the keyboard's language, then type it again.")
	}
	return nil
}
