package pdf

import (
	"context"
	"errors"
	"sync/atomic"
)

// Document is an open PDF. Pages are numbered from 0.
type Document struct {
	reader   *Reader
	data     []byte
	password string
	pages    int
	closed   atomic.Bool
}

// Pages returns how many pages there are, at least 1.
func (d *Document) Pages() int { return d.pages }

// count opens the document for the first time and counts its pages.
func (d *Document) count(ctx context.Context) error {
	return d.work(ctx, func(ctx context.Context, in *instance) error {
		d.pages = int(int32(in.Call(ctx, "FPDF_GetPageCount", in.doc)))
		return in.Trap()
	})
}

// Close gives back the memory that is kept for the document. Work on its pages that is under
// way goes on; what begins after it fails with CodeUnavailable.
func (d *Document) Close() {
	d.closed.Store(true)
	d.reader.mu.Lock()
	defer d.reader.mu.Unlock()
	d.reader.dropIdle(func(in *instance) bool { return in.owner == d })
}

// work runs do with an instance in which d is open. When ctx ends, so does the instance.
func (d *Document) work(ctx context.Context, do func(context.Context, *instance) error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	in, err := d.reader.acquire(ctx, d)
	if err != nil {
		return err
	}
	done := in.StopWith(ctx)
	if in.doc == 0 {
		err = in.open(in.within(ctx))
	}
	if err == nil {
		err = do(in.within(ctx), in)
	}
	stopped, starved := done(), in.Starved()
	sound := in.Trap() == nil && in.doc != 0
	d.reader.release(in, sound && !stopped && !starved)
	return explain(ctx, err, starved)
}

// onPage runs do with a page open: an FPDF_PAGE.
func (d *Document) onPage(ctx context.Context, page int, do func(ctx context.Context, in *instance, handle uint64) error) error {
	if page < 0 || page >= d.pages {
		return noSuchPage(page, d.pages)
	}
	return d.work(ctx, func(ctx context.Context, in *instance) error {
		handle := in.Call(ctx, "FPDF_LoadPage", in.doc, uint64(page))
		if in.Trap() != nil {
			return in.Trap()
		}
		if handle == 0 {
			return damagedPage(errors.New("FPDF_LoadPage: no page"))
		}
		if in.form != 0 {
			in.Call(ctx, "FORM_OnAfterLoadPage", handle, in.form)
		}
		err := do(ctx, in, handle)
		if in.form != 0 {
			in.Call(ctx, "FORM_OnBeforeClosePage", handle, in.form)
		}
		in.Call(ctx, "FPDF_ClosePage", handle)
		if err == nil {
			err = in.Trap()
		}
		return err
	})
}
