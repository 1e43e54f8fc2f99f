package export

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/inkpool/inkpool/backend/durable"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// maxCopies is the last number that ToFile tries in "name (2).ext".
const maxCopies = 10_000

// ToFile makes the file at path from what write writes, and returns the name that the file
// got. It comes into being complete or not at all: write fills a hidden file in the same
// folder, which is renamed when it is on the disk, and is gone when anything fails. Only a
// killed process can leave the hidden file, ".inkpool-*.tmp", behind.
//
// A file that is there already stays: the new one is called "name (2).ext", or the next
// number that is free, also when several do so at once. With overwrite the new file takes
// the old one's place; where path is a link, that of the file it leads to.
//
// Errors of write are returned as they are. Others carry a code: CodeNotFound for no such
// folder, CodePermission, CodeDiskFull, CodeInvalid for a name that cannot be, CodeConflict
// when something that is no file is in the way, CodeUnavailable for a disk that fails.
func ToFile(path string, overwrite bool, write func(io.Writer) error) (finalPath string, err error) {
	path = filepath.Clean(path)
	if overwrite {
		if path, err = replaceable(path); err != nil {
			return "", err
		}
	}
	temp, err := fill(path, write)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(temp) }() // gone already when it was renamed

	place := placeNew
	if overwrite {
		place = placeOver
	}
	finalPath, err = place(temp, path)
	if err != nil {
		return "", fileError(path, err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return "", fileError(path, err)
	}
	return finalPath, nil
}

// Probe reports early what ToFile would find out late: whether a file can be made at path.
// It leaves nothing behind; its errors are those of ToFile.
func Probe(path string, overwrite bool) error {
	path = filepath.Clean(path)
	if overwrite {
		var err error
		if path, err = replaceable(path); err != nil {
			return err
		}
	}
	temp, err := fill(path, func(io.Writer) error { return nil })
	if err != nil {
		return err
	}
	return os.Remove(temp)
}

// replaceable returns the path of the file that is to be replaced, or made.
func replaceable(path string) (string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	if err != nil {
		return "", fileError(path, err)
	}
	if !info.Mode().IsRegular() {
		return "", inkpool.Errorf(inkpool.CodeConflict, "%s is there and is not a file", path).
			WithHint("Choose another name.")
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", fileError(path, err)
	}
	return target, nil
}

// fill writes a hidden file beside path, down to the disk, and returns its name. Nothing is
// left of it after an error.
func fill(path string, write func(io.Writer) error) (string, error) {
	name := filepath.Join(filepath.Dir(path), ".inkpool-"+rand.Text()+".tmp")
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) // less the umask
	if err != nil {
		return "", fileError(path, err)
	}
	complete := false // stays false when write panics, too
	defer func() {
		if !complete {
			_ = f.Close()
			_ = os.Remove(name)
		}
	}()
	target := &remembering{w: f}
	if err := writeBuffered(target, write); err != nil {
		if target.err != nil {
			return "", fileError(path, target.err)
		}
		return "", err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return "", fileError(path, err)
	}
	complete = true
	return name, nil
}

func writeBuffered(w io.Writer, write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(w, 1<<16) // bytes; pages are a few kilobytes each
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

// remembering keeps the first error of w: it tells the errors of the file, which get a
// code here, from those of whoever writes, which have their own.
type remembering struct {
	w   io.Writer
	err error
}

func (r *remembering) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if err != nil && r.err == nil {
		r.err = err
	}
	return n, err
}

// placeOver gives temp the name path, whatever has it now.
func placeOver(temp, path string) (string, error) {
	if old, err := os.Stat(path); err == nil {
		if err := os.Chmod(temp, old.Mode().Perm()); err != nil {
			return "", err
		}
	}
	return path, os.Rename(temp, path)
}

// placeNew gives temp the first name that nobody has: path, "name (2).ext", …
func placeNew(temp, path string) (string, error) {
	for n := 1; n <= maxCopies; n++ {
		candidate := numbered(path, n)
		err := linkOrReserve(temp, candidate)
		if !errors.Is(err, fs.ErrExist) {
			return candidate, err
		}
	}
	return "", inkpool.Errorf(inkpool.CodeConflict, "there are %d files called %s already", maxCopies, filepath.Base(path)).
		WithHint("Choose another name or another folder.")
}

// linkOrReserve gives temp the name path unless somebody has it. Making a link is the one
// step that does both at once; file systems without links (FAT, some network ones) get an
// empty file first, which keeps the name for us.
func linkOrReserve(temp, path string) error {
	err := os.Link(temp, path)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return reserve(temp, path)
}

func reserve(temp, path string) error {
	reserved, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if err := errors.Join(reserved.Close(), os.Rename(temp, path)); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// numbered returns path for 1, and "name (n).ext" for n from 2 on.
func numbered(path string, n int) string {
	if n == 1 {
		return path
	}
	dir, name := filepath.Split(path)
	ext := filepath.Ext(name)
	if ext == name { // .profile has no extension
		ext = ""
	}
	return fmt.Sprintf("%s%s (%d)%s", dir, strings.TrimSuffix(name, ext), n, ext)
}

// syncDir makes the names in dir last. A folder to put things into, but not to look into, is
// left to the system.
func syncDir(dir string) error {
	err := durable.SyncFolder(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// fileError gives an error of the operating system about the file at path, or its folder,
// a code and words for people.
func fileError(path string, err error) error {
	var known *inkpool.Error
	if errors.As(err, &known) {
		return err
	}
	e := inkpool.Errorf(inkpool.CodeUnavailable, "%s cannot be written", path).
		WithHint("Check that the disk is connected and healthy, then try again.")
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e = inkpool.Errorf(inkpool.CodeDiskFull, "the disk is full, %s was not written", path).
			WithHint("Free some space, or choose a folder on another disk.")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e = inkpool.Errorf(inkpool.CodePermission, "%s may not be written", path).
			WithHint("Choose another folder.")
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		e = inkpool.Errorf(inkpool.CodeNotFound, "there is no folder for %s", path).
			WithHint("Make the folder first, or choose another one.")
	case errors.Is(err, syscall.EINVAL), errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.EISDIR):
		e = inkpool.Errorf(inkpool.CodeInvalid, "%q cannot be the name of a file", path).
			WithHint("Choose another name.")
	}
	return e.WithCause(err)
}
