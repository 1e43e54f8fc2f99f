package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// standardInput stands for a text, or a picture, that is piped in.
const standardInput = "-"

// mostPiped is how much of standard input is taken, in bytes: far above any text or picture that
// is read.
const mostPiped = 1 << 30

// spool puts what is piped in into a file, where paths ask for it, and returns paths with that
// file in its place. remove deletes it; what a run that was stopped had left of it is gone then.
func (d *door) spool(f runFlags, paths []string) (with []string, remove func(), err error) {
	at := slices.Index(paths, standardInput)
	if at < 0 {
		return paths, func() {}, nil
	}
	if f.filesFrom == standardInput || f.reading.secrets.file == standardInput || slices.Contains(paths[at+1:], standardInput) {
		return nil, nil, usageError{errors.New("standard input can be read once only")}
	}
	dir, err := os.MkdirTemp("", "inkpool-")
	if err != nil {
		return nil, nil, spoolError(err)
	}
	remove = func() { _ = os.RemoveAll(dir) } // a temporary folder: the system sees to what stays
	file := filepath.Join(dir, "standard input")
	if err := d.spoolTo(file); err != nil {
		remove()
		return nil, nil, err
	}
	with = slices.Clone(paths)
	with[at] = file
	return with, remove, nil
}

func (d *door) spoolTo(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return spoolError(err)
	}
	n, err := io.Copy(f, io.LimitReader(d.stdin, mostPiped+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return spoolError(err)
	}
	if n > mostPiped {
		return inkpool.Errorf(inkpool.CodeTooLarge, "what is piped in is too large to be read")
	}
	return nil
}

func spoolError(err error) error {
	return inkpool.Errorf(inkpool.CodeUnavailable, "what is piped in cannot be kept while it is read").
		WithCause(err).WithHint("Check that there is room in the folder for temporary files.")
}

// namesAsGiven names tasks as a person typed their paths; what was piped in is "-".
func namesAsGiven(typed, read []string) func(inkpool.Task) string {
	name := namesAsTyped(typed)
	return func(t inkpool.Task) string {
		if at := slices.Index(read, t.Path); at >= 0 && typed[at] == standardInput {
			return standardInput
		}
		return name(t)
	}
}
