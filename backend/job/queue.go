package job

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Processor does the work of a task. Its errors become the task's; it must return soon
// after ctx has ended. While it works it may tell how far it has come, never twice at once,
// and not after it has returned. CodeEngineCrashed says that the engine died over it,
// CodeUnavailable that it may go well later. *engine.Engine is one.
type Processor interface {
	Process(ctx context.Context, task inkpool.Task, tell func(inkpool.Progress)) (inkpool.Result, error)
}

// Options say how a Queue works.
type Options struct {
	// Owner names this process in the Store: it tells its running tasks from those that a
	// dead process has left. No two processes may ever have the same.
	Owner string
	// InFlight is how many tasks the Processor reads at once; at least 1. As many again may be
	// translated and labelled beside them, so that a page need not wait for a long text.
	InFlight int
	// Timeout ends a task that takes longer, or, where one tells how far it has come, longer
	// since the last time. Default: 20 times the median of its kind, and at least 30 s.
	Timeout time.Duration
	// Blame holds the death of an earlier process against the tasks that it ran, which is
	// right when the engine works within the process.
	Blame bool
	// Patient keeps results and waits while the Store cannot take them, because its disk
	// is full, say. A window is patient; a command had better return the error.
	Patient bool
	// Pages counts the pages of files, which secrets may open: an answer for each path, or the
	// error of all. It must return soon after ctx has ended. Default: every file has one.
	Pages func(ctx context.Context, paths, secrets []string) ([]inkpool.PageCount, error)
	Log   *slog.Logger // default: nothing is logged
}

// Queue works off tasks.
type Queue struct {
	store     inkpool.Store
	processor Processor
	opts      Options
	feed      *feed
	deadlines *deadlines
	recovered inkpool.Recovered

	began   time.Time
	ctx     context.Context // of all work: ends with Close
	cancel  context.CancelFunc
	workers sync.WaitGroup

	// mu is held also while a task is claimed and while many are cancelled, so that every
	// task is either queued in the store or in running, never between the two.
	mu      sync.Mutex
	turned  chan struct{} // closed, and made anew, whenever there may be something to claim
	onHold  bool
	alone   *runningTask // must not have company; nil: none
	suspect time.Time    // since when one may be waiting for that; zero: none is
	running map[inkpool.TaskID]*runningTask
	waiting map[inkpool.TaskID]waitingTask // queued, but not due yet
	faults  map[inkpool.TaskID]int         // passing faults that a task has met so far
	secrets []string                       // see Unlock; grows only
}

// runningTask is a task at work, or its result on the way to the store. A task that has
// ended there may be claimed anew before the Queue forgets its first run.
type runningTask struct {
	ctx       context.Context
	id        inkpool.TaskID
	job       inkpool.JobID
	cancel    context.CancelCauseFunc
	cancelled bool          // by a person
	beyond    bool          // it has been read, and more is done with it
	ended     chan struct{} // closed when the store knows what became of it
}

// New makes a Queue on a Store that no other process works on, and returns what a process
// that died has left running to the queue. Nothing runs before Start or RunJob.
func New(ctx context.Context, store inkpool.Store, processor Processor, opts Options) (*Queue, error) {
	opts.InFlight = max(1, opts.InFlight)
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	recovered, err := store.RecoverTasks(ctx, opts.Owner, opts.Blame)
	if err != nil {
		return nil, err
	}
	if recovered != (inkpool.Recovered{}) {
		opts.Log.Info("an earlier run was cut short", "queued_again", recovered.Queued, "quarantined", recovered.Quarantined)
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	q := &Queue{
		store: store, processor: processor, opts: opts, feed: startFeed(ctx, store),
		deadlines: newDeadlines(opts.Timeout), recovered: recovered,
		began: time.Now(), ctx: own, cancel: cancel, turned: make(chan struct{}),
		running: map[inkpool.TaskID]*runningTask{}, waiting: map[inkpool.TaskID]waitingTask{},
		faults: map[inkpool.TaskID]int{},
	}
	if recovered.Queued > 0 {
		q.suspect = q.began // the engine may have died over some of them
	}
	return q, nil
}

// now is the time by a clock that nobody can set: the wall's at the start, and what has gone
// by since.
func (q *Queue) now() time.Time { return q.began.Add(time.Since(q.began)) }

// Recovered says what an earlier process that died had left.
func (q *Queue) Recovered() inkpool.Recovered { return q.recovered }

// Close stops the workers, those of RunJob too, returns what they were at to the queue,
// waits for them, and tells subscribers the last changes. Call it once.
func (q *Queue) Close() {
	q.mu.Lock()
	q.cancel() // from here on, begin counts nobody
	for _, w := range q.waiting {
		w.timer.Stop()
	}
	q.mu.Unlock()
	q.workers.Wait()
	q.feed.close()
}

// Subscribe calls tell with every batch of changes, from one goroutine, until cancel is
// called; a call that is under way then may still end. tell must not block.
func (q *Queue) Subscribe(tell func(Batch)) (cancel func()) { return q.feed.subscribe(tell) }

// Sequence is the number of the last batch. A list of jobs read after it holds at least
// all changes up to that batch.
func (q *Queue) Sequence() int64 { return q.feed.sequence() }

// urgentTasks is how many tasks a job has at most that goes before longer ones: what a
// person picks by hand and waits for. Two dozen pages take as many seconds.
const urgentTasks = 24

// Submit stores a job with a task for every page of every file that a request stands for;
// folders are walked. A file whose pages cannot be counted is one task, which carries the
// reason. When it returns, the job is durable. A request that asks for nothing, or for what
// cannot be done, is CodeInvalid. Its secrets are tried as by Unlock.
func (q *Queue) Submit(ctx context.Context, r inkpool.Request) (inkpool.Job, error) {
	if len(r.Paths) == 0 {
		return inkpool.Job{}, inkpool.Errorf(inkpool.CodeInvalid, "nothing was given to read")
	}
	if err := r.Reading.Check(); err != nil {
		return inkpool.Job{}, err
	}
	if err := r.Steps.Check(); err != nil {
		return inkpool.Job{}, err
	}
	q.Unlock(r.Secrets...)
	tasks, err := Walk(ctx, r.Paths)
	if err == nil {
		tasks, err = q.pagesOf(ctx, tasks, r.Pages)
	}
	if err != nil {
		return inkpool.Job{}, err
	}
	j, err := q.store.AddJob(ctx, inkpool.NewJob{
		Title: cmp.Or(r.Title, baseOf(absolute(r.Paths[0]))), Reading: r.Reading, Steps: r.Steps, Urgent: len(tasks) <= urgentTasks, Tasks: tasks,
	})
	if err != nil {
		return inkpool.Job{}, err
	}
	q.feed.changed(j.ID)
	q.turn()
	return j, nil
}

// Unlock has passwords tried on every locked document from now on. They are kept in memory
// only, as long as the Queue lives.
func (q *Queue) Unlock(secrets ...string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, s := range secrets {
		if s != "" && !slices.Contains(q.secrets, s) {
			q.secrets = append(q.secrets, s)
		}
	}
}

// Secrets are the passwords to try, for pictures of locked pages, say. The list only ever
// grows behind what is returned.
func (q *Queue) Secrets() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.secrets
}

// turn tells every idle worker that there may be something to claim.
func (q *Queue) turn() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.turnLocked()
}

func (q *Queue) turnLocked() {
	close(q.turned)
	q.turned = make(chan struct{})
}

// nextTurn returns a channel that is closed at the next turn. Get it before looking for
// something to do: what comes after that is not missed then.
func (q *Queue) nextTurn() chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.turned
}
