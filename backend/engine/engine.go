// Package engine turns tasks into results: it loads each model once for each device, shares
// the sessions among all pages, and runs the pipelines on the slots of the devices, within
// a budget of memory.
//
// An Engine is safe for concurrent use; callers run as many tasks at once as InFlight says.
// It keeps no record of tasks and writes nothing but the unpacked runtime library and the
// optimised models. Its timers, which give memory back when there is no work, end with Close.
package engine

import (
	"context"
	"errors"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Options say what to build an Engine of.
type Options struct {
	Bundle   *bundle.Bundle // nil: everything but pictures works, and those fail with NoBundle
	NoBundle error          // why there is none; default: CodeModelMissing
	Settings
}

// Engine processes tasks.
type Engine struct {
	settings Settings
	devices  *devices
	budget   *pool.Budget
	pixels   *raster.Pixels
	activity *activity
}

// New makes an Engine. Models are loaded when the first task, or Warm, needs them.
func New(opts Options) *Engine {
	e := &Engine{
		settings: opts.Settings,
		devices:  newDevices(opts),
		budget:   pool.NewBudget(opts.budget(context.Background())),
		pixels:   raster.NewPixels(),
	}
	e.activity = newActivity(
		chore{after: returnMemoryAfter, do: e.returnMemory},
		chore{after: opts.IdleAfter, do: e.devices.dropModels},
	)
	return e
}

// InFlight is how many tasks to process at once to keep all slots busy.
func (e *Engine) InFlight() int { return e.devices.inFlight() }

// SetWorkers changes the number of slots of the CPU; n below 1 counts as 1. Work that has
// begun goes on.
func (e *Engine) SetWorkers(n int) { e.devices.setWorkers(n) }

// Warm loads the models and runs each once, so that the first task does not pay for it.
func (e *Engine) Warm(ctx context.Context) error {
	e.activity.begin()
	defer e.activity.end()
	return e.devices.warm(ctx)
}

// Process reads the file of a task. Errors carry a Code; ctx's end is reported as its error.
func (e *Engine) Process(ctx context.Context, task inkpool.Task) (r inkpool.Result, err error) {
	defer inkpool.Recover(&err)
	e.activity.begin()
	defer e.activity.end()
	began := time.Now()
	data, kind, err := e.load(task)
	if err != nil {
		return inkpool.Result{}, err
	}
	if kind == inkpool.KindText {
		r, err = e.readText(data)
	} else {
		r, err = e.readImage(ctx, task, data) // says what is wrong with files that are neither
	}
	r.Timing.Total = time.Since(began)
	return r, err
}

// load reads the file of a task and says what it looks like.
func (e *Engine) load(task inkpool.Task) ([]byte, inkpool.Kind, error) {
	if task.Page != 1 {
		return nil, inkpool.KindUnknown, inkpool.Errorf(inkpool.CodeNotFound, "this file has no page %d", task.Page)
	}
	data, err := document.Load(task.Path, e.settings.Limits)
	if err != nil {
		return nil, inkpool.KindUnknown, err
	}
	return data, document.Sniff(data[:min(len(data), document.SniffLen)]).Kind(), nil
}

func (e *Engine) readText(data []byte) (inkpool.Result, error) {
	text, err := document.DecodeText(data, e.settings.Limits)
	if err != nil {
		return inkpool.Result{}, err
	}
	return inkpool.Result{Kind: inkpool.KindText, Text: text}, nil
}

// readImage reads a picture on the device that is least busy, and on another one when that
// device turns out not to work.
func (e *Engine) readImage(ctx context.Context, task inkpool.Task, data []byte) (inkpool.Result, error) {
	for {
		d := e.devices.take()
		r, err := e.readOn(ctx, d, pool.Request{Kind: pool.Reading, Urgent: task.Urgent}, data)
		e.devices.giveBack(d)
		var fault *deviceFault
		if !errors.As(err, &fault) {
			return r, err
		}
		e.devices.leaveOut(d, fault)
		if data, _, err = e.load(task); err != nil { // again: data is not kept while a page is read
			return inkpool.Result{}, err
		}
	}
}

// readOn reads a picture on one device. Errors that are that device's are deviceFaults.
func (e *Engine) readOn(ctx context.Context, d *device, request pool.Request, data []byte) (inkpool.Result, error) {
	page := d.slots.Page(request)
	var timing inkpool.Timing
	reserved, err := e.admit(ctx, page, data, &timing)
	if err != nil {
		return inkpool.Result{}, err
	}
	defer reserved.Release()
	im, err := e.decode(ctx, page, data, &timing)
	if err != nil {
		return inkpool.Result{}, err
	}
	defer e.pixels.Recycle(im)
	reserved.Shrink(readingBytes(im.Width, im.Height, d.slots.N()))

	lines, effort, err := d.read(ctx, page, im)
	if err != nil {
		return inkpool.Result{}, err
	}
	timing.Wait += effort.Wait
	timing.Detect, timing.Lines = effort.Detect, effort.Lines
	timing.Infer = timing.Decode + timing.Detect + timing.Lines
	return inkpool.Result{
		Kind: inkpool.KindImage, WidthPx: im.Width, HeightPx: im.Height,
		Text: inkpool.JoinLines(lines), Lines: lines, Timing: timing,
	}, nil
}

// decode turns a file into upright pixels while holding a slot.
func (e *Engine) decode(ctx context.Context, page *pool.Page, data []byte, timing *inkpool.Timing) (im *raster.Image, err error) {
	asked := time.Now()
	err = page.Do(ctx, pool.Decode, func() (err error) {
		began := time.Now()
		timing.Wait += began.Sub(asked)
		im, err = document.DecodeImageInto(e.pixels, data, e.settings.Limits)
		timing.Decode = time.Since(began)
		return err
	})
	return im, err
}

// Close frees the models. Tasks must have ended; pictures fail with CodeUnavailable from
// then on.
func (e *Engine) Close() error {
	e.activity.close()
	return e.devices.close()
}
