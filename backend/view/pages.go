package view

import (
	"context"
	"iter"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// taskBatch is how many tasks are read from the history at a time.
const taskBatch = 500

// Tasks yields the tasks of a job in the order of input, reading them in batches.
func Tasks(ctx context.Context, store inkpool.Store, id inkpool.JobID) iter.Seq2[inkpool.Task, error] {
	return func(yield func(inkpool.Task, error) bool) {
		for from := 0; ; {
			tasks, err := store.Tasks(ctx, id, from, taskBatch)
			if err != nil {
				yield(inkpool.Task{}, err)
				return
			}
			for _, t := range tasks {
				if !yield(t, nil) {
					return
				}
			}
			if len(tasks) < taskBatch {
				return
			}
			from = tasks[len(tasks)-1].Index + 1
		}
	}
}

// Pages yields what the history holds of a job, page after page in the order of input, so
// that 30,000 pages never sit in memory. An error ends it.
func Pages(ctx context.Context, store inkpool.Store, id inkpool.JobID) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		for t, err := range Tasks(ctx, store, id) {
			if err != nil {
				yield(Page{}, err)
				return
			}
			page, err := PageOf(ctx, store, t, t.Path)
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// PageOf shows a task under the given path, with its result if it has one: also while more is
// done with what was read.
func PageOf(ctx context.Context, store inkpool.Store, t inkpool.Task, path string) (Page, error) {
	if t.State != inkpool.StateDone && !t.Steps.Any() {
		return OfPage(t, path, nil), nil
	}
	r, err := store.Result(ctx, t.ID)
	if t.State != inkpool.StateDone && inkpool.CodeOf(err) == inkpool.CodeNotFound {
		return OfPage(t, path, nil), nil
	}
	if err != nil {
		return Page{}, err
	}
	return OfPage(t, path, &r), nil
}
