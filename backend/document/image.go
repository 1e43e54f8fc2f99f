package document

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// DecodeImage decodes a picture to upright RGB: the first frame of an animation, the first
// page of a TIFF. Transparent parts are laid over a background (see raster.FromImage). The
// size is checked against lim before pixels are decoded.
func DecodeImage(data []byte, lim Limits) (*raster.Image, error) {
	c, err := codecFor(data)
	if err != nil {
		return nil, err
	}
	return c.decodeUpright(nil, data, lim)
}

// decodeUpright checks, decodes and turns a picture.
func (c codec) decodeUpright(pixels *raster.Pixels, data []byte, lim Limits) (*raster.Image, error) {
	var out *raster.Image
	err := c.guard(func() error {
		w, h, err := c.size(data)
		if err != nil {
			return err
		}
		if err := lim.CheckSize(w, h); err != nil {
			return err
		}
		src, err := c.decode(data)
		if err != nil {
			return err
		}
		// A header may lie about what the decoder then finds.
		if err := lim.CheckSize(src.Bounds().Dx(), src.Bounds().Dy()); err != nil {
			return err
		}
		out = pixels.Oriented(pixels.FromImage(src), c.orientation(data))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// uprightSize reads the size of the picture once it is turned, in pixels.
func (c codec) uprightSize(data []byte) (w, h int, err error) {
	err = c.guard(func() error {
		w, h, err = c.size(data)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	if c.orientation(data) >= 5 {
		w, h = h, w
	}
	return w, h, nil
}

// codec reads one picture format. Sizes are those before turning.
type codec struct {
	format      Format
	size        func(data []byte) (w, h int, err error)
	decode      func(data []byte) (image.Image, error)
	orientation func(data []byte) int
}

// codecFor returns the codec for the content of data.
func codecFor(data []byte) (codec, error) {
	if len(data) == 0 {
		return codec{}, empty()
	}
	never := func([]byte) int { return upright }
	switch f := Sniff(data[:min(len(data), SniffLen)]); f {
	case FormatJPEG:
		return codec{f, configOf(jpeg.DecodeConfig), decodeJPEG, jpegOrientation}, nil
	case FormatPNG:
		return codec{f, configOf(png.DecodeConfig), decodePNG, pngOrientation}, nil
	case FormatGIF:
		return codec{f, configOf(gif.DecodeConfig), decodeGIF, never}, nil
	case FormatTIFF:
		return tiffCodec(firstDirectory(data)), nil
	case FormatBMP:
		return codec{f, bmpSize, decodeBMP, never}, nil
	case FormatWebP:
		return codec{f, webpSize, decodeWebP, webpOrientation}, nil
	case FormatIcon:
		return codec{f, icoSize, decodeICO, never}, nil
	default:
		return codec{}, f.Unsupported()
	}
}

// guard runs a step of decoding and turns what goes wrong into errors for people. Panics are
// caught because the bytes come from anywhere and decoders have had index errors before (see
// the x/image entries in Go's vulnerability database): one bad picture must not stop the
// others.
func (c codec) guard(step func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = damaged(fmt.Errorf("%s decoder panicked: %v", c.format, v))
		}
	}()
	err = step()
	var known *inkpool.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if isUnsupported(err) {
		return unsupportedVariant(c.format, err)
	}
	return damaged(fmt.Errorf("decode %s: %w", c.format, err))
}

// errVariant is what our own decoders return for features that they do not know.
var errVariant = errors.New("unsupported variant")

// isUnsupported tells rare features from damage.
func isUnsupported(err error) bool {
	var j jpeg.UnsupportedError
	var p png.UnsupportedError
	return errors.As(err, &j) || errors.As(err, &p) || errors.Is(err, errVariant)
}

// configOf adapts a DecodeConfig function of the standard library.
func configOf(config func(io.Reader) (image.Config, error)) func([]byte) (int, int, error) {
	return func(data []byte) (int, int, error) {
		c, err := config(bytes.NewReader(data))
		return c.Width, c.Height, err
	}
}
