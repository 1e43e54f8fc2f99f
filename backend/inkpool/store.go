package inkpool

import (
	"context"
	"time"
)

// Store keeps jobs, tasks and results. Every method is safe for concurrent use, and every
// change is durable (it survives a power cut) when the method returns nil.
//
// Errors carry a Code: CodeNotFound for an id that is not there, CodeConflict when the
// state or the owner of a task does not allow the change, CodeDiskFull, CodePermission,
// CodeInternal.
type Store interface {
	// AddJob stores a job and its tasks in one transaction and returns it with its id.
	AddJob(ctx context.Context, job NewJob) (Job, error)
	// Job returns one job with its counts.
	Job(ctx context.Context, id JobID) (Job, error)
	// Jobs returns up to limit jobs, newest first, whose id is below before (0: from the newest).
	Jobs(ctx context.Context, before JobID, limit int) ([]Job, error)

	// Task returns one task.
	Task(ctx context.Context, id TaskID) (Task, error)
	// Tasks returns up to limit tasks of a job by index, from index from on.
	Tasks(ctx context.Context, job JobID, from, limit int) ([]Task, error)
	// Result returns what came out of a task; CodeNotFound where nothing has yet.
	Result(ctx context.Context, id TaskID) (Result, error)
	// Log returns a task's log, oldest first.
	Log(ctx context.Context, id TaskID) ([]LogEntry, error)

	// ClaimTask moves the next queued task that c asks for to running, counting the attempt.
	// Urgent jobs go first, then older ones, tasks by index. Those that are held, of a paused
	// job, or not due yet are left. ok is false when there is none.
	ClaimTask(ctx context.Context, c Claim) (task Task, ok bool, err error)
	// KeepProgress stores what a running task of owner has told: what it read, in place of an
	// earlier result, and sentences that are finished. The next claim of the task brings both,
	// sentences until the task is finished with nothing missing.
	KeepProgress(ctx context.Context, owner string, id TaskID, p Progress) error
	// FinishTask stores the result, in place of an earlier one, and moves a running task of
	// owner to done, in one transaction.
	FinishTask(ctx context.Context, owner string, id TaskID, r Result) error
	// FailTask moves a running task of owner to state, which must be StateFailed,
	// StateCancelled or StateQuarantined, and stores why.
	FailTask(ctx context.Context, owner string, id TaskID, state State, why *Error) error
	// RequeueTask returns a running task of owner to queued.
	RequeueTask(ctx context.Context, owner string, id TaskID, r Requeue) error
	// RecoverTasks returns every running task that owner does not own to queued, due at once,
	// as it makes all that wait for their time. With blame their process is taken to have
	// died of them: a crash is counted, and at MaxCrashes they become quarantined with
	// CodeEngineCrashed. Call it once at start, when no other process can own any.
	RecoverTasks(ctx context.Context, owner string, blame bool) (Recovered, error)

	// The following change all tasks of a scope in one transaction and return the jobs that
	// they touched, oldest first. A task or job that is named and not there is CodeNotFound.

	// Pause keeps the queued tasks of a scope from being started: it holds a task, pauses a
	// job, or pauses every job of which something is left.
	Pause(ctx context.Context, s Scope) ([]JobID, error)
	// Resume undoes Pause; that of a job also lets those of its tasks go that were held.
	Resume(ctx context.Context, s Scope) ([]JobID, error)
	// Cancel moves every queued task to cancelled, or to done where it has been read. Running
	// tasks are the caller's to stop.
	Cancel(ctx context.Context, s Scope) ([]JobID, error)
	// Retry returns tasks in the given states, which must be StateFailed, StateCancelled or
	// StateQuarantined, to queued with nothing held against them, and resumes their jobs.
	Retry(ctx context.Context, s Scope, states ...State) ([]JobID, error)
	// AddSteps gives a job further steps, returns those of its tasks that are done to queued,
	// and resumes it: the next claim brings what was read. While one of them is running it is
	// CodeConflict; steps that do not go with those that the job has are CodeInvalid.
	AddSteps(ctx context.Context, id JobID, more Steps) error
	// Remove deletes tasks with their results and logs, and jobs that are left without any.
	// The tasks after a removed one move up. While one of them is running it is CodeConflict.
	Remove(ctx context.Context, s Scope) ([]JobID, error)
}

// Claim says which task is wanted.
type Claim struct {
	Owner   string // instance id of the process that will run it
	Job     JobID  // 0: of any job
	Suspect bool   // only tasks over which the engine has died; else only others
	// Now is when tasks must be due that were told to wait; zero: by the store's clock, which
	// a person may set back.
	Now time.Time
}

// Recovered says what RecoverTasks found.
type Recovered struct{ Queued, Quarantined int }

// MaxCrashes is how often the engine may die while a task runs before that is set aside:
// once may be a neighbour's doing, or a bad moment; the second time the task ran alone.
const MaxCrashes = 2
