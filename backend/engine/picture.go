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
	data, kind, err := e.load(task)
	if err != nil {
		return nil, err
	}
	if kind != inkpool.KindImage {
		return nil, inkpool.Errorf(inkpool.CodeInvalid, "this file is no picture")
	}
	err = e.slots.Page().Do(ctx, pool.Show, func() (err error) {
		picture, err = e.render(data, maxSide)
		return err
	})
	return picture, err
}

// render decodes, scales and encodes in one go, so that one slot's worth of decoded pictures
// is in memory, however many a window asks for at once.
func (e *Engine) render(data []byte, maxSide int) ([]byte, error) {
	im, err := document.DecodeImage(data, e.limits)
	if err != nil {
		return nil, err
	}
	if long := max(im.Width, im.Height); long > maxSide {
		im = im.Resized(max(1, im.Width*maxSide/long), max(1, im.Height*maxSide/long))
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, im.Std(), &jpeg.Options{Quality: pictureQuality})
	return out.Bytes(), err
}
