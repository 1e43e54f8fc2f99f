package sqlite

import (
	"database/sql"
	"io/fs"
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
	MaxReaders    = maxReaders
	NextTask      = nextTask
	NextTaskOfJob = nextTaskOfJob
	LogOfTask     = logOfTask
)

// StoreError is how the package words an error of the driver.
func StoreError(op string, err error) error { return storeError(op, err) }
