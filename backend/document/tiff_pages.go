package document

import (
	"encoding/binary"
	"image"
	"io"
)

// A TIFF file is a chain of directories: each has a count, entries of 12 bytes, and the offset
// of the next, 0 at the end. Each is a page, except smaller copies of one and masks.

// tiffCodec reads the page whose directory is at an offset.
func tiffCodec(at uint32) codec {
	return codec{
		format:      FormatTIFF,
		size:        func(data []byte) (w, h int, err error) { return tiffSize(data, at) },
		decode:      func(data []byte) (image.Image, error) { return decodeTIFF(data, at) },
		orientation: func(data []byte) int { return tiffOrientation(data, at) },
	}
}

// firstDirectory returns the offset of the first directory, one beyond the end if there is none.
func firstDirectory(data []byte) uint32 {
	if len(data) < tiffHeader {
		return uint32(len(data))
	}
	return tiffOrder(data).Uint32(data[4:])
}

func tiffOrientation(data []byte, at uint32) int {
	if len(data) < tiffHeader || uint64(at)+2 > uint64(len(data)) {
		return upright
	}
	return directoryOrientation(data[at:], tiffOrder(data))
}

// mostEntries bounds how much of a file is looked at to find its pages: directories may
// overlap, so that a small file holds many large ones. Ordinary ones have 20 entries.
const mostEntries = 4_000_000

// tiffPages returns the offsets of the directories of pages, at most one more than most. The
// chain ends where it is damaged or comes back to itself: the pages before it are good. The
// first directory always counts, because programs forget to say what it is. Of the file only
// the directories are read.
func tiffPages(file io.ReaderAt, most int) []uint32 {
	head := make([]byte, tiffHeader)
	n, _ := file.ReadAt(head, 0) // what is cut off has a first directory beyond its end
	first := firstDirectory(head[:n])
	pages := []uint32{first}
	seen := map[uint32]bool{}
	entries := 0
	for at := first; n == tiffHeader && !seen[at] && len(pages) <= most && entries < mostEntries; {
		seen[at] = true
		order := tiffOrder(head)
		dir, next := directoryAt(file, order, at)
		if entries += len(dir)/tiffEntry + 1; at != first && dir != nil && isPage(dir, order) {
			pages = append(pages, at)
		}
		if next == 0 {
			break
		}
		at = next
	}
	return pages
}

const (
	tiffHeader = 8  // byte order, 42, offset of the first directory
	tiffEntry  = 12 // of a directory: tag, type, number of values, value
)

// directoryAt returns the entries of a directory, nil if it is cut off, and the offset of the
// next one, 0 if there is none.
func directoryAt(file io.ReaderAt, order binary.ByteOrder, at uint32) (entries []byte, next uint32) {
	count := make([]byte, 2)
	if n, _ := file.ReadAt(count, int64(at)); n < len(count) {
		return nil, 0
	}
	size := tiffEntry * int(order.Uint16(count))
	rest := make([]byte, size+4)
	n, _ := file.ReadAt(rest, int64(at)+2)
	if n < size {
		return nil, 0
	}
	if n == len(rest) {
		next = order.Uint32(rest[size:])
	}
	return rest[:size:size], next
}

// isPage looks for the tags that mark smaller copies and masks.
func isPage(entries []byte, order binary.ByteOrder) bool {
	const smallerCopy, mask, oldSmallerCopy = 1, 4, 2
	for e := entries; len(e) >= tiffEntry; e = e[tiffEntry:] {
		switch order.Uint16(e) {
		case tagNewSubfile:
			return order.Uint32(e[8:])&(smallerCopy|mask) == 0
		case tagSubfile:
			return order.Uint16(e[8:]) != oldSmallerCopy
		}
	}
	return true
}
