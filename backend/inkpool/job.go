package inkpool

import "time"

// JobID identifies a job in one history. It grows with time and is never reused.
type JobID int64

// TaskID identifies a task in one history. It grows with time and is never reused.
type TaskID int64

// State is where a task is in its life:
//
//	queued → running → done | failed | cancelled | quarantined
//
// A running task whose process or engine died goes back to queued, and so does one that met
// a passing fault of a disk.
type State string

// The states of a task.
const (
	StateQueued      State = "queued"      // waits for its turn; durable
	StateRunning     State = "running"     // owned by a live process
	StateDone        State = "done"        // its Result is stored
	StateFailed      State = "failed"      // its Error says why
	StateCancelled   State = "cancelled"   // a person stopped it
	StateQuarantined State = "quarantined" // the engine died twice over it; it is not tried again by itself
)

// States lists every state in the order of a task's life.
func States() []State {
	return []State{StateQueued, StateRunning, StateDone, StateFailed, StateCancelled, StateQuarantined}
}

// Ended reports whether a task in this state will not change by itself any more.
func (s State) Ended() bool { return s != StateQueued && s != StateRunning }

// Kind is what a file turned out to hold. It is known once its content has been looked at.
type Kind string

// The kinds of task.
const (
	KindUnknown Kind = ""
	KindImage   Kind = "image"
	KindText    Kind = "text"
)

// Job is what a person dropped, or named on the command line, at once.
type Job struct {
	ID        JobID
	Title     string // what a person recognises it by: the first name, without folders
	CreatedAt time.Time
	Reading   Reading
	Steps     Steps
	Urgent    bool // small and given by hand: goes before jobs that are not
	Paused    bool // nothing more of it is started until it is resumed
	Counts    Counts
}

// Scope chooses tasks: one, or all of a job, or, as zero value, all there are.
type Scope struct {
	Job  JobID
	Task TaskID // set: that task alone, whatever Job says
}

// Counts says how many tasks of a job are in each state.
type Counts struct {
	Queued, Running, Done, Failed, Cancelled, Quarantined int
}

// Of returns the number of tasks in state s.
func (c Counts) Of(s State) int {
	if p := c.slot(s); p != nil {
		return *p
	}
	return 0
}

// Add adds n to the number of tasks in state s; unknown states are ignored.
func (c *Counts) Add(s State, n int) {
	if p := c.slot(s); p != nil {
		*p += n
	}
}

// Total is the number of tasks in the job.
func (c Counts) Total() int {
	return c.Queued + c.Running + c.Done + c.Failed + c.Cancelled + c.Quarantined
}

// State derives the state of the whole job: running or queued while work is left, else
// failed when anything failed, cancelled when anything was stopped, else done.
func (c Counts) State() State {
	switch {
	case c.Running > 0:
		return StateRunning
	case c.Queued > 0:
		return StateQueued
	case c.Failed+c.Quarantined > 0:
		return StateFailed
	case c.Cancelled > 0:
		return StateCancelled
	default:
		return StateDone
	}
}

func (c *Counts) slot(s State) *int {
	switch s {
	case StateQueued:
		return &c.Queued
	case StateRunning:
		return &c.Running
	case StateDone:
		return &c.Done
	case StateFailed:
		return &c.Failed
	case StateCancelled:
		return &c.Cancelled
	case StateQuarantined:
		return &c.Quarantined
	}
	return nil
}

// Task is one page or one text of a job.
type Task struct {
	ID    TaskID
	Job   JobID
	Index int    // position within the job, from 0: the order of input
	Path  string // absolute path of the file; may hold any byte but NUL
	Name  string // what a person sees: the path relative to what was dropped, with '/'
	Page  int    // page within the file, from 1; 0: the whole file, whose pages nobody could count

	State   State
	Kind    Kind     // KindUnknown until the content has been read
	Attempt int      // how often the task has been started
	Crashes int      // how often the engine died while it ran; from 1 on it runs alone
	Held    bool     // paused by itself: not started until it is resumed
	Urgent  bool     // its job is
	Owner   string   // instance id of the process that runs it; empty unless running
	Reading Reading  // its job's
	Steps   Steps    // its job's
	Secrets []string // passwords to try on a locked document; never stored, nor logged
	Error   *Error   // set when failed, cancelled or quarantined

	// Of a claimed task: what an earlier run has left of it.
	Before   *Result    // what was read, where only steps are left to do
	Finished []Sentence // of a translation that was cut short
	Progress Progress   // of a running one, in memory only

	// Zero until it happened.
	CreatedAt, StartedAt, EndedAt time.Time
}

// NewJob describes a job that is about to be stored. Tasks need Path, Name and Page only;
// a task that already carries an Error is stored as failed.
type NewJob struct {
	Title   string
	Reading Reading
	Steps   Steps
	Urgent  bool
	Tasks   []Task
}

// Requeue says why a running task goes back to the queue, and when it may run again.
type Requeue struct {
	Why       *Error    // for the task's log; nil when it has done nothing wrong
	Crashed   bool      // the engine died while it ran: counted
	NotBefore time.Time // zero: at once
}

// LogEntry is one line of a task's log: a change of state and what went with it.
// It holds no text that was read from a page.
type LogEntry struct {
	Task    TaskID
	At      time.Time
	Attempt int
	What    string        // "queued", "running", "done", "failed", "requeued", "paused", …
	Detail  string        // error code and message, or stage timings
	Took    time.Duration // 0 where it does not apply
}
