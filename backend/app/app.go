// Package app is the composition root: Open builds the parts of the program, introduces
// them to each other and hands them out; Close undoes it in reverse. It decides nothing
// else. Doors (the window, the command line) get an App and keep no state of their own.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"gopkg.in/natefinch/lumberjack.v2"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// App is a running Inkpool that owns its history.
type App struct {
	Settings config.Settings
	Store    inkpool.Store
	Queue    *job.Queue
	Engine   Engine
	Log      *slog.Logger // the program's own: ids and errors, never texts
	// ModelProblem says why pictures cannot be read: CodeModelMissing when the program was
	// built without its models. It is nil when they can.
	ModelProblem error

	manners manners
	closers []func() error // in the order of opening
}

// Options say how the App is used.
type Options struct {
	// Resident is true for a window, which stays when the work is done: it waits for a full
	// disk to be cleared, and minds the battery. A command does what it was told, or fails.
	Resident bool
	// Temporary keeps everything in a new folder, instead of settings.Home, that Close
	// removes.
	Temporary bool
}

// Open builds an App on the history in settings.Home. Only one process at a time can: the
// next gets CodeUnavailable.
func Open(ctx context.Context, settings config.Settings, opts Options) (a *App, err error) {
	settings, err = settings.Validate()
	if err != nil {
		return nil, err
	}
	a = &App{Settings: settings}
	packs := settings.PacksPath() // also where everything else is temporary
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
			a = nil
		}
	}()
	if opts.Temporary {
		if err := a.moveToTemporaryHome(); err != nil {
			return a, err
		}
	}
	if err := a.lock(); err != nil {
		return a, err
	}
	if err := a.openLog(); err != nil {
		return a, err
	}
	store, err := sqlite.Open(ctx, a.Settings.DatabasePath())
	if err != nil {
		return a, err
	}
	a.Store = store
	a.closers = append(a.closers, store.Close)
	if _, err := bundle.Embedded(); err != nil {
		a.ModelProblem = err // texts can still be read, and the history looked at
	}
	a.Engine = newEngine(ctx, a.Settings, packs, a.Log)
	a.closers = append(a.closers, a.Engine.Close)
	a.Queue, err = job.New(ctx, a.Store, a.Engine, job.Options{
		Owner: owner(), InFlight: a.Engine.InFlight(), Timeout: time.Duration(settings.Timeout),
		Blame: settings.InProcess, Patient: opts.Resident, Pages: a.Engine.Pages, Log: a.Log,
	})
	if err != nil {
		return a, err
	}
	a.closers = append(a.closers, func() error { a.Queue.Close(); return nil })
	a.mindManners(ctx, opts.Resident)
	return a, nil
}

// Close ends all work, returns what was running to the queue, and closes the parts.
func (a *App) Close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}

// History opens the history for reading only, which any number of processes may do while
// another one works on it. CodeNotFound says that there is none yet. The caller closes it.
func History(ctx context.Context, settings config.Settings) (*sqlite.Store, error) {
	settings, err := settings.Validate()
	if err != nil {
		return nil, err
	}
	return sqlite.OpenReadOnly(ctx, settings.DatabasePath())
}

// owner is the name of a new App in the history. The number of the process helps people;
// it is not enough, because a container gives its program the same one at every start, and
// what a dead process has left would look like our own.
func owner() string { return fmt.Sprintf("process %d %s", os.Getpid(), rand.Text()) }

func (a *App) moveToTemporaryHome() error {
	home, err := os.MkdirTemp("", "inkpool-")
	if err != nil {
		return homeError(os.TempDir(), err)
	}
	a.Settings.Home = home
	a.closers = append(a.closers, func() error { return os.RemoveAll(home) })
	return nil
}

func (a *App) lock() error {
	if err := os.MkdirAll(a.Settings.Home, 0o700); err != nil {
		return homeError(a.Settings.Home, err)
	}
	l := flock.New(a.Settings.LockPath(), flock.SetPermissions(0o600))
	locked, err := l.TryLock()
	if err != nil {
		return homeError(a.Settings.Home, err)
	}
	if !locked {
		return inkpool.Errorf(inkpool.CodeUnavailable, "Inkpool is already at work on this history").
			WithHint("Close the other one first, or use another history with --home FOLDER or none with --no-history.")
	}
	a.closers = append(a.closers, l.Unlock)
	return nil
}

// The log is moved aside at some 50,000 lines; three of those before are kept.
const (
	maxLogMB   = 5
	oldLogs    = 3
	oldLogDays = 90
)

// openLog opens the program's log, which rotates while it is written.
func (a *App) openLog() error {
	path := a.Settings.LogPath()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return homeError(a.Settings.Home, err)
	}
	// The rotating writer opens its file with the first line, and says nothing when it
	// cannot: a folder that may not be written is to be known now.
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return homeError(a.Settings.Home, err)
	}
	log := &lumberjack.Logger{Filename: path, MaxSize: maxLogMB, MaxBackups: oldLogs, MaxAge: oldLogDays}
	a.closers = append(a.closers, log.Close)
	a.Log = slog.New(slog.NewTextHandler(log, nil))
	return nil
}

func homeError(home string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return inkpool.Errorf(inkpool.CodePermission, "Inkpool cannot write to %s", home).
			WithCause(err).WithHint("Make that folder writable, or choose another one with --home FOLDER.")
	case errors.Is(err, syscall.ENOSPC):
		return inkpool.Errorf(inkpool.CodeDiskFull, "there is no room left on the disk of %s", home).
			WithCause(err).WithHint("Free some space and try again.")
	default:
		return inkpool.Errorf(inkpool.CodeInvalid, "%s cannot be used as a folder", home).WithCause(err).
			WithHint("Choose another one with --home FOLDER.")
	}
}
