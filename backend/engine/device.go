package engine

import (
	"context"
	"errors"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// device computes: it has slots and sessions of its own. It is safe for concurrent use.
type device struct {
	name    string
	slots   *pool.Slots
	room    ocr.Room
	readers loaded[*reader]
	texts
	tasks int // at work on it; guarded by devices
}

func newDevice(name string, opts Options) *device {
	n := opts.slots(name)
	d := &device{name: name, slots: pool.New(n), room: newRoom(n)}
	for kind, weight := range opts.Shares {
		d.slots.SetWeight(kind, max(1, weight))
	}
	d.readers.keep = keptReaders
	d.readers.load = func(ctx context.Context, p *modelpack.Pack) (*reader, error) { return loadReader(ctx, opts, p, d) }
	d.texts.loadWith(opts, d)
	return d
}

// texts are the pipelines for what is done beyond reading. Only the CPU has any at work.
type texts struct {
	translators loaded[*translator]
	labellers   loaded[*labeller]
	language    shared[*tongue]
}

func (t *texts) loadWith(opts Options, d *device) {
	t.translators.keep, t.labellers.keep = keptTranslators, keptLabellers
	t.translators.load = func(ctx context.Context, p *modelpack.Pack) (*translator, error) {
		return loadTranslator(ctx, opts, p, d)
	}
	t.labellers.load = func(ctx context.Context, p *modelpack.Pack) (*labeller, error) { return loadLabeller(ctx, opts, p, d) }
	t.language.load = func(ctx context.Context) (*tongue, error) { return loadTongue(ctx, opts, d.name) }
}

// borrow returns the pipeline of a pack, loading it first if need be, and what to call when it
// is no longer used.
func (d *device) borrow(ctx context.Context, p *modelpack.Pack) (r *reader, giveBack func(), err error) {
	r, giveBack, err = d.readers.borrow(ctx, p)
	return r, giveBack, d.blame(ctx, err)
}

// read reads a page with a pack.
func (d *device) read(ctx context.Context, p *modelpack.Pack, page *pool.Page, im *raster.Image, how inkpool.Reading) (ocr.Page, ocr.Effort, error) {
	r, giveBack, err := d.borrow(ctx, p)
	if err != nil {
		return ocr.Page{}, ocr.Effort{}, err
	}
	defer giveBack()
	read, effort, err := r.pipeline.Read(ctx, page, im, how)
	return read, effort, d.blame(ctx, err)
}

// blame makes errors that may be the device's own deviceFaults: all but those of the CPU,
// and those of a task that was stopped, an engine that was closed, models that are not there
// or are damaged.
func (d *device) blame(ctx context.Context, err error) error {
	if err == nil || d.name == deviceCPU || ctx.Err() != nil || errors.Is(err, errClosed) {
		return err
	}
	switch inkpool.CodeOf(err) {
	case inkpool.CodeModelMissing, inkpool.CodeModelCorrupt:
		return err
	}
	return &deviceFault{device: d.name, err: err}
}

func (d *device) setSlots(n int) {
	d.slots.SetN(n)
	d.room.Detections.SetSize(int64(detections(n)))
	d.room.Columns.SetSize(columns(n))
}

func (d *device) usage() inkpool.DeviceUsage {
	u := inkpool.DeviceUsage{Name: d.name, Slots: d.slots.N(), Busy: d.slots.Busy()}
	for _, s := range d.sessions() {
		u.Sessions++
		if counting, ok := s.(*ort.Session); ok {
			u.Computed += counting.Computed()
		}
	}
	return u
}

// sessions are those of all that is loaded.
func (d *device) sessions() (list []infer.Session) {
	for _, r := range d.readers.all() {
		list = append(list, r.sessions()...)
	}
	for _, t := range d.translators.all() {
		list = append(list, t.sessions()...)
	}
	for _, l := range d.labellers.all() {
		list = append(list, l.sessions()...)
	}
	if t, ok := d.language.peek(); ok {
		list = append(list, t.sessions()...)
	}
	return list
}

// dropModels closes what is loaded; the next task loads it again. There must be no task.
func (d *device) dropModels() {
	d.readers.dropModels()
	d.translators.dropModels()
	d.labellers.dropModels()
	if t, ok := d.language.drop(); ok {
		closePipelines([]*tongue{t})
	}
}

// close closes what is loaded, for good.
func (d *device) close() error {
	errs := []error{d.readers.close(), d.translators.close(), d.labellers.close()}
	if t, ok := d.language.take(); ok {
		errs = append(errs, closeSessions(t.sessions()))
	}
	return errors.Join(errs...)
}

// deviceFault says that a device does not work.
type deviceFault struct {
	device string
	err    error
}

func (f *deviceFault) Error() string { return "device " + f.device + ": " + f.err.Error() }
func (f *deviceFault) Unwrap() error { return f.err }

// notice is the fault for people.
func (f *deviceFault) notice() *inkpool.Error {
	what := "it could not be used"
	if errors.Is(f.err, errOtherText) {
		what = "it read a sample page differently from the CPU"
	}
	return inkpool.Errorf(inkpool.CodeUnavailable, "The device %q is left out: %s.", f.device, what).
		WithHint("The CPU does its work. Choose another device in the settings, or update its driver.").
		WithCause(f.err)
}
