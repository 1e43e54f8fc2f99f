package app

import (
	"context"
	"log/slog"
	"runtime"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/engine/child"
	"github.com/inkpool/inkpool/backend/pool"
)

// Engine reads tasks: *child.Engine in a process of its own, *engine.Engine in this one.
type Engine interface {
	child.Worker
	// InFlight is how many tasks to process at once.
	InFlight() int
}

// newEngine makes the engine that settings ask for, with the packs in a folder. It starts
// nothing yet.
func newEngine(ctx context.Context, settings config.Settings, packs string, log *slog.Logger) Engine {
	s := engineSettings(ctx, settings)
	s.PacksDir = packs
	if settings.InProcess {
		return engineHere(ctx, s)
	}
	return child.New(child.Options{
		Settings: s, Background: settings.Background, Log: log,
	})
}

// engineSettings are what the engine gets of the settings.
func engineSettings(ctx context.Context, s config.Settings) engine.Settings {
	return engine.Settings{
		CacheDir: s.CacheDir,
		Workers:  slots(s.Workers),
		Shares: map[pool.Kind]int{
			pool.Reading: s.Shares.Read, pool.Translating: s.Shares.Translate, pool.Labelling: s.Shares.Label,
		},
		MemoryBudget: s.MemoryLimit(ctx),
		IdleAfter:    time.Duration(s.IdleAfter),
		Devices:      s.Devices,
		Library:      s.Library,
		Plain:        s.Plain,
		NoHEIF:       !s.HEIF,
	}
}

// slots is the number of slots for that many workers. More than CPUs make nothing faster,
// and each takes memory for its line.
func slots(workers int) int { return min(workers, runtime.GOMAXPROCS(0)) }

// IsEngine reports whether a program with these arguments (without its name) is the
// engine's process of another one.
func IsEngine(args []string) bool { return len(args) == 1 && args[0] == "engine" }

// ServeEngine is what the program does as the engine's process; it returns the exit code.
func ServeEngine() int {
	return child.Main(func(s engine.Settings) (child.Worker, error) {
		return engineHere(context.Background(), s), nil
	})
}

// engineHere makes an engine in this process.
func engineHere(ctx context.Context, s engine.Settings) *engine.Engine {
	s.LimitGarbage(ctx)
	files, err := bundle.Embedded()
	return engine.New(engine.Options{Bundle: files, NoBundle: err, Settings: s})
}
