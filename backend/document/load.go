package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Load reads a regular file, or one that a symbolic link leads to, of at most lim.MaxBytes.
// It never waits: pipes, sockets and devices are refused, even if they take the file's place
// while Load looks at it. A file that grows meanwhile is cut off at the limit with an error.
func Load(path string, lim Limits) ([]byte, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read: closing cannot lose anything
	return readLimited(f, size, lim.withDefaults().MaxBytes)
}

// openRegular opens a regular file for reading and returns its size in bytes.
func openRegular(path string) (*os.File, int64, error) {
	before, err := os.Stat(path)
	if err != nil {
		return nil, 0, fileError(err)
	}
	if err := checkRegular(before); err != nil {
		return nil, 0, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, 0, fileError(err)
	}
	info, err := f.Stat()
	if err != nil {
		err = fileError(err)
	} else {
		err = checkRegular(info)
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// readLimited reads everything, expecting size bytes, and refuses more than most.
func readLimited(r io.Reader, size, most int64) ([]byte, error) {
	if size > most {
		return nil, tooManyBytes(size, most)
	}
	var buf bytes.Buffer
	buf.Grow(int(size) + bytes.MinRead) // room to see the end without growing
	n, err := buf.ReadFrom(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fileError(err)
	}
	if n > most {
		return nil, tooManyBytes(n, most)
	}
	return buf.Bytes(), nil
}

func tooManyBytes(n, most int64) error {
	return inkpool.Errorf(inkpool.CodeTooLarge, "this file is too large: %s; the limit is %s", inBytes(n), inBytes(most)).
		WithHint("Save it in a smaller size, or split it, and try again.")
}

// inBytes writes a size for people.
func inBytes(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	default:
		return strconv.FormatInt(n, 10) + " bytes"
	}
}

func checkRegular(info fs.FileInfo) error {
	switch {
	case info.Mode().IsRegular():
		return nil
	case info.IsDir():
		return inkpool.Errorf(inkpool.CodeInvalid, "this is a folder, not a file").
			WithHint("Add the files in it.")
	default:
		return inkpool.Errorf(inkpool.CodeInvalid, "this is not an ordinary file but a pipe, socket or device").
			WithHint("Copy its content into a file and add that.")
	}
}

// fileError gives errors of the operating system a code and words for people.
func fileError(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return inkpool.Errorf(inkpool.CodeNotFound, "this file does not exist").
			WithHint("It may have been moved, renamed or deleted.").WithCause(err)
	case errors.Is(err, fs.ErrPermission):
		return inkpool.Errorf(inkpool.CodePermission, "this file may not be read").
			WithHint("Change its permissions, or copy it to a folder of your own.").WithCause(err)
	case isBadPath(err):
		return inkpool.Errorf(inkpool.CodeInvalid, "this name leads to no file").
			WithHint("If it is a link, it may lead in a circle: add the file itself.").WithCause(err)
	default:
		return inkpool.Errorf(inkpool.CodeUnavailable, "this file could not be read").
			WithHint("Check the disk or the network it is on, and try again.").WithCause(err)
	}
}
