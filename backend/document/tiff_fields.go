package document

import (
	"encoding/binary"
	"io"
)

// The tags of TIFF 6.0 that say how pixels are stored.
const (
	tagNewSubfile      = 254
	tagSubfile         = 255
	tagWidth           = 256
	tagHeight          = 257
	tagBits            = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagFillOrder       = 266
	tagStripOffsets    = 273
	tagOrientation     = 274
	tagSamples         = 277
	tagRowsPerStrip    = 278
	tagStripByteCounts = 279
	tagPlanar          = 284
	tagT4Options       = 292
	tagPredictor       = 317
	tagColourMap       = 320
	tagTileWidth       = 322
	tagTileHeight      = 323
	tagTileOffsets     = 324
	tagTileByteCounts  = 325
	tagExtraSamples    = 338
	tagSampleFormat    = 339
	tagJPEGTables      = 347
	tagSubsampling     = 530
)

// tiffFields is a directory of a TIFF file.
type tiffFields struct {
	order binary.ByteOrder
	raw   map[uint16]tiffField
}

// tiffField is the value of a tag as it is stored.
type tiffField struct {
	kind  uint16
	bytes []byte
}

// tiffOrder returns the byte order of a file of at least 8 bytes.
func tiffOrder(data []byte) binary.ByteOrder {
	if data[0] == 'M' {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// readFields reads the directory at an offset. Fields that point outside of the file count as
// absent, in the hope that nobody needs them.
func readFields(data []byte, at uint32) (tiffFields, error) {
	f := tiffFields{raw: map[uint16]tiffField{}}
	start := uint64(at)
	if len(data) < 8 || start+2 > uint64(len(data)) {
		return f, io.ErrUnexpectedEOF
	}
	f.order = tiffOrder(data)
	n := int(f.order.Uint16(data[start:]))
	for e := data[start+2:]; n > 0 && len(e) >= 12; n, e = n-1, e[12:] {
		tag, kind := f.order.Uint16(e), f.order.Uint16(e[2:])
		size := tiffKindSize(kind) * uint64(f.order.Uint32(e[4:]))
		value := e[8:12]
		if size > 4 {
			at := uint64(f.order.Uint32(value))
			if at > uint64(len(data)) {
				continue
			}
			value = data[at:]
		}
		if _, seen := f.raw[tag]; !seen && size > 0 && size <= uint64(len(value)) {
			f.raw[tag] = tiffField{kind, value[:size]}
		}
	}
	return f, nil
}

// tiffKindSize returns the bytes a value of a type takes; 0 for types that pixels never need.
func tiffKindSize(kind uint16) uint64 {
	switch kind {
	case 1, 2, 7: // byte, text, anything
		return 1
	case 3:
		return 2
	case 4:
		return 4
	}
	return 0
}

// all returns the values of a tag, nil if it is absent.
func (f tiffFields) all(tag uint16) []int {
	field := f.raw[tag]
	out := make([]int, f.count(field))
	for i := range out {
		out[i] = f.value(field, i)
	}
	return out
}

// one returns the first value of a tag, or otherwise if it is absent.
func (f tiffFields) one(tag uint16, otherwise int) int {
	field := f.raw[tag]
	if f.count(field) == 0 {
		return otherwise
	}
	return f.value(field, 0)
}

// count returns how many values a field has.
func (f tiffFields) count(field tiffField) int {
	if len(field.bytes) == 0 {
		return 0
	}
	return len(field.bytes) / int(tiffKindSize(field.kind))
}

// value returns value i of a field.
func (f tiffFields) value(field tiffField, i int) int {
	switch size := int(tiffKindSize(field.kind)); size {
	case 2:
		return int(f.order.Uint16(field.bytes[2*i:]))
	case 4:
		return int(f.order.Uint32(field.bytes[4*i:]))
	default:
		return int(field.bytes[i])
	}
}
