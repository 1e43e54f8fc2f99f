package engine

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// devices choose where a page is read. They are safe for concurrent use.
type devices struct {
	opts Options

	mu      sync.Mutex
	inUse   []*device // at least one
	out     []*device // those that do not work; closed with the others
	aside   *device   // the CPU, for texts, where only other devices read; nil: not needed yet
	notices []*inkpool.Error
}

func newDevices(opts Options) *devices {
	ds := &devices{opts: opts}
	for _, name := range opts.devices() {
		ds.inUse = append(ds.inUse, newDevice(name, opts))
	}
	return ds
}

// take returns the device with the least work for its slots, and counts a task on it.
func (ds *devices) take() *device {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	best := ds.inUse[0]
	for _, d := range ds.inUse[1:] {
		if (d.tasks+1)*best.slots.N() < (best.tasks+1)*d.slots.N() {
			best = d
		}
	}
	best.tasks++
	return best
}

func (ds *devices) giveBack(d *device) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	d.tasks--
}

// cpu returns the device that computes on the machine's cores.
func (ds *devices) cpu() *device {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if at := slices.IndexFunc(ds.inUse, func(d *device) bool { return d.name == deviceCPU }); at >= 0 {
		return ds.inUse[at]
	}
	ds.aside = ds.takeAside()
	return ds.aside
}

// everyOne returns all devices that may have something loaded.
func (ds *devices) everyOne() []*device {
	list := slices.Concat(ds.inUse, ds.out)
	if ds.aside != nil {
		list = append(list, ds.aside)
	}
	return list
}

// leaveOut stops using a device that does not work, and tells people why. The CPU does the
// work of the last one.
func (ds *devices) leaveOut(d *device, why *deviceFault) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	at := slices.Index(ds.inUse, d)
	if at < 0 {
		return // another task has met the same fault
	}
	ds.inUse = slices.Delete(ds.inUse, at, at+1)
	ds.out = append(ds.out, d)
	ds.notices = append(ds.notices, why.notice())
	if len(ds.inUse) == 0 {
		ds.inUse = append(ds.inUse, ds.takeAside())
	}
}

// takeAside returns the CPU for a device in use: with what it has loaded, and with the same
// slots, of which there must not be twice as many.
func (ds *devices) takeAside() *device {
	d := ds.aside
	ds.aside = nil
	if d == nil {
		d = newDevice(deviceCPU, ds.opts)
	}
	return d
}

// warm loads a pack on all devices side by side. Those that do not work are left out.
func (ds *devices) warm(ctx context.Context, p *modelpack.Pack) error {
	for {
		faulty, err := ds.warmAll(ctx, p)
		if err != nil || !faulty {
			return err
		}
	}
}

// warmAll is one round of warm; faulty: a device has been left out, which another may have
// replaced.
func (ds *devices) warmAll(ctx context.Context, p *modelpack.Pack) (faulty bool, err error) {
	list := ds.all()
	faults := make([]*deviceFault, len(list))
	var group errgroup.Group
	for i, d := range list {
		group.Go(func() error {
			_, giveBack, err := d.borrow(ctx, p)
			if err == nil {
				giveBack()
			}
			if errors.As(err, &faults[i]) {
				return nil
			}
			return err
		})
	}
	err = group.Wait()
	for i, fault := range faults {
		if fault != nil {
			ds.leaveOut(list[i], fault)
			faulty = true
		}
	}
	return faulty, err
}

// all returns the devices in use.
func (ds *devices) all() []*device {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	return slices.Clone(ds.inUse)
}

func (ds *devices) inFlight() int {
	n := 0
	for _, d := range ds.all() {
		n += inFlight(d.slots.N())
	}
	return n
}

// setWorkers changes the slots of those devices that compute on the CPU, also of one that is
// made later.
func (ds *devices) setWorkers(n int) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	ds.opts.Workers = n
	for _, d := range ds.everyOne() {
		d.setSlots(ds.opts.slots(d.name))
	}
}

// usage tells what the devices do, and what is wrong with those that are left out.
func (ds *devices) usage() ([]inkpool.DeviceUsage, []*inkpool.Error) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	out := make([]inkpool.DeviceUsage, len(ds.inUse))
	for i, d := range ds.inUse {
		out[i] = d.usage()
	}
	return out, slices.Clone(ds.notices)
}

// dropModels closes what is loaded; the next task loads it again. There must be no task.
func (ds *devices) dropModels() {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	for _, d := range ds.everyOne() {
		d.dropModels()
	}
}

// close closes what is loaded, for good.
func (ds *devices) close() error {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	var errs []error
	for _, d := range ds.everyOne() {
		errs = append(errs, d.close())
	}
	return errors.Join(errs...)
}
