package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/inkpool/inkpool/backend/durable"
)

// keepCopy leaves a copy of the history beside it before its schema becomes that of
// version. One that is there already was complete when it got its name, and is kept.
func (s *Store) keepCopy(ctx context.Context, version int64) (err error) {
	name := fmt.Sprintf("%s.before-%04d", s.path, version)
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	partial := name + ".partial"
	if err := s.copyTo(ctx, partial); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	if err := os.Rename(partial, name); err != nil {
		return fileError(name, err)
	}
	folder := filepath.Dir(name)
	if err := durable.SyncFolder(folder); err != nil {
		return fileError(folder, err)
	}
	return nil
}

// copyTo writes what is committed to a new file that only its owner may read.
func (s *Store) copyTo(ctx context.Context, path string) error {
	// SQLite writes into a file that exists as long as it is empty, and so keeps its mode.
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return fileError(path, err)
	}
	if _, err := s.writer.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return fmt.Errorf("vacuum into copy: %w", err)
	}
	return syncFile(path) // which VACUUM INTO leaves to us
}

// syncFile makes what was written to a file survive a power cut.
func syncFile(path string) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fileError(path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Sync(); err != nil {
		return fileError(path, err)
	}
	return nil
}
