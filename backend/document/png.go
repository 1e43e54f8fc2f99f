package document

import (
	"bytes"
	"errors"
	"image"
	"image/png"
)

// errNoRoom is returned for pictures that claim more pixels than their bytes could hold.
var errNoRoom = errors.New("more pixels claimed than the file has room for")

// decodePNG refuses headers that must be lying: the decoder would take memory for all pixels
// before it looks at the first.
func decodePNG(data []byte) (image.Image, error) {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	// Deflate codes at most 258 bytes in two bits (RFC 1951), which makes 1032 : 1.
	const mostPerByte = 1032
	bits := int64(c.Width) * int64(c.Height) * int64(pngBitDepth(data)) // at least one channel
	if bits/8 > mostPerByte*int64(len(data)) {
		return nil, errNoRoom
	}
	return png.Decode(bytes.NewReader(data))
}

// pngBitDepth reads the bits a channel from a header that is known to be whole.
func pngBitDepth(data []byte) uint8 {
	const at = 8 + 8 + 8 // signature, chunk head, width and height
	return data[at]
}
