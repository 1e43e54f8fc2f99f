// Package engine turns tasks into results: it loads each model once for each device, shares
// the sessions among all pages, and runs the pipelines on the slots of the devices, within
// a budget of memory. What reads a page is the bundled pack of models, or the one that its
// job asks for.
//
// An Engine is safe for concurrent use; callers run as many tasks at once as InFlight says.
// It keeps no record of tasks and writes nothing but the unpacked runtime library, the
// optimised models and compiled PDFium. Files of several pages stay open for a few seconds
// after their last page. Its timers, which give memory back when there is no work, end with Close.
package engine

import (
	"context"
	"errors"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/heif"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Options say what to build an Engine of.
type Options struct {
	Bundle   *bundle.Bundle // nil: everything but pictures works, and those fail with NoBundle
	NoBundle error          // why there is none; default: CodeModelMissing
	Settings
}

// noBundle says why there is no Bundle.
func (o Options) noBundle() error {
	if o.NoBundle != nil {
		return o.NoBundle
	}
	return modelpack.NotBuiltIn()
}

// heifModule returns a decoder of pictures of phones.
func (o Options) heifModule(codec heif.Codec) ([]byte, error) {
	if o.Bundle == nil {
		return nil, o.noBundle()
	}
	return o.Bundle.ReadFile("heif/" + string(codec) + ".wasm.gz")
}

// Engine processes tasks.
type Engine struct {
	settings Settings
	packs    packs
	devices  *devices
	budget   *pool.Budget
	pixels   *raster.Pixels
	files    *files
	activity *activity
}

// New makes an Engine. Models are loaded when the first task, or Warm, needs them.
func New(opts Options) *Engine {
	e := &Engine{
		settings: opts.Settings,
		packs:    newPacks(opts),
		devices:  newDevices(opts),
		budget:   pool.NewBudget(opts.budget(context.Background())),
		pixels:   raster.NewPixels(),
	}
	e.files = newFiles(opts, e.pixels)
	e.activity = newActivity(
		chore{after: returnMemoryAfter, do: e.returnMemory},
		chore{after: opts.IdleAfter, do: e.dropModels},
	)
	return e
}

// InFlight is how many tasks to process at once to keep all slots busy.
func (e *Engine) InFlight() int { return e.devices.inFlight() }

// SetWorkers changes the number of slots of the CPU; n below 1 counts as 1. Work that has
// begun goes on.
func (e *Engine) SetWorkers(n int) { e.devices.setWorkers(n) }

// Warm loads the bundled models and runs each once, so that the first task does not pay for it.
func (e *Engine) Warm(ctx context.Context) error {
	e.activity.begin()
	defer e.activity.end()
	pack, err := e.packs.reader("")
	if err != nil {
		return err
	}
	return e.devices.warm(ctx, pack)
}

// Process reads the page of a task, unless it has been read before, and does what else is asked
// for. Errors carry a Code; ctx's end is reported as its error. What was read, and how far a
// long translation has come, is told on the way; tell may be nil.
func (e *Engine) Process(ctx context.Context, task inkpool.Task, tell func(inkpool.Progress)) (r inkpool.Result, err error) {
	defer inkpool.Recover(&err)
	e.activity.begin()
	defer e.activity.end()
	began := time.Now()
	if task.Before != nil {
		r = *task.Before
	} else if r, err = e.read(ctx, task); err != nil {
		return inkpool.Result{}, err
	}
	read := time.Since(began) // it stays with what was read, whatever becomes of the rest
	r.Timing.Total += read
	if err := e.more(ctx, task, &r, tell); err != nil {
		return inkpool.Result{}, err
	}
	r.Timing.Total += time.Since(began) - read
	return r, nil
}

// read reads the page of a task.
func (e *Engine) read(ctx context.Context, task inkpool.Task) (inkpool.Result, error) {
	f, at, err := e.openPage(ctx, task)
	if err != nil {
		return inkpool.Result{}, err
	}
	defer f.release()
	switch {
	case f.file.Kind() == inkpool.KindText:
		return readText(ctx, f, at)
	case task.Steps.NoReading:
		w, h, err := e.size(ctx, f, at)
		return inkpool.Result{Kind: inkpool.KindImage, WidthPx: w, HeightPx: h, Lines: []inkpool.Line{}}, err
	}
	return e.readPage(ctx, task, f, at)
}

// readText returns a part of a text as it is.
func readText(ctx context.Context, f *held, at int) (inkpool.Result, error) {
	text, err := f.file.Text(ctx, at)
	if err != nil {
		return inkpool.Result{}, err
	}
	return inkpool.Result{Kind: inkpool.KindText, Text: text.Plain}, nil
}

// readPage reads a page on the device that is least busy, and on another one when that device
// turns out not to work. It releases f.
func (e *Engine) readPage(ctx context.Context, task inkpool.Task, f *held, at int) (inkpool.Result, error) {
	for {
		d := e.devices.take()
		r, err := e.readOn(ctx, d, task, f, at)
		e.devices.giveBack(d)
		f.release()
		var fault *deviceFault
		if !errors.As(err, &fault) {
			return r, err
		}
		e.devices.leaveOut(d, fault)
		if f, at, err = e.openPage(ctx, task); err != nil { // again: see pageReading.decode
			return inkpool.Result{}, err
		}
	}
}

// dropModels gives back what is needed to read, until there is something to read again.
func (e *Engine) dropModels() {
	e.files.dropLibraries()
	e.devices.dropModels()
}

// Close frees the models and closes files. Tasks must have ended; they fail with
// CodeUnavailable from then on.
func (e *Engine) Close() error {
	e.activity.close()
	e.files.close()
	return e.devices.close()
}
