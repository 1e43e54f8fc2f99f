package inkpool

import "context"

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
	// Result returns what came out of a task; CodeNotFound unless it is done.
	Result(ctx context.Context, id TaskID) (Result, error)
	// Log returns a task's log, oldest first.
	Log(ctx context.Context, id TaskID) ([]LogEntry, error)

	// ClaimTask moves the first queued task (oldest job first, then by index, but recovered
	// ones last) of the given job, or of any job when job is 0, to running under owner, counting the attempt.
	// ok is false when nothing is queued.
	ClaimTask(ctx context.Context, owner string, job JobID) (task Task, ok bool, err error)
	// FinishTask stores the result and moves a running task of owner to done, in one transaction.
	FinishTask(ctx context.Context, owner string, id TaskID, r Result) error
	// FailTask moves a running task of owner to state, which must be StateFailed,
	// StateCancelled or StateQuarantined, and stores why.
	FailTask(ctx context.Context, owner string, id TaskID, state State, why *Error) error
	// ReleaseTask returns a running task of owner to queued, undoing nothing but the claim.
	ReleaseTask(ctx context.Context, owner string, id TaskID) error
	// CancelJob moves every queued task of a job to cancelled and returns them. Running
	// tasks are the caller's to stop.
	CancelJob(ctx context.Context, id JobID) ([]Task, error)
	// RecoverTasks returns every running task that owner does not own to queued, to be
	// claimed after all others, and reports how many. Those whose process has died for the
	// third time become quarantined with CodeEngineCrashed instead. Call it once at start,
	// when no other process can own any.
	RecoverTasks(ctx context.Context, owner string) (int, error)
}
