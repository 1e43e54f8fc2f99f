package document

import (
	"bytes"
	"encoding/binary"
)

// upright is the EXIF orientation of a picture that needs no turning, and of every picture
// that does not say.
const upright = 1

// exifOrientation reads the orientation (1..8) out of an EXIF block, which is a small TIFF
// file without pixels: byte order mark, 42, offset of the first directory. Whatever is
// damaged counts as upright, because the pixels may still be good.
func exifOrientation(block []byte) int {
	block = bytes.TrimPrefix(block, []byte("Exif\x00\x00")) // WebP files carry it sometimes
	if len(block) < 8 {
		return upright
	}
	var order binary.ByteOrder
	switch string(block[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	start := uint64(order.Uint32(block[4:]))
	if start+2 > uint64(len(block)) {
		return upright
	}
	return directoryOrientation(block[start:], order)
}

// directoryOrientation looks for the tag in a TIFF directory: a count, then entries of 12
// bytes (tag, type, number of values, value).
func directoryOrientation(dir []byte, order binary.ByteOrder) int {
	const typeShort, typeLong = 3, 4
	n := int(order.Uint16(dir))
	for e := dir[2:]; n > 0 && len(e) >= 12; n, e = n-1, e[12:] {
		if order.Uint16(e) != tagOrientation {
			continue
		}
		var v uint32
		switch order.Uint16(e[2:]) {
		case typeShort:
			v = uint32(order.Uint16(e[8:]))
		case typeLong:
			v = order.Uint32(e[8:])
		}
		if v >= 1 && v <= 8 {
			return int(v)
		}
		return upright
	}
	return upright
}

// jpegOrientation looks for EXIF in the APP1 segments in front of the pixels.
func jpegOrientation(data []byte) int {
	const startOfScan, endOfImage, app1 = 0xda, 0xd9, 0xe1
	for i := 2; i+4 <= len(data); {
		marker := data[i+1]
		if data[i] != 0xff || marker == 0 || marker == 0xff {
			i++ // junk and fill bytes between segments: decoders skip them, and so do we
			continue
		}
		if marker == startOfScan || marker == endOfImage {
			break
		}
		if marker == 1 || marker >= 0xd0 && marker <= 0xd8 {
			i += 2 // markers without content
			continue
		}
		end := i + 2 + int(binary.BigEndian.Uint16(data[i+2:]))
		if end < i+4 || end > len(data) {
			break
		}
		if segment := data[i+4 : end]; marker == app1 && bytes.HasPrefix(segment, []byte("Exif\x00")) && len(segment) > 6 {
			return exifOrientation(segment[6:])
		}
		i = end
	}
	return upright
}

// pngOrientation looks for an eXIf chunk, which may stand in front of or behind the pixels.
func pngOrientation(data []byte) int {
	for i := 8; i+8 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[i:]))
		end := int64(i) + 8 + size
		if end > int64(len(data)) {
			break
		}
		if string(data[i+4:i+8]) == "eXIf" {
			return exifOrientation(data[i+8 : end])
		}
		i = int(end) + 4 // checksum
	}
	return upright
}
