package desktop

import (
	"context"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Again reads the files of a job once more, in another way or with other steps, as a new job:
// the file of the task alone unless that is 0.
func (j *Jobs) Again(job, task int64, r inkpool.Reading, s inkpool.Steps) (_ view.Job, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return view.Job{}, err
	}
	request, err := requestFor(ctx, a.Store, scopeOf(job, task))
	if err != nil {
		return view.Job{}, err
	}
	request.Reading, request.Steps = r, s
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
