package desktop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
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
	eventPacks   = "packs"   // view.PackWork
)

// Window ties an App to the page in the window.
type Window struct {
	file    SettingsFile
	started chan struct{} // closed when Startup is through: until then every call waits

	saving sync.Mutex // held while the settings file is changed

	mu       sync.RWMutex
	args     []string        // what is to be added when the App is open
	settings config.Settings // those in the file; Reading and Steps are what hold, even if they could not be saved
	warnings []string        // of the settings file
	ctx      context.Context // of the Wails runtime
	app      *app.App        // nil when it could not be opened
	works    *works          // set with app
	problem  error           // why there is no app
	closing  bool
	undo     []func() // what Shutdown does before it closes the App
}

// SettingsFile is where the settings are kept: config.Load and config.Save with their place.
type SettingsFile struct {
	Load func() (config.Settings, []string, error)
	Save func(config.Settings) error
}

// NewWindow makes the window's side of an Inkpool with the settings in file, as they are now
// and when a person tries again after a problem. args are the files and folders that the
// program was started with.
func NewWindow(file SettingsFile, args []string) *Window {
	w := &Window{file: file, args: args, started: make(chan struct{})}
	w.settings, w.warnings, w.problem = file.Load()
	return w
}

// Home is the folder of all state.
func (w *Window) Home() string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.settings.Home
}

func (w *Window) workers() int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.settings.Workers
}

// Startup opens the App and begins to work off what is queued. Wails calls it once, on a
// goroutine of its own: the page may call before it is through, and waits. When the App
// cannot be opened, every call gets to know why.
func (w *Window) Startup(ctx context.Context) {
	defer close(w.started)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ctx = ctx
	runtime.OnFileDrop(ctx, func(_, _ int, paths []string) { w.dropped(ctx, paths) })
	w.open()
}

// open opens the App, with the lock held.
func (w *Window) open() {
	if w.problem == nil { // else it is the settings file's: nothing is done on defaults that nobody chose
		w.app, w.problem = app.Open(w.ctx, w.settings, app.Options{Resident: true})
	}
	if w.problem != nil {
		slog.Error("cannot start", "error", w.problem) // there is no log to write to
		return
	}
	ctx, a := w.ctx, w.app
	w.works = newWorks(ctx, func(v view.PackWork) { runtime.EventsEmit(ctx, eventPacks, v) })
	w.undo = append(w.undo, w.works.close)
	for _, warning := range w.warnings {
		a.Log.Warn(warning)
	}
	w.undo = append(w.undo, a.Queue.Subscribe(func(b job.Batch) { runtime.EventsEmit(ctx, eventChanges, changesOf(b)) }))
	a.Queue.Start()
	if a.ModelProblem == nil {
		w.warm(ctx, a)
	}
}

// reopen tries again to open the App, with the settings as they are now, and adds what could
// not be added before.
func (w *Window) reopen() error {
	<-w.started
	w.mu.Lock()
	if w.app == nil && !w.closing {
		w.settings, w.warnings, w.problem = w.file.Load()
		w.open()
	}
	ctx, problem := w.ctx, w.problem
	w.mu.Unlock()
	if problem == nil {
		w.addArgs(ctx)
	}
	return problem
}

// warm loads the models, so that the first picture does not wait for it. Its goroutine ends
// by itself, or is ended by Shutdown: an engine may not be closed while it loads.
func (w *Window) warm(ctx context.Context, a *app.App) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	w.undo = append(w.undo, func() { cancel(); <-ended })
	go func() {
		defer close(ended)
		if err := a.Engine.Warm(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("models cannot be loaded", "error", err) // the first picture will say so
		}
	}()
}

// Ready is called when the page has come up, also when it is loaded again: it notes how long
// a person has waited since began, and adds what the program was started with.
func (w *Window) Ready(began time.Time) {
	a, ctx, err := w.opened()
	if err != nil {
		return // the page shows it
	}
	a.Log.Info("window is ready", "after", time.Since(began).Round(time.Millisecond))
	w.addArgs(ctx)
}

// addArgs adds what the program was started with, once.
func (w *Window) addArgs(ctx context.Context) {
	w.mu.Lock()
	args := w.args
	w.args = nil
	w.mu.Unlock()
	if paths := pathsOf(args, ""); len(paths) > 0 {
		w.dropped(ctx, paths)
	}
}

// Shutdown ends all work; what was running goes on at the next start.
func (w *Window) Shutdown(context.Context) {
	<-w.started
	w.mu.Lock()
	a := w.app
	w.app, w.problem, w.closing = nil, inkpool.Errorf(inkpool.CodeUnavailable, "Inkpool is closing"), true
	w.mu.Unlock()
	if a == nil {
		return
	}
	for _, undo := range w.undo {
		undo()
	}
	if err := a.Close(); err != nil {
		slog.Error("cannot close", "error", err) // its log is closed
	}
}

// opened returns the App, or why there is none. It waits for Startup.
func (w *Window) opened() (*app.App, context.Context, error) {
	<-w.started
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.app == nil {
		return nil, nil, w.problem
	}
	return w.app, w.ctx, nil
}

// dropped adds what was dropped on the window and tells the page.
func (w *Window) dropped(ctx context.Context, paths []string) {
	var told view.Dropped
	job, err := w.add(repairPaths(paths))
	if told.Job = job; err != nil {
		told.Error = view.OfError(inkpool.AsError(err))
	}
	runtime.EventsEmit(ctx, eventDropped, told)
}

// add makes a job of paths, but for those that are packs of models: they are installed. The
// job is nil where nothing is left.
func (w *Window) add(paths []string) (*view.Job, error) {
	a, ctx, err := w.opened()
	if err != nil {
		return nil, err
	}
	packs, rest := app.GivenPacks(paths)
	var errs []error
	for _, source := range packs {
		errs = append(errs, w.addPack(source))
	}
	if len(packs) > 0 && len(rest) == 0 {
		return nil, errors.Join(errs...)
	}
	job, err := a.Queue.Submit(ctx, inkpool.Request{Paths: rest, Reading: w.reading(), Steps: w.steps()})
	if err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	shown := view.OfJob(job)
	return &shown, errors.Join(errs...)
}

// Second shows the window when the program is started again, and adds what the second one
// was started with, in its folder dir.
func (w *Window) Second(args []string, dir string) {
	<-w.started
	runtime.WindowUnminimise(w.ctx)
	runtime.Show(w.ctx)
	if paths := pathsOf(args, dir); len(paths) > 0 {
		w.dropped(w.ctx, paths)
	}
}

// pathsOf are the files among the arguments of a program that was started in dir. Where
// there are flags, they are the framework's, and so is everything else.
func pathsOf(args []string, dir string) []string {
	var paths []string
	for _, a := range args {
		if strings.HasPrefix(a, "-") {
			return nil
		}
		if !filepath.IsAbs(a) {
			a = filepath.Join(dir, a)
		}
		paths = append(paths, a)
	}
	return paths
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
	c := view.Changes{Seq: b.Seq, Jobs: []view.Job{}, Gone: []int64{}, Many: []int64{}, Tasks: []view.TaskChange{}}
	for _, j := range b.Jobs {
		c.Jobs = append(c.Jobs, view.OfJob(j))
	}
	for _, id := range b.Gone {
		c.Gone = append(c.Gone, int64(id))
	}
	for _, id := range b.Many {
		c.Many = append(c.Many, int64(id))
	}
	for _, t := range b.Tasks {
		c.Tasks = append(c.Tasks, view.OfTaskChange(t))
	}
	return c
}
