package job

import (
	"context"
	"log/slog"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Processor does the work of a task. Its errors become the task's; it must return soon
// after ctx has ended. *engine.Engine is one.
type Processor interface {
	Process(ctx context.Context, task inkpool.Task) (inkpool.Result, error)
}

// Options say how a Queue works.
type Options struct {
	// Owner names this process in the Store: it tells its running tasks from those that a
	// dead process has left. No two processes may ever have the same.
	Owner    string
	InFlight int // tasks given to the Processor at once; at least 1
	// Patient keeps results and waits while the Store cannot take them, because its disk
	// is full, say. A window is patient; a command had better return the error.
	Patient bool
	Log     *slog.Logger // default: nothing is logged
}

// Queue works off tasks.
type Queue struct {
	store     inkpool.Store
	processor Processor
	opts      Options
	feed      *feed
	work      chan struct{} // capacity 1: something may be queued

	ctx     context.Context // of all work: ends with Close
	cancel  context.CancelFunc
	workers sync.WaitGroup

	// mu is held also while a task is claimed, so that Cancel finds every task of a job
	// either queued in the store or in running, never between the two.
	mu      sync.Mutex
	running map[inkpool.TaskID]runningTask
}

type runningTask struct {
	job    inkpool.JobID
	cancel context.CancelCauseFunc
}

// New makes a Queue on a Store that no other process works on, and returns what a process
// that died has left running to the queue. Nothing runs before Start or RunJob.
func New(ctx context.Context, store inkpool.Store, processor Processor, opts Options) (*Queue, error) {
	opts.InFlight = max(1, opts.InFlight)
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	recovered, err := store.RecoverTasks(ctx, opts.Owner)
	if err != nil {
		return nil, err
	}
	if recovered > 0 {
		opts.Log.Info("tasks of an earlier run go on", "tasks", recovered)
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	return &Queue{
		store: store, processor: processor, opts: opts, feed: startFeed(ctx, store),
		work: make(chan struct{}, 1), ctx: own, cancel: cancel,
		running: map[inkpool.TaskID]runningTask{},
	}, nil
}

// Close stops the workers, those of RunJob too, returns what they were at to the queue,
// waits for them, and tells subscribers the last changes. Call it once.
func (q *Queue) Close() {
	q.mu.Lock()
	q.cancel() // from here on, begin counts nobody
	q.mu.Unlock()
	q.workers.Wait()
	q.feed.close()
}

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

// Subscribe calls tell with every batch of changes, from one goroutine, until cancel is
// called; a call that is under way then may still end. tell must not block.
func (q *Queue) Subscribe(tell func(Batch)) (cancel func()) { return q.feed.subscribe(tell) }

// Sequence is the number of the last batch. A list of jobs read after it holds at least
// all changes up to that batch.
func (q *Queue) Sequence() int64 { return q.feed.sequence() }

// Submit stores a job with a task for every file that paths stand for; folders are walked.
// When it returns, the job is durable. Without any path the error is CodeInvalid.
func (q *Queue) Submit(ctx context.Context, paths []string) (inkpool.Job, error) {
	if len(paths) == 0 {
		return inkpool.Job{}, inkpool.Errorf(inkpool.CodeInvalid, "nothing was given to read")
	}
	tasks, err := Walk(ctx, paths)
	if err != nil {
		return inkpool.Job{}, err
	}
	j, err := q.store.AddJob(ctx, inkpool.NewJob{Title: baseOf(absolute(paths[0])), Tasks: tasks})
	if err != nil {
		return inkpool.Job{}, err
	}
	q.feed.changed(j.ID)
	q.wakeWorkers()
	return j, nil
}

// Cancel stops a job: what is finished stays, what is queued or running becomes cancelled,
// the latter as soon as the Processor has returned.
func (q *Queue) Cancel(ctx context.Context, id inkpool.JobID) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	cancelled, err := q.store.CancelJob(ctx, id)
	if err != nil {
		return err
	}
	q.feed.changed(id, cancelled...)
	for _, r := range q.running {
		if r.job == id {
			r.cancel(errCancelledByPerson)
		}
	}
	return nil
}

// Start works off every queued task, now and whenever more are submitted, until Close.
func (q *Queue) Start() {
	for range q.opts.InFlight {
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
			select {
			case <-q.work:
			case <-ctx.Done():
			}
		}
	}
}

// RunJob works off what is queued of one job and returns when nothing is left of it; do not
// combine it with Start. When ctx ends or the queue is closed, what was running is queued
// again and the error is CodeCancelled. Each task is reported to ended, from several
// goroutines, after its end has been stored.
func (q *Queue) RunJob(ctx context.Context, id inkpool.JobID, ended func(inkpool.Task)) error {
	if !q.begin() {
		return context.Cause(q.ctx)
	}
	defer q.workers.Done()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(q.ctx, stop)()

	group, ctx := errgroup.WithContext(ctx) // the first error stops the others
	for range q.opts.InFlight {
		group.Go(func() error {
			for {
				worked, err := q.runNext(ctx, id, ended)
				if err != nil || !worked {
					return err
				}
			}
		})
	}
	return group.Wait()
}

func (q *Queue) wakeWorkers() {
	select {
	case q.work <- struct{}{}:
	default:
	}
}
