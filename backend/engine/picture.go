package engine

import (
	"bytes"
	"context"
	"image/jpeg"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// pictureQuality is JPEG's 0..100: at 88 text shows no ringing, and an A4 scan has 0.4 MB.
const pictureQuality = 88

// Picture returns the page of a task as a JPEG for looking at: upright, as its quads are, when
// turned by the Rotation of its result, and scaled down so that its longer side is at most maxSide pixels, which must be positive.
// It goes before all other work, because a person waits for it. CodeInvalid for texts; other
// errors are those of Process.
func (e *Engine) Picture(ctx context.Context, task inkpool.Task, rotation, maxSide int) (picture []byte, err error) {
	defer inkpool.Recover(&err)
	e.activity.begin()
	defer e.activity.end()
	f, at, err := e.openPage(ctx, task)
	if err != nil {
		return nil, err
	}
	defer f.release()
	if f.file.Kind() != inkpool.KindImage {
		return nil, inkpool.Errorf(inkpool.CodeInvalid, "this file is no picture")
	}
	d := e.devices.take()
	defer e.devices.giveBack(d)
	slots := d.slots.Page(pool.Request{Urgent: true})
	w, h, err := e.size(ctx, f, at)
	if err != nil {
		return nil, err
	}
	reserved, err := slots.Reserve(ctx, e.budget, f.decodingBytes(w, h))
	if err != nil {
		return nil, err
	}
	defer reserved.Release()
	err = slots.Do(ctx, pool.Show, func() (err error) {
		picture, err = e.render(ctx, f, at, rotation, maxSide)
		return err
	})
	return picture, err
}

// render decodes, scales, turns and encodes in one go, so that one slot's worth of decoded pictures
// is in memory, however many a window asks for at once.
func (e *Engine) render(ctx context.Context, f *held, at, rotation, maxSide int) ([]byte, error) {
	whole, err := f.file.Decode(ctx, at)
	if err != nil {
		return nil, err
	}
	defer e.pixels.Recycle(whole)
	shown := whole
	if long := max(whole.Width, whole.Height); long > maxSide {
		shown = whole.Resized(max(1, whole.Width*maxSide/long), max(1, whole.Height*maxSide/long))
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, shown.Turned(rotation/90).Std(), &jpeg.Options{Quality: pictureQuality})
	return out.Bytes(), err
}
