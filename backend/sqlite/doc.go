// Package sqlite keeps the history in one SQLite file: it is the inkpool.Store of the
// program.
//
// A Store has one connection that writes and a few that read. A change is on the disk when
// its method returns (write-ahead log, synchronous=FULL): it survives a crash and a power
// cut. Readers never wait for the writer, nor the writer for them. Every change of a
// task's state writes a line into the task's log, in the same transaction.
//
// All methods are safe for concurrent use. A history belongs to one process that writes
// (OpenReadOnly is for the others); the caller sees to that with a lock of its own.
//
// The package never changes a file that is not an Inkpool history, never opens one that a
// newer version has written, and starts no goroutines.
package sqlite
