package sqlite

import (
	"context"
	"database/sql"
	"io/fs"
	"runtime"
)

// Pools gives tests the connections themselves.
func (s *Store) Pools() (writer, readers *sql.DB) { return s.writer, s.readers }

// Migrations are those of the program.
func Migrations() fs.FS { return embeddedMigrations() }

// WithMigrations makes a store of another version.
func WithMigrations(migrations fs.FS) Option {
	return func(o *options) { o.migrations = migrations }
}

const (
	MaxReaders       = maxReaders
	NextTask         = nextTask
	NextTaskOfJob    = nextTaskOfJob
	NextSuspect      = nextSuspect
	NextSuspectOfJob = nextSuspectOfJob
	WakeTasks        = wakeTasks
	LogOfTask        = logOfTask
)

// StoreError is how the package words an error of the driver.
func StoreError(path, op string, err error) error { return storeError(path, op, err) }

// Change and Tx are what a change of the history is made of.
type (
	Change = func(context.Context, Tx) error
	Tx     = *sql.Tx
)

// Write is the door through which every change goes.
func (s *Store) Write(ctx context.Context, c Change) error { return s.write(ctx, "test", c) }

// AwaitWaiting returns when n changes stand in line.
func (s *Store) AwaitWaiting(n int) {
	for s.waiting() < n {
		runtime.Gosched()
	}
}

func (s *Store) waiting() int {
	s.line.mu.Lock()
	defer s.line.mu.Unlock()
	return len(s.line.waiting)
}
