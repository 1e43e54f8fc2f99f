package job

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// feedInterval is how long changes are gathered before they are told: 20 batches a second
// look live, and a window that redraws for each of 10,000 single events stutters for
// 350 ms.
const feedInterval = 50 * time.Millisecond

// Batch is what changed since the batch before: the latest state of each job and task.
// Seq grows by one with every batch, beginning with 1. Of the tasks, state, kind, attempt
// and error are up to date; the times may be older.
type Batch struct {
	Seq   int64
	Jobs  []inkpool.Job   // newest first
	Gone  []inkpool.JobID // jobs that are not there any more
	Many  []inkpool.JobID // jobs with so many changed tasks that they are not told one by one
	Tasks []inkpool.Task  // by first change
}

// feed gathers changes and tells subscribers in batches, from a goroutine of its own.
type feed struct {
	store inkpool.Store
	wake  chan struct{} // capacity 1: something has changed
	stop  chan struct{} // closed by close
	done  chan struct{} // closed when the goroutine has ended

	mu          sync.Mutex
	seq         int64
	jobs        map[inkpool.JobID]bool // true: many of its tasks have changed
	tasks       map[inkpool.TaskID]inkpool.Task
	order       []inkpool.TaskID // of tasks, by first change
	subscribers []*subscriber
}

type subscriber struct{ tell func(Batch) }

// startFeed starts a feed that close ends; of ctx only the values count.
func startFeed(ctx context.Context, store inkpool.Store) *feed {
	f := &feed{
		store: store, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
		jobs: map[inkpool.JobID]bool{}, tasks: map[inkpool.TaskID]inkpool.Task{},
	}
	go f.run(context.WithoutCancel(ctx))
	return f
}

// close tells what has been gathered and ends the feed.
func (f *feed) close() {
	close(f.stop)
	<-f.done
}

// changed notes the new states of a job and of some of its tasks. It never blocks.
func (f *feed) changed(job inkpool.JobID, tasks ...inkpool.Task) {
	f.mu.Lock()
	many := f.jobs[job]
	f.jobs[job] = many
	for _, t := range tasks {
		if _, noted := f.tasks[t.ID]; !noted {
			f.order = append(f.order, t.ID)
		}
		f.tasks[t.ID] = t
	}
	f.mu.Unlock()
	f.wakeUp()
}

// manyChanged notes that any number of tasks of some jobs have changed. It never blocks.
func (f *feed) manyChanged(jobs ...inkpool.JobID) {
	if len(jobs) == 0 {
		return
	}
	f.mu.Lock()
	for _, id := range jobs {
		f.jobs[id] = true
	}
	f.mu.Unlock()
	f.wakeUp()
}

func (f *feed) wakeUp() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// run tells batches until close is called, and then the last.
func (f *feed) run(ctx context.Context) {
	defer close(f.done)
	for {
		select {
		case <-f.stop:
			f.flush(ctx)
			return
		case <-f.wake:
		}
		select {
		case <-f.stop:
		case <-time.After(feedInterval):
		}
		f.flush(ctx)
	}
}

// flush tells what has been gathered. A job that cannot be read now is noted again.
func (f *feed) flush(ctx context.Context) {
	jobs, tasks := f.take()
	batch := Batch{Tasks: tasks}
	for _, id := range slices.Sorted(maps.Keys(jobs)) {
		j, err := f.store.Job(ctx, id)
		switch inkpool.CodeOf(err) {
		case "":
			batch.Jobs = append(batch.Jobs, j)
			if jobs[id] {
				batch.Many = append(batch.Many, id)
			}
		case inkpool.CodeNotFound:
			batch.Gone = append(batch.Gone, id)
		default:
			f.noteAgain(id, jobs[id])
		}
	}
	if len(batch.Jobs)+len(batch.Gone)+len(batch.Tasks) == 0 {
		return
	}
	slices.Reverse(batch.Jobs)
	for _, s := range f.next(&batch) {
		s.tell(batch)
	}
}

// noteAgain notes a job that could not be read.
func (f *feed) noteAgain(id inkpool.JobID, many bool) {
	if many {
		f.manyChanged(id)
	} else {
		f.changed(id)
	}
}

// take empties the feed.
func (f *feed) take() (jobs map[inkpool.JobID]bool, tasks []inkpool.Task) {
	f.mu.Lock()
	defer f.mu.Unlock()
	jobs = f.jobs
	for _, id := range f.order {
		tasks = append(tasks, f.tasks[id])
	}
	f.jobs, f.tasks, f.order = map[inkpool.JobID]bool{}, map[inkpool.TaskID]inkpool.Task{}, nil
	return jobs, tasks
}

// next numbers the batch and returns the subscribers in the order in which they came.
func (f *feed) next(batch *Batch) []*subscriber {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq++
	batch.Seq = f.seq
	return slices.Clone(f.subscribers)
}

func (f *feed) subscribe(tell func(Batch)) (cancel func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &subscriber{tell: tell}
	f.subscribers = append(f.subscribers, s)
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.subscribers = slices.DeleteFunc(f.subscribers, func(other *subscriber) bool { return other == s })
	}
}

func (f *feed) sequence() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seq
}
