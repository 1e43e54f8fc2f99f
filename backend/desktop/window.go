package desktop

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/view"
)

// The events that the page hears.
const (
	eventChanges = "changes" // view.Changes
	eventDropped = "dropped" // view.Dropped
)

// Window ties an App to the page in the window.
type Window struct {
	settings config.Settings

	mu      sync.RWMutex
	ctx     context.Context // of the Wails runtime: nil until Startup
	app     *app.App        // nil until Startup, and when it could not be opened
	problem error           // why there is no app
	cancel  func()          // ends the subscription to changes
}

// NewWindow makes the window's side of an Inkpool with these settings.
func NewWindow(settings config.Settings) *Window { return &Window{settings: settings} }

// Startup opens the App and begins to work off what is queued. Wails calls it once, before
// the page can call anything. When the App cannot be opened, the page is told why.
func (w *Window) Startup(ctx context.Context) {
	a, err := app.Open(ctx, w.settings, app.Options{Patient: true})
	w.mu.Lock()
	w.ctx, w.app, w.problem = ctx, a, err
	w.mu.Unlock()
	if err != nil { // every call of the page gets it
		slog.Error("cannot start", "error", err)
		return
	}
	w.cancel = a.Queue.Subscribe(func(b job.Batch) { runtime.EventsEmit(ctx, eventChanges, changesOf(b)) })
	runtime.OnFileDrop(ctx, func(_, _ int, paths []string) { w.dropped(ctx, paths) })
	a.Queue.Start()
	if a.ModelProblem == nil {
		go w.warm(ctx, a) // so that the first picture does not wait for it; ends by itself
	}
}

func (w *Window) warm(ctx context.Context, a *app.App) {
	if err := a.Engine.Warm(ctx); err != nil {
		a.Log.Error("models cannot be loaded", "error", err) // the first picture will say so
	}
}

// Ready notes in the log how long a person waited for the window since began.
func (w *Window) Ready(began time.Time) {
	if a, _, err := w.opened(); err == nil {
		a.Log.Info("window is ready", "after", time.Since(began).Round(time.Millisecond))
	}
}

// Shutdown ends all work; what was running goes on at the next start.
func (w *Window) Shutdown(context.Context) {
	w.mu.Lock()
	a := w.app
	w.app, w.problem = nil, inkpool.Errorf(inkpool.CodeUnavailable, "Inkpool is closing")
	w.mu.Unlock()
	if a == nil {
		return
	}
	w.cancel()
	if err := a.Close(); err != nil {
		slog.Error("cannot close", "error", err) // its log is closed
	}
}

// opened returns the App, or why there is none.
func (w *Window) opened() (*app.App, context.Context, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.app == nil {
		if w.problem != nil {
			return nil, nil, w.problem
		}
		return nil, nil, inkpool.Errorf(inkpool.CodeUnavailable, "Inkpool is still starting")
	}
	return w.app, w.ctx, nil
}

// dropped adds what was dropped on the window and tells the page.
func (w *Window) dropped(ctx context.Context, paths []string) {
	j, err := w.add(repairPaths(paths))
	var told view.Dropped
	if err != nil {
		told.Error = view.OfError(inkpool.AsError(err))
	} else {
		shown := view.OfJob(j)
		told.Job = &shown
	}
	runtime.EventsEmit(ctx, eventDropped, told)
}

func (w *Window) add(paths []string) (inkpool.Job, error) {
	a, ctx, err := w.opened()
	if err != nil {
		return inkpool.Job{}, err
	}
	return a.Queue.Submit(ctx, paths)
}

// Second shows the window when the program is started again, and adds the files that were
// given to the second one.
func (w *Window) Second(args []string, dir string) {
	_, ctx, err := w.opened()
	if err != nil {
		return
	}
	runtime.WindowUnminimise(ctx)
	runtime.Show(ctx)
	var paths []string
	for _, a := range args {
		if !filepath.IsAbs(a) {
			a = filepath.Join(dir, a)
		}
		paths = append(paths, a)
	}
	if len(paths) > 0 {
		w.dropped(ctx, paths)
	}
}

// FormatError is Wails' ErrorFormatter: the page gets a view.Error, never a Go error text.
// It must be a string, because Wails' script makes a JavaScript Error of it: JSON, then.
func FormatError(err error) any {
	data, jsonErr := json.Marshal(view.OfError(inkpool.AsError(err)))
	if jsonErr != nil { // strings always marshal
		panic(fmt.Sprintf("desktop: internal error: %v", jsonErr))
	}
	return string(data)
}

// changesOf shows a batch of changes.
func changesOf(b job.Batch) view.Changes {
	c := view.Changes{Seq: b.Seq, Jobs: []view.Job{}, Tasks: []view.TaskChange{}}
	for _, j := range b.Jobs {
		c.Jobs = append(c.Jobs, view.OfJob(j))
	}
	for _, t := range b.Tasks {
		c.Tasks = append(c.Tasks, view.OfTaskChange(t))
	}
	return c
}
