// Package job is the queue: it turns dropped paths into durable jobs, works off their tasks
// through a Processor, and tells the doors what changed.
//
// A Queue owns its history: no other process may run tasks of the same Store meanwhile.
// All methods are safe for concurrent use. The package starts two kinds of goroutines: the
// one that tells batches of changes (New), and the workers (Start, RunJob). Close ends and
// waits for both; the context of RunJob ends its own workers.
//
// It never reads a file's content (the engine counts the pages) and never looks into a result.
package job
