// Package durable puts files on the disk so that a reader finds the old content or the new
// one, never half of it, also after a crash or a power cut. Everything here may be called by
// several goroutines and processes at once; of two that replace a file, one stays. The
// package keeps nothing, and returns the errors of the operating system as they are: whoever
// knows what the file is for finds the words.
package durable

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Replace gives the file at path a new content, the parts one after the other, which only its
// owner may read. They are written to a new file in the same folder, synced, and renamed; temp
// is that file's pattern (see os.CreateTemp). Nothing is left of it after an error; a killed
// process may leave it.
//
// The name lasts when the folder has been synced: see SyncFolder.
func Replace(path, temp string, parts ...[]byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), temp)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	for _, p := range parts {
		if _, err := f.Write(p); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// SyncFolder makes the names in a folder last. Windows has no such call and some file systems
// do not know it; there it does nothing.
func SyncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
