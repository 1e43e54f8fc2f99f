package document

import (
	"encoding/binary"
	"image"
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
	if len(data) < 8 {
		return uint32(len(data))
	}
	return tiffOrder(data).Uint32(data[4:])
}

func tiffOrientation(data []byte, at uint32) int {
	if len(data) < 8 || uint64(at)+2 > uint64(len(data)) {
		return upright
	}
	return directoryOrientation(data[at:], tiffOrder(data))
}

// mostEntries bounds how much of a file is looked at to find its pages: directories may
// overlap, so that a small file holds many large ones. Ordinary ones have 20 entries.
const mostEntries = 4_000_000

// tiffPages returns the offsets of the directories of pages, at most one more than most. The
// chain ends where it is damaged or comes back to itself: the pages before it are good. The
// first directory always counts, because programs forget to say what it is.
func tiffPages(data []byte, most int) []uint32 {
	first := firstDirectory(data)
	pages := []uint32{first}
	seen := map[uint32]bool{}
	entries := 0
	for at := first; !seen[at] && len(pages) <= most && entries < mostEntries; {
		seen[at] = true
		dir, next := directoryAt(data, at)
		if entries += len(dir)/tiffEntry + 1; at != first && dir != nil && isPage(dir, tiffOrder(data)) {
			pages = append(pages, at)
		}
		if next == 0 {
			break
		}
		at = next
	}
	return pages
}

// tiffEntry is the length of an entry of a directory: tag, type, number of values, value.
const tiffEntry = 12

// directoryAt returns the entries of a directory, nil if it is cut off, and the offset of the
// next one, 0 if there is none.
func directoryAt(data []byte, at uint32) (entries []byte, next uint32) {
	if uint64(at)+2 > uint64(len(data)) || len(data) < 8 {
		return nil, 0
	}
	order, rest := tiffOrder(data), data[at+2:]
	n := tiffEntry * int(order.Uint16(data[at:]))
	if len(rest) < n {
		return nil, 0
	}
	if entries, rest = rest[:n], rest[n:]; len(rest) >= 4 {
		next = order.Uint32(rest)
	}
	return entries, next
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
