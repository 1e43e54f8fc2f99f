package engine

import (
	"bytes"
	"context"
	"image/jpeg"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// pictureQuality is JPEG's 0..100: at 88 text shows no ringing, and an A4 scan has 0.4 MB.
const pictureQuality = 88

// Picture returns the page of a task as a JPEG for looking at: upright, as its quads are,
// and scaled down so that its longer side is at most maxSide pixels, which must be positive.
// It goes before all other work, because a person waits for it. CodeInvalid for tasks that
// are no pictures.
func (e *Engine) Picture(ctx context.Context, task inkpool.Task, maxSide int) (picture []byte, err error) {
	defer inkpool.Recover(&err)
	e.activity.begin()
	defer e.activity.end()
	data, kind, err := e.load(task)
	if err != nil {
		return nil, err
	}
	if kind != inkpool.KindImage {
		return nil, inkpool.Errorf(inkpool.CodeInvalid, "this file is no picture")
	}
	d := e.devices.take()
	defer e.devices.giveBack(d)
	page := d.slots.Page(pool.Request{Urgent: true})
	reserved, err := e.admit(ctx, page, data, new(inkpool.Timing))
	if err != nil {
		return nil, err
	}
	defer reserved.Release()
	err = page.Do(ctx, pool.Show, func() (err error) {
		picture, err = e.render(data, maxSide)
		return err
	})
	return picture, err
}

// render decodes, scales and encodes in one go, so that one slot's worth of decoded pictures
// is in memory, however many a window asks for at once.
func (e *Engine) render(data []byte, maxSide int) ([]byte, error) {
	whole, err := document.DecodeImageInto(e.pixels, data, e.settings.Limits)
	if err != nil {
		return nil, err
	}
	defer e.pixels.Recycle(whole)
	shown := whole
	if long := max(whole.Width, whole.Height); long > maxSide {
		shown = whole.Resized(max(1, whole.Width*maxSide/long), max(1, whole.Height*maxSide/long))
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, shown.Std(), &jpeg.Options{Quality: pictureQuality})
	return out.Bytes(), err
}
