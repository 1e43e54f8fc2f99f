package document

import (
	"bytes"
	"image"
	"image/draw"
	"image/gif"
)

// decodeGIF decodes the first frame and lays it on the canvas, which may be larger. The
// canvas is transparent where the frame does not cover it, as in browsers.
func decodeGIF(data []byte) (image.Image, error) {
	r := bytes.NewReader(data)
	canvas, err := gif.DecodeConfig(r)
	if err != nil {
		return nil, err
	}
	r.Reset(data)
	frame, err := gif.Decode(r)
	if err != nil {
		return nil, err
	}
	return onCanvas(frame, frame.Bounds().Min, canvas.Width, canvas.Height), nil
}

// onCanvas returns a w x h picture that shows frame with its upper left corner at the given
// point, or frame itself if it covers everything.
func onCanvas(frame image.Image, at image.Point, w, h int) image.Image {
	b := frame.Bounds()
	if at == (image.Point{}) && b.Dx() == w && b.Dy() == h {
		return frame
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(canvas, image.Rectangle{Min: at, Max: at.Add(b.Size())}, frame, b.Min, draw.Src)
	return canvas
}
