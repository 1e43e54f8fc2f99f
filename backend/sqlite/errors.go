package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// fault gives an error the code and the words that a person reads; see storeError.
func (s *Store) fault(op string, err error) error { return storeError(s.path, op, err) }

// readFault is fault for what the readers say. When the disk failed under them they begin
// anew: the one that is used next has opened its files after that.
func (s *Store) readFault(op string, err error) error {
	if diskFailed(err) {
		s.readers.SetMaxIdleConns(0) // closes those that are idle, as this one is by now
		s.readers.SetMaxIdleConns(maxReaders)
	}
	return s.fault(op, err)
}

// storeError gives an error of the driver, about the history at path, the code and the
// words that a person reads. op says what was being done, for logs. Errors that carry a
// code already, and those of a context, keep it. Where the disk failed, the number that the
// system gave (syscall.EIO, …) is among the causes.
func storeError(path, op string, err error) error {
	if err == nil {
		return nil
	}
	var known *inkpool.Error
	var e sqlite3.Error
	switch {
	case errors.As(err, &known):
	case errors.As(err, &e):
		if e.SystemErrno != 0 {
			err = fmt.Errorf("%w: %w", err, e.SystemErrno)
		}
		err = driverError(path, e).WithCause(err)
	case errors.Is(err, sql.ErrTxDone):
		// We end each transaction once, so it was its context that ended it before.
		err = inkpool.Errorf(inkpool.CodeCancelled, "stopped before it was finished").WithCause(err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// driverError translates SQLite's result codes (https://sqlite.org/rescode.html).
func driverError(path string, e sqlite3.Error) *inkpool.Error {
	switch e.Code {
	case sqlite3.ErrFull:
		return diskFull()
	case sqlite3.ErrIoErr:
		return ioError(e)
	case sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrCantOpen, sqlite3.ErrAuth:
		return noPermission(e)
	case sqlite3.ErrCorrupt:
		return damaged(path)
	case sqlite3.ErrNotADB:
		return notDatabase(path)
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrProtocol:
		return inkpool.Errorf(inkpool.CodeUnavailable, "another program is using the history").
			WithHint("Close the other program and try again.")
	case sqlite3.ErrNomem:
		return inkpool.Errorf(inkpool.CodeOutOfMemory, "not enough memory to use the history").
			WithHint("Close other programs and try again.")
	case sqlite3.ErrTooBig:
		return inkpool.Errorf(inkpool.CodeTooLarge, "the text is too large for the history").
			WithHint("Split it into smaller files.")
	case sqlite3.ErrInterrupt:
		return inkpool.Errorf(inkpool.CodeCancelled, "stopped before it was finished")
	default:
		return inkpool.Errorf(inkpool.CodeInternal, "the history could not do what it was asked").
			WithHint("Try again; if it happens again, please report it with the log.")
	}
}

func damaged(path string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeInvalid, "the history at %s is damaged", path).
		WithHint("Move this file to another folder and start again with an empty history, or put back a copy that works.")
}

func notDatabase(path string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeInvalid, "%s is no database, so it cannot be the history", path).
		WithHint("It was left as it is. Move it away, or choose another place for the history.")
}

func ioError(e sqlite3.Error) *inkpool.Error {
	// Only a plain write reports a full disk as SQLITE_FULL; the shared-memory file and a
	// quota come as I/O errors.
	if e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT {
		return diskFull()
	}
	return inkpool.Errorf(inkpool.CodeUnavailable, "the disk could not read or write the history").
		WithHint("Check that the disk is connected and healthy, then try again.")
}

func noPermission(e sqlite3.Error) *inkpool.Error {
	if e.ExtendedCode == sqlite3.ErrReadonlyDbMoved {
		return inkpool.Errorf(inkpool.CodeUnavailable, "the file of the history was moved or deleted while it was in use").
			WithHint("Put it back and start Inkpool again.")
	}
	return inkpool.Errorf(inkpool.CodePermission, "the history cannot be opened or changed").
		WithHint("Check that you may write to its file and its folder, and that no other Inkpool owns it.")
}

func diskFull() *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeDiskFull, "the disk that holds the history is full").
		WithHint("Free some space, then try again. What was stored before is safe.")
}

// logInUse says why nothing can be changed after the disk has failed.
func logInUse() *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeUnavailable, "the disk failed, and the history is being read, so it takes no changes now").
		WithHint("Try again in a moment. If that does not help, close other programs that use the history.")
}

// cutOff says that a file died while it was made, which only a writer can put in order.
func cutOff(path string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeUnavailable, "the history at %s was cut off while it was made", path).
		WithHint("Start Inkpool once to put it in order, then try again.")
}

// fileError gives an error of the operating system about the file at path a code.
func fileError(path string, err error) error {
	e := inkpool.Errorf(inkpool.CodeUnavailable, "%s cannot be used for the history", path)
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e = diskFull()
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e = inkpool.Errorf(inkpool.CodePermission, "%s may not be written", path).
			WithHint("Change the rights of the folder, or choose another folder for Inkpool's data.")
	case errors.Is(err, fs.ErrNotExist):
		e = noHistory(path)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EINVAL):
		e = inkpool.Errorf(inkpool.CodeInvalid, "%s is no place for a file", path).
			WithHint("Choose another folder for Inkpool's data.")
	}
	return e.WithCause(err)
}

func noHistory(path string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeNotFound, "there is no history at %s yet", path)
}

func noJob(id inkpool.JobID) error {
	return inkpool.Errorf(inkpool.CodeNotFound, "there is no job %d", id)
}

func noTask(id inkpool.TaskID) error {
	return inkpool.Errorf(inkpool.CodeNotFound, "there is no task %d", id)
}
