package desktop

import (
	"context"
	"slices"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Reading says how the pages are read of what is added from now on.
func (j *Jobs) Reading() (_ inkpool.Reading, err error) {
	defer inkpool.Recover(&err)
	if _, _, err := j.window.opened(); err != nil {
		return inkpool.Reading{}, err
	}
	return j.window.reading(), nil
}

// SetReading changes that, and saves it in the settings file. When it cannot be saved it
// holds all the same, until the program ends.
func (j *Jobs) SetReading(r inkpool.Reading) (err error) {
	defer inkpool.Recover(&err)
	if _, _, err := j.window.opened(); err != nil {
		return err
	}
	if err := r.Check(); err != nil {
		return err
	}
	return j.window.setReading(r)
}

// Packs lists the packs of models that can read, the bundled one first.
func (j *Jobs) Packs() (_ []view.Pack, err error) {
	defer inkpool.Recover(&err)
	a, _, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	found, err := app.Packs(a.Settings)
	packs := []view.Pack{}
	seen := map[string]bool{}
	for _, p := range found { // the newest version of each first: it reads, or none does
		usable := p.State == app.PackBundled || p.State == app.PackInstalled
		if usable && !seen[p.ID] {
			packs = append(packs, packOf(p))
		}
		seen[p.ID] = true
	}
	return packs, err
}

func packOf(p app.Pack) view.Pack {
	if p.State == app.PackBundled {
		return view.Pack{Name: p.Name}
	}
	return view.Pack{ID: p.ID, Name: p.Name}
}

// Again reads the files of a job once more, in another way, as a new job: the file of the
// task alone unless that is 0.
func (j *Jobs) Again(job, task int64, r inkpool.Reading) (_ view.Job, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return view.Job{}, err
	}
	request, err := requestFor(ctx, a.Store, scopeOf(job, task))
	if err != nil {
		return view.Job{}, err
	}
	request.Reading = r
	added, err := a.Queue.Submit(ctx, request)
	if err != nil {
		return view.Job{}, err
	}
	return view.OfJob(added), nil
}

// requestFor asks for the files of a scope once more, in their order and each once.
func requestFor(ctx context.Context, store inkpool.Store, s inkpool.Scope) (inkpool.Request, error) {
	if s.Task != 0 {
		t, err := store.Task(ctx, s.Task)
		return inkpool.Request{Paths: []string{t.Path}}, err
	}
	job, err := store.Job(ctx, s.Job)
	if err != nil {
		return inkpool.Request{}, err
	}
	r := inkpool.Request{Title: job.Title}
	seen := map[string]bool{}
	for t, err := range view.Tasks(ctx, store, s.Job) {
		if err != nil {
			return r, err
		}
		if !seen[t.Path] {
			seen[t.Path] = true
			r.Paths = append(r.Paths, t.Path)
		}
	}
	return r, nil
}

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
		Paths: []string{locked.Path}, Reading: locked.Reading, Secrets: []string{password},
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

// reading is how pages are read now.
func (w *Window) reading() inkpool.Reading {
	w.mu.RLock()
	defer w.mu.RUnlock()
	r := w.settings.Reading
	r.Ignore = slices.Clone(r.Ignore)
	return r
}

// setReading changes the file as it is now: a person may have written other settings into it
// since the start.
func (w *Window) setReading(r inkpool.Reading) error {
	w.saving.Lock()
	defer w.saving.Unlock()
	w.mu.Lock()
	w.settings.Reading = r
	w.mu.Unlock()
	saved, _, err := w.file.Load()
	if err != nil {
		return err
	}
	saved.Reading = r
	return w.file.Save(saved)
}
