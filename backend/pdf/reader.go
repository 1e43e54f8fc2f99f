package pdf

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/wasm"
)

// Options bounds a Reader. A zero field means its default.
type Options struct {
	Instances   int    // how many pages may be worked on at once, one core each; default 2
	MemoryLimit int    // bytes that one instance may use; default 512 MiB
	MaxPages    int    // of a document; default 20,000
	CacheDir    string // where compiled code is kept (14 MB); empty: compiled at each start
}

const (
	defaultInstances   = 2
	defaultMemoryLimit = 512 << 20 // a page of 36 megapixels and a scan of the same size on it
	leastMemory        = 32 << 20  // PDFium starts with 17
	mostMemory         = 2<<30 - 64<<10
	defaultMaxPages    = 20_000 // no book has as many; each becomes a task

	// keptMemory is the most that an instance may have grown to and still be used again:
	// its memory never shrinks. Pages at 200 dpi stay below.
	keptMemory = 96 << 20
)

func (o Options) withDefaults() Options {
	if o.Instances <= 0 {
		o.Instances = defaultInstances
	}
	if o.MemoryLimit <= 0 {
		o.MemoryLimit = defaultMemoryLimit
	}
	o.MemoryLimit = min(max(o.MemoryLimit, leastMemory), mostMemory)
	if o.MaxPages <= 0 {
		o.MaxPages = defaultMaxPages
	}
	return o
}

// Reader opens documents. It compiles PDFium when the first one is opened, which takes some
// seconds, or a fraction of one with Options.CacheDir.
type Reader struct {
	options Options
	permits chan struct{} // one for each instance at work

	mu      sync.Mutex   // guards what follows; held while compiling
	library *wasm.Module // PDFium; nil before the first document and after Close
	idle    []*instance
	closed  bool
}

// NewReader returns a Reader that has not taken anything yet.
func NewReader(o Options) *Reader {
	o = o.withDefaults()
	return &Reader{options: o, permits: make(chan struct{}, o.Instances)}
}

// Close waits for the work on pages to end and gives all memory back. Documents of a closed
// Reader answer with CodeUnavailable.
func (r *Reader) Close() {
	for range cap(r.permits) {
		r.permits <- struct{}{}
	}
	defer func() {
		for range cap(r.permits) {
			<-r.permits
		}
	}()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dropIdle(func(*instance) bool { return true })
	if r.library != nil {
		r.library.Close()
		r.library = nil
	}
	r.closed = true
}

// mostSecrets is how many passwords are tried on a document: each takes some milliseconds.
const mostSecrets = 100

// Open opens a document that lies in data, which must not change until it is closed. Where it
// asks for a password the last hundred secrets are tried, the last one first: who collects them
// adds what somebody has just typed. Documents that open for everybody need none even where
// editing does.
func (r *Reader) Open(ctx context.Context, data []byte, secrets []string) (*Document, error) {
	const markWithin = 1024 // bytes, as PDFium and Acrobat look for it
	if !bytes.Contains(data[:min(len(data), markWithin)], []byte("%PDF-")) {
		return nil, loadError(loadErrorFormat, false)
	}
	d := &Document{reader: r, data: data}
	err := d.count(ctx)
	for _, secret := range slices.Backward(secrets[max(0, len(secrets)-mostSecrets):]) {
		if inkpool.CodeOf(err) != inkpool.CodeEncrypted {
			break
		}
		d.password = secret
		err = d.count(ctx)
	}
	switch {
	case err != nil:
		return nil, asDocumentError(err)
	case d.pages <= 0:
		err = loadError(loadErrorFormat, false)
	case d.pages > r.options.MaxPages:
		err = tooManyPages(d.pages, r.options.MaxPages)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// acquire waits for a permit and returns an instance for d, which is open in it or is yet to
// be opened. It must be given back with release.
func (r *Reader) acquire(ctx context.Context, d *Document) (*instance, error) {
	select {
	case r.permits <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for PDFium: %w", ctx.Err())
	}
	in, err := r.pick(ctx, d)
	if err != nil {
		<-r.permits
		return nil, err
	}
	return in, nil
}

// pick prefers an idle instance that has d open. Otherwise it starts one, in the place of the
// idle one that has waited longest if there are as many as may be.
func (r *Reader) pick(ctx context.Context, d *Document) (*instance, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || d.closed.Load() {
		return nil, closed()
	}
	for i, in := range r.idle {
		if in.owner == d {
			r.idle = slices.Delete(r.idle, i, i+1)
			return in, nil
		}
	}
	if len(r.idle)+len(r.permits) > r.options.Instances {
		r.idle[0].Close()
		r.idle = slices.Delete(r.idle, 0, 1)
	}
	if r.library == nil {
		l, err := compile(context.WithoutCancel(ctx), r.options)
		if err != nil {
			return nil, inkpool.Errorf(inkpool.CodeInternal, "the part of Inkpool that reads PDF does not start").WithCause(err)
		}
		r.library = l
	}
	in, err := newInstance(ctx, r.library, r.options)
	if err != nil {
		return nil, err
	}
	in.owner = d
	return in, nil
}

// release takes an instance back, keeps it if it is of use for another page, and passes the
// permit on.
func (r *Reader) release(in *instance, sound bool) {
	r.mu.Lock()
	if sound && !in.owner.closed.Load() && in.Size() <= keptMemory {
		r.idle = append(r.idle, in)
	} else {
		in.Close()
	}
	r.mu.Unlock()
	<-r.permits
}

// dropIdle closes idle instances. r.mu is held.
func (r *Reader) dropIdle(which func(*instance) bool) {
	r.idle = slices.DeleteFunc(r.idle, func(in *instance) bool {
		if which(in) {
			in.Close()
			return true
		}
		return false
	})
}
