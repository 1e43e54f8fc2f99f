// Package config holds the settings of a program run and the folders that it uses. Settings
// are plain values; the package reads the environment once, in Default, and writes nothing.
package config

import (
	"context"
	"os"
	"path/filepath"
	"runtime"

	"github.com/adrg/xdg"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// Settings are what a person can choose.
type Settings struct {
	// Home is the folder of all state: history, logs, lock. Default: $INKPOOL_HOME, else
	// the system's place for data (XDG on Linux, Application Support on macOS,
	// %LOCALAPPDATA% on Windows).
	Home string
	// CacheDir holds what can be made again: the unpacked runtime library. It is the
	// system's cache folder whatever Home is, so that many homes share one copy.
	CacheDir string
	// Workers is the number of cores used at once. Default: the physical cores, because
	// hyper-threads add nothing to inference.
	Workers int
}

// MaxWorkers is a bound on Workers against slips of the keyboard.
const MaxWorkers = 1024

// Default returns the settings of somebody who has chosen nothing.
func Default(ctx context.Context) Settings {
	home := os.Getenv("INKPOOL_HOME")
	if home == "" {
		home = filepath.Join(xdg.DataHome, "inkpool") // %LOCALAPPDATA% on Windows
	}
	return Settings{
		Home:     home,
		CacheDir: filepath.Join(xdg.CacheHome, "inkpool"),
		Workers:  pool.Physical(ctx, runtime.GOMAXPROCS(0)),
	}
}

// Validate returns CodeInvalid with what is wrong, or the settings with absolute paths.
func (s Settings) Validate() (Settings, error) {
	if s.Workers < 1 || s.Workers > MaxWorkers {
		return s, inkpool.Errorf(inkpool.CodeInvalid, "the number of workers must be between 1 and %d, not %d", MaxWorkers, s.Workers)
	}
	for _, dir := range []*string{&s.Home, &s.CacheDir} {
		if *dir == "" { // filepath.Abs would take it for the folder the program is in
			return s, inkpool.Errorf(inkpool.CodeInvalid, "the folder of the history and that of the cache need a name")
		}
		abs, err := filepath.Abs(*dir)
		if err != nil {
			return s, inkpool.Errorf(inkpool.CodeInvalid, "%s is no folder", *dir).WithCause(err)
		}
		*dir = abs
	}
	return s, nil
}

// DatabasePath is the file of the history.
func (s Settings) DatabasePath() string { return filepath.Join(s.Home, "history.db") }

// LockPath is the file that the process which works on the history holds locked.
func (s Settings) LockPath() string { return filepath.Join(s.Home, "inkpool.lock") }

// LogPath is the program's log: ids and errors, never texts.
func (s Settings) LogPath() string { return filepath.Join(s.Home, "logs", "inkpool.log") }
