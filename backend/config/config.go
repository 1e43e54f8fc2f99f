// Package config holds the settings of a program run and the folders that it uses.
//
// Settings are plain values. What nobody chose has its default;
// the settings file goes over the defaults, the environment over the file, and flags over
// all of them:
//
//	settings, warnings, err := config.Load(ctx, config.Path(home)) // the first three
//	settings = settings.With(flagged, "workers", "timeout")        // the flags that were given
//	settings, err = settings.Validate()
//
// A person writes sizes as Bytes ("2GiB", "25%") and times as Duration ("60s"); both are
// values of flags, too. Functions may be called from several goroutines; two that save at
// the same moment leave one of the two files, complete. The package starts no goroutine,
// writes nothing but the settings file, and never overwrites one that it cannot read.
package config

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/adrg/xdg"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// Settings are what a person can choose. The zero value of everything but Home, CacheDir
// and Workers is valid; the defaults below are those of Default.
type Settings struct {
	// Home is the folder of all state: history, logs, lock. Default: $INKPOOL_HOME, else
	// the system's place for data (XDG on Linux, Application Support on macOS,
	// %LOCALAPPDATA% on Windows).
	Home string `json:"home"`
	// CacheDir holds what can be made again: the unpacked runtime library and rewritten
	// models. It is the system's cache folder whatever Home is, so that many homes share
	// one copy.
	CacheDir string `json:"cache_dir"`
	// Workers is the number of cores used at once, 1..MaxWorkers. Default: the physical
	// cores, because hyper-threads add nothing to inference.
	Workers int `json:"workers"`
	// MemoryBudget is what the pages in work may take together; MemoryLimit resolves it.
	// Default: 0, a quarter of the machine's memory, because a reader in the background
	// must leave room for the programs in front.
	MemoryBudget Bytes `json:"memory_budget"`
	// Shares say how the time of the cores is divided while several kinds of work wait.
	// Default: evenly, so that a page that was dropped into a long translation is read at half
	// speed, and not after it.
	Shares Shares `json:"shares"`
	// Timeout is how long one page or text may take. Default: 0, automatic, because what
	// is long depends on the machine: 30 s, or 20 times the median of the task's kind
	// where that is more.
	Timeout Duration `json:"timeout"`
	// IdleAfter is how long models stay in memory with nothing to do; 0 is forever.
	// Default: 5 minutes, longer than somebody takes between two pages, and loading them
	// again takes less than a second.
	IdleAfter Duration `json:"idle_after"`
	// InProcess runs the engine in the program's own process. Default: false, because a
	// crash in native code would take the window and what it shows with it.
	InProcess bool `json:"in_process"`
	// Background runs the engine at low priority. Default: true, because the window is one
	// of several programs that a person uses; a door that somebody waits at sets false.
	Background bool `json:"background"`
	// KeepAwake keeps the machine from sleeping while there is work, and only then.
	// Default: true, because a queue that is left alone at night is to be done by morning.
	KeepAwake bool `json:"keep_awake"`
	// BatteryPausePercent, 0..100, pauses the queue on battery below this charge; 0 is
	// never. Default: 20, where systems begin to warn.
	BatteryPausePercent int `json:"battery_pause_percent"`
	// BatteryWorkers is the number of cores used on battery; 0 is as many as on mains, and
	// HalfOfWorkers follows Workers. WorkersOnBattery resolves it. Default: HalfOfWorkers,
	// because a laptop that is carried about has other work to save its charge for.
	BatteryWorkers int `json:"battery_workers"`
	// Devices run the models, each with its own copy of them: cpu, webgpu, directml,
	// directml:N, coreml, cuda, cuda:N, with N the number of the adapter from 0. Default:
	// cpu, the only one that is there everywhere and whose texts the others are held to.
	// A name may come twice, for two copies on one device.
	Devices []string `json:"devices"`
	// Library is another build of the runtime library than the bundled one, which has no
	// cuda. Default: none.
	Library string `json:"library"`
	// Plain runs the models as they are, not rewritten. Default: false, because rewritten
	// ones give the same texts for less.
	Plain bool `json:"plain"`
	// HEIF reads HEIC and AVIF pictures. Default: true, because phones take them and old
	// decoders are caged (docs/decisions/0009-heic-avif.md says what speaks against it).
	HEIF bool `json:"heif"`
	// Reading is how pages are read unless a job says otherwise. Default: what suits most.
	Reading inkpool.Reading `json:"reading"`
	// Steps is what the window does with what is added, beyond reading it. Default: nothing,
	// because models that translate and label are installed by those who want them.
	Steps inkpool.Steps `json:"steps"`
}

// Shares are what each kind of work gets of the cores' time in proportion, up to MaxShare, while
// others wait too; what nobody else wants is everybody's. One that is 0 counts as 1.
type Shares struct {
	Read      int `json:"read,omitempty"`
	Translate int `json:"translate,omitempty"`
	Label     int `json:"label,omitempty"`
}

// MaxShare is a bound on Shares against slips of the keyboard.
const MaxShare = 1000

const (
	// MaxWorkers is a bound on Workers against slips of the keyboard.
	MaxWorkers = 1024
	// HalfOfWorkers as BatteryWorkers is half of Workers, at least 1.
	HalfOfWorkers = -1
)

// homeVariable names the folder of all state in the environment.
const homeVariable = "INKPOOL_HOME"

// Default returns the settings of somebody who has chosen nothing. It reads the environment.
func Default(ctx context.Context) Settings {
	home := os.Getenv(homeVariable)
	if home == "" {
		home = filepath.Join(xdg.DataHome, "inkpool") // %LOCALAPPDATA% on Windows
	}
	return Settings{
		Home:                home,
		CacheDir:            filepath.Join(xdg.CacheHome, "inkpool"),
		Workers:             pool.Physical(ctx, runtime.GOMAXPROCS(0)),
		IdleAfter:           Duration(5 * time.Minute),
		Background:          true,
		KeepAwake:           true,
		BatteryPausePercent: 20,
		BatteryWorkers:      HalfOfWorkers,
		Devices:             []string{"cpu"},
		HEIF:                true,
	}
}

// Path is where the settings file of a run lies. home is the folder that a flag names for
// all state, "" without one: then it is $INKPOOL_HOME's, else the system's place for
// configuration.
func Path(home string) string {
	if home == "" {
		home = os.Getenv(homeVariable)
	}
	if home == "" {
		home = filepath.Join(xdg.ConfigHome, "inkpool")
	}
	return filepath.Join(home, "config.json")
}

// WorkersOnBattery is the number of cores to use on battery, 1..Workers for valid settings.
func (s Settings) WorkersOnBattery() int {
	switch {
	case s.BatteryWorkers == 0:
		return s.Workers
	case s.BatteryWorkers == HalfOfWorkers:
		return max(s.Workers/2, 1)
	default:
		return min(s.BatteryWorkers, s.Workers)
	}
}

// DatabasePath is the file of the history.
func (s Settings) DatabasePath() string { return filepath.Join(s.Home, "history.db") }

// LockPath is the file that the process which works on the history holds locked.
func (s Settings) LockPath() string { return filepath.Join(s.Home, "inkpool.lock") }

// PacksPath is the folder of installed model packs, packs/<id>/<version>/.
func (s Settings) PacksPath() string { return filepath.Join(s.Home, "packs") }

// LogPath is the program's log: ids and errors, never texts.
func (s Settings) LogPath() string { return filepath.Join(s.Home, "logs", "inkpool.log") }
