package engine

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/pool"
)

// CountLoads counts how often the models of e's devices are loaded from now on.
func CountLoads(e *Engine) *atomic.Int64 {
	var n atomic.Int64
	for _, d := range e.devices.all() {
		load := d.readers.load
		d.readers.load = func(ctx context.Context, p *modelpack.Pack) (*reader, error) {
			n.Add(1)
			return load(ctx, p)
		}
	}
	return &n
}

// DevicesOf is how many devices e has, those left out among them.
func DevicesOf(e *Engine) int { return len(e.devices.everyOne()) }

// Probe does with the models of e's first device what is done with those of a device that is
// not the CPU.
func Probe(ctx context.Context, e *Engine) error {
	d := e.devices.all()[0]
	p, err := e.packs.find("")
	if err != nil {
		return err
	}
	r, giveBack, err := d.borrow(ctx, p)
	if err != nil {
		return err
	}
	defer giveBack()
	return r.compare(ctx, models{}, p, d.slots.Page(pool.Request{}))
}

// NumbersOf are the numbers that models of a manifest are run with.
func NumbersOf(o *modelpack.OCR) (ocr.DetectorConfig, ocr.ClassifierConfig, ocr.RecognizerConfig) {
	n := numbersOf(o)
	return n.detector, n.classifier, n.recognizer
}

// ProbePage and ProbeText are the page, a PNG, and what must be read on it.
func ProbePage() ([]byte, string) { return probePage, probeText }

// Replace makes the devices of e call themselves names, and load the CPU's models all the
// same, or fail to where there is an error.
func Replace(e *Engine, names []string, errs []error) {
	for i, d := range e.devices.all() {
		d.name = names[i]
		if errs[i] != nil {
			d.readers.load = func(context.Context, *modelpack.Pack) (*reader, error) { return nil, errs[i] }
		}
	}
}

// Take gives a task to a device of e.
func Take(e *Engine) { e.devices.take() }

// Idle does what is done after a long time without work.
func Idle(e *Engine) {
	for _, c := range e.activity.chores {
		e.activity.run(c)
	}
}

// TasksOn is how many tasks each device has been given that is still in use.
func TasksOn(e *Engine) (n []int) {
	e.devices.mu.Lock()
	defer e.devices.mu.Unlock()
	for _, d := range e.devices.inUse {
		n = append(n, d.tasks)
	}
	return n
}

// ErrOtherText is what the probe says of a device that reads something else.
var ErrOtherText = errOtherText

// ReserveAll takes the whole memory budget of e.
func ReserveAll(t testing.TB, e *Engine) (release func()) {
	t.Helper()
	r, err := pool.New(1).Page(pool.Request{}).Reserve(t.Context(), e.budget, e.budget.Size())
	if err != nil {
		t.Fatal(err)
	}
	return r.Release
}

// OpenFiles is how many files e has open.
func OpenFiles(e *Engine) int {
	e.files.mu.Lock()
	defer e.files.mu.Unlock()
	return len(e.files.list)
}
