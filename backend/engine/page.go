package engine

import (
	"context"
	"slices"
	"time"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// pageReading is the way of one page to its result on one device.
type pageReading struct {
	engine *Engine
	device *device
	slots  *pool.Page
	file   *held
	at     int // number of the page in the file, from 0
	how    inkpool.Reading
	pack   *modelpack.Pack
	timing inkpool.Timing
}

// readOn reads a page on one device and releases f. Errors that are that device's are
// deviceFaults. The task's Source says whether the text that lies in a page is taken, whether
// what can be seen on it is recognised, or, when both, where which.
func (e *Engine) readOn(ctx context.Context, d *device, task inkpool.Task, f *held, at int) (inkpool.Result, error) {
	defer f.release()
	p := &pageReading{
		engine: e, device: d, file: f, at: at, how: task.Reading,
		slots: d.slots.Page(pool.Request{Kind: pool.Reading, Urgent: task.Urgent}),
	}
	layer, err := p.layer(ctx, task.Reading.Source)
	if err != nil {
		return inkpool.Result{}, err
	}
	useLayer, recognise := layer.Sources(task.Reading.Source)
	if !recognise {
		return p.result(ocr.Page{Lines: layer.Lines, Width: layer.WidthPx, Height: layer.HeightPx}), nil
	}
	how := p.how
	if useLayer {
		how.Ignore = nil // result leaves it out: the page stays as its own text stands, pictures may be turned
	}
	page, err := p.recognise(ctx, how)
	if err != nil {
		return inkpool.Result{}, err
	}
	if useLayer {
		page = page.TurnedBack()
		page.Lines = pdf.Combine(layer, page.Lines)
	}
	return p.result(page), nil
}

// layer returns the text that lies in a page, where that may be asked for.
func (p *pageReading) layer(ctx context.Context, source inkpool.TextSource) (layer pdf.Text, err error) {
	isPDF := p.file.file.Format() == document.FormatPDF
	if source == inkpool.SourceImage || !isPDF && source != inkpool.SourceCarried {
		return pdf.Text{Trouble: pdf.NoText}, nil
	}
	err = p.onSlot(ctx, func() error {
		text, err := p.file.file.Text(ctx, p.at)
		layer = text.Layer
		return err
	})
	return layer, err
}

// recognise reads what can be seen on the page.
func (p *pageReading) recognise(ctx context.Context, how inkpool.Reading) (ocr.Page, error) {
	reserved, err := p.admit(ctx)
	if err != nil {
		return ocr.Page{}, err
	}
	defer reserved.Release()
	im, err := p.decode(ctx)
	if err != nil {
		return ocr.Page{}, err
	}
	defer p.engine.pixels.Recycle(im)
	reserved.Shrink(p.readingBytes(im.Width, im.Height))

	page, effort, err := p.device.read(ctx, p.pack, p.slots, im, how)
	if err != nil {
		return ocr.Page{}, err
	}
	p.timing.Wait += effort.Wait
	p.timing.Detect, p.timing.Lines = effort.Detect, effort.Lines
	return page, nil
}

// decode turns the page into upright pixels. The file is not kept while they are read.
func (p *pageReading) decode(ctx context.Context) (im *raster.Image, err error) {
	defer p.file.release()
	err = p.onSlot(ctx, func() (err error) {
		im, err = p.file.file.Decode(ctx, p.at)
		return err
	})
	return im, err
}

// onSlot does work on the file while holding a slot.
func (p *pageReading) onSlot(ctx context.Context, work func() error) error {
	asked := time.Now()
	return p.slots.Do(ctx, pool.Decode, func() error {
		began := time.Now()
		p.timing.Wait += began.Sub(asked)
		err := work()
		p.timing.Decode += time.Since(began)
		return err
	})
}

// result leaves out what is to be ignored, and puts lines into reading order, unless they are
// wanted as found.
func (p *pageReading) result(page ocr.Page) inkpool.Result {
	lines := slices.DeleteFunc(page.Lines, func(l inkpool.Line) bool {
		return p.how.Ignores(l.Quad, page.Width, page.Height)
	})
	if p.how.Layout != inkpool.LayoutRaw {
		lines = layout.Arrange(lines)
	}
	p.timing.Infer = p.timing.Decode + p.timing.Detect + p.timing.Lines
	return inkpool.Result{
		Kind: inkpool.KindImage, WidthPx: page.Width, HeightPx: page.Height, Rotation: page.Rotation,
		Text: layout.Text(lines, p.how.Layout), Lines: lines, Timing: p.timing,
	}
}
