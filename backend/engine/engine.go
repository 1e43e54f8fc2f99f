// Package engine turns tasks into results: it loads each model once, shares the sessions
// among all pages, and runs the pipelines on the slots of the machine.
//
// An Engine is safe for concurrent use; callers run as many tasks at once as InFlight says.
// It keeps no record of tasks and writes nothing but the unpacked runtime library.
package engine

import (
	"context"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Options say what to build an Engine of. Zero values of the rest are defaults.
type Options struct {
	Bundle   *bundle.Bundle // nil: everything but pictures works, and those fail with NoBundle
	NoBundle error          // why there is none; default: CodeModelMissing
	CacheDir string         // where the runtime library is unpacked
	Workers  int            // slots; at least 1
	Limits   document.Limits
}

// Engine processes tasks.
type Engine struct {
	slots  *pool.Slots
	limits document.Limits
	reader shared[*reader]
}

// New makes an Engine. Models are loaded when the first task, or Warm, needs them.
func New(opts Options) *Engine {
	slots := pool.New(opts.Workers)
	return &Engine{
		slots:  slots,
		limits: opts.Limits,
		reader: shared[*reader]{load: func(ctx context.Context) (*reader, error) {
			return loadReader(ctx, opts, slots)
		}},
	}
}

// Workers is the number of slots.
func (e *Engine) Workers() int { return e.slots.N() }

// InFlight is how many tasks to process at once to keep all slots busy: one page decodes
// and detects while the lines of others are read. Each costs a decoded picture in memory.
func (e *Engine) InFlight() int { return min(e.slots.N(), 2+e.slots.N()/8) }

// detections is how many detections may run at once with n slots. A detection is about a
// fifth of a page's work (210 of 979 ms measured) and takes 125 to 150 MB: one feeds the
// lines of five slots.
func detections(n int) int { return max(1, n/5) }

// Warm loads the models and runs each once, so that the first task does not pay for it.
func (e *Engine) Warm(ctx context.Context) error {
	_, err := e.reader.get(ctx)
	return err
}

// Process reads the file of a task. Errors carry a Code; ctx's end is reported as its error.
func (e *Engine) Process(ctx context.Context, task inkpool.Task) (r inkpool.Result, err error) {
	defer inkpool.Recover(&err)
	began := time.Now()
	data, kind, err := e.load(task)
	if err != nil {
		return inkpool.Result{}, err
	}
	if kind == inkpool.KindText {
		r, err = e.readText(data)
	} else {
		r, err = e.readImage(ctx, data) // says what is wrong with files that are neither
	}
	r.Timing.Total = time.Since(began)
	return r, err
}

// load reads the file of a task and says what it looks like.
func (e *Engine) load(task inkpool.Task) ([]byte, inkpool.Kind, error) {
	if task.Page != 1 {
		return nil, inkpool.KindUnknown, inkpool.Errorf(inkpool.CodeNotFound, "this file has no page %d", task.Page)
	}
	data, err := document.Load(task.Path, e.limits)
	if err != nil {
		return nil, inkpool.KindUnknown, err
	}
	return data, document.Sniff(data[:min(len(data), document.SniffLen)]).Kind(), nil
}

func (e *Engine) readText(data []byte) (inkpool.Result, error) {
	text, err := document.DecodeText(data, e.limits)
	if err != nil {
		return inkpool.Result{}, err
	}
	return inkpool.Result{Kind: inkpool.KindText, Text: text}, nil
}

func (e *Engine) readImage(ctx context.Context, data []byte) (inkpool.Result, error) {
	page := e.slots.Page()
	im, took, err := e.decode(ctx, page, data)
	if err != nil {
		return inkpool.Result{}, err
	}
	reader, err := e.reader.get(ctx)
	if err != nil {
		return inkpool.Result{}, err
	}
	lines, effort, err := reader.pipeline.Read(ctx, page, im)
	if err != nil {
		return inkpool.Result{}, err
	}
	return inkpool.Result{
		Kind: inkpool.KindImage, WidthPx: im.Width, HeightPx: im.Height,
		Text: inkpool.JoinLines(lines), Lines: lines,
		Timing: inkpool.Timing{Wait: took.Wait + effort.Wait, Infer: took.Work + effort.Work},
	}, nil
}

// decode turns a file into upright pixels while holding a slot.
func (e *Engine) decode(ctx context.Context, page *pool.Page, data []byte) (im *raster.Image, took ocr.Effort, err error) {
	asked := time.Now()
	err = page.Do(ctx, pool.Decode, func() (err error) {
		began := time.Now()
		took.Wait = began.Sub(asked)
		im, err = document.DecodeImage(data, e.limits)
		took.Work = time.Since(began)
		return err
	})
	return im, took, err
}

// Close frees the models. Tasks must have ended; pictures fail with CodeUnavailable from
// then on.
func (e *Engine) Close() error {
	r, ok := e.reader.take()
	if !ok {
		return nil
	}
	return r.close()
}
