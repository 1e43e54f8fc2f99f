// Package sqlite keeps the history in one SQLite file: it is the inkpool.Store of the
// program.
//
// A Store has one connection that writes and a few that read. A change is on the disk when
// its method returns (write-ahead log, synchronous=FULL): it survives a crash and a power
// cut. Changes that are made at once share one commit, each of which succeeds or fails by
// itself. Readers never wait for the writer, nor the writer for them. Every change of a
// task's state writes a line into the task's log, in the same transaction.
//
// When the disk fails, what was not committed is reported as failed, and the next use opens
// its files again; changes are refused while somebody still reads from the old log. A change
// that was reported as failed may in rare cases be there all the same when the program
// starts anew (its last sync failed and yet it was written); one that was reported as done
// always is.
//
// All methods are safe for concurrent use. A history belongs to one process that writes
// (OpenReadOnly is for the others); the caller sees to that with a lock of its own.
//
// The package never changes a file that is not an Inkpool history, never opens one that a
// newer version has written, keeps a copy of one that it migrates, and starts no goroutines.
package sqlite
