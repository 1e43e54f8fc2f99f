package document

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"

	"github.com/inkpool/inkpool/backend/raster"
)

// decodeJPEG decodes a file, and of one that breaks off what is there.
func decodeJPEG(data []byte) (image.Image, error) {
	im, err := jpeg.Decode(bytes.NewReader(data))
	if err == nil || isUnsupported(err) {
		return im, err
	}
	if im, err := jpeg.Decode(bytes.NewReader(withoutLastScan(data))); err == nil {
		return im, nil
	}
	if im := upToEnd(data); im != nil {
		return im.Std(), nil
	}
	return nil, err
}

// Markers of JPEG, behind a byte FF. Within coded pixels FF is followed by 0 or a restart.
const (
	jpegFirstRestart    = 0xd0 // of eight, which follow each other in a circle
	jpegEndOfImage      = 0xd9
	jpegStartOfScan     = 0xda
	jpegRestartInterval = 0xdd
)

// withoutLastScan ends a file in front of its last scan. A progressive picture that lacks its
// last scans is whole but coarser; any other has one scan only, and does not decode without.
func withoutLastScan(data []byte) []byte {
	at := max(bytes.LastIndex(data, []byte{0xff, jpegStartOfScan}), 0)
	return append(bytes.Clone(data[:at]), 0xff, jpegEndOfImage)
}

// leastGood is the part of its rows that a picture must have to be shown: 1 in so many.
const leastGood = 8

// upToEnd decodes the rows in front of where a file breaks off; the others are grey. The
// decoder gives nothing unless it gets to the end, so it is given two ends, of bits that mean
// something, but nothing of this picture. Where the two results begin to differ, the file had
// ended. It returns nil if that does not work or leaves little.
func upToEnd(data []byte) *raster.Image {
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	var results [2]*raster.Image
	for i, filler := range []byte{0x00, 0x55} {
		end := newJPEGEnd(data, filler, config.Width*config.Height)
		im, err := jpeg.Decode(io.MultiReader(bytes.NewReader(data), end))
		if err != nil {
			return nil
		}
		results[i] = raster.FromImage(im)
	}
	out, stride := results[0], 3*results[0].Width
	good := 0
	for good < out.Height && bytes.Equal(out.Pix[good*stride:][:stride], results[1].Pix[good*stride:][:stride]) {
		good++
	}
	if good*leastGood < out.Height {
		return nil
	}
	for i := good * stride; i < len(out.Pix); i++ {
		out.Pix[i] = 128
	}
	return out
}

// jpegEnd is an endless end of a JPEG file: fillers, now and then a restart, and after some
// time the end of the image again and again.
type jpegEnd struct {
	filler  byte
	left    int // bytes before the end of the image
	run     int // fillers in front of each restart; 0 without restarts
	restart byte
	at      int // bytes since the last restart
}

// newJPEGEnd returns an end for a picture of so many pixels, which is longer than it needs.
func newJPEGEnd(data []byte, filler byte, pixels int) *jpegEnd {
	// Bits 00 are the code of something short in every table; 64 bytes a block of 64 pixels
	// and channel are ten times what blocks take.
	const perPixel, perUnit = 3, 6 * 64
	e := &jpegEnd{filler: filler, left: perPixel * pixels, restart: jpegFirstRestart}
	if at := bytes.Index(data, []byte{0xff, jpegRestartInterval, 0, 4}); at >= 0 && at+6 <= len(data) {
		units := int(data[at+4])<<8 | int(data[at+5])
		e.run = units * perUnit
		e.left *= 3 // what is left over of each run is passed over
	}
	for i := len(data) - 1; i > 0; i-- {
		if data[i-1] == 0xff && data[i]&^7 == jpegFirstRestart {
			e.restart = jpegFirstRestart | (data[i]+1)&7
			break
		}
	}
	return e
}

// Read fills p; it never fails.
func (e *jpegEnd) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.next()
	}
	return len(p), nil
}

func (e *jpegEnd) next() byte {
	e.left--
	e.at++
	switch {
	case e.left < 0 && e.left%2 != 0:
		return 0xff
	case e.left < 0:
		return jpegEndOfImage
	case e.run == 0 || e.at <= e.run:
		return e.filler
	case e.at == e.run+1:
		return 0xff
	}
	e.at = 0
	marker := e.restart
	e.restart = jpegFirstRestart | (e.restart+1)&7
	return marker
}
