// Package child runs an engine in a process of its own, so that what kills native code (a
// damaged file, a model truncated under it, the out-of-memory killer) kills neither the
// window nor the history.
//
// An Engine is the parent's side: it starts the child when it is first needed, hands it
// requests, and starts another when it has died. A Worker is what the child serves, which is
// an ordinary *engine.Engine with one copy of each model. Main is the whole of the child's
// program. The two talk in frames over the child's standard input and output, and each runs
// as many requests at once as it is given.
//
// The package never reads a file of a task, never loads the runtime library in the parent, and
// keeps no record of tasks: who counts crashes is the queue.
package child

import (
	"context"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Worker is what a child serves, and what an Engine is in its stead. All methods are safe
// for concurrent use. Errors carry a Code; the end of ctx is reported as its error.
type Worker interface {
	// Process does the work of a task. It calls tell, if there is one, from time to time with
	// how far it has come: never twice at once, and not after it has returned.
	Process(ctx context.Context, task inkpool.Task, tell func(inkpool.Progress)) (inkpool.Result, error)
	// Pages counts the pages of files, which secrets may open: an answer for each path.
	Pages(ctx context.Context, paths, secrets []string) ([]inkpool.PageCount, error)
	// Picture returns the page of a task as a JPEG of at most maxSide pixels a side.
	Picture(ctx context.Context, task inkpool.Task, rotation, maxSide int) ([]byte, error)
	// Warm loads the models.
	Warm(ctx context.Context) error
	// SetWorkers changes the number of slots while work goes on.
	SetWorkers(n int)
	// Usage says what is taken of the machine. It does not wait for work.
	Usage() inkpool.Usage
	// Close frees what the worker holds. Nothing may be under way.
	Close() error
}
