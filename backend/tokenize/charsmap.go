package tokenize

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// maxReplacement bounds what a character map may make of one match, so that a text does not
// grow beyond all bounds. NFKC's longest, of U+FDFA, has 33 bytes.
const maxReplacement = 256

// charsmap is SentencePiece's "precompiled charsmap": which byte sequences are replaced by
// which. The file is the length of a double array (darts-clone) in bytes, the array of
// 32-bit little-endian units, and the replacements, each ended by a zero byte.
type charsmap struct {
	units        []uint32
	replacements []byte

	// fixed says by ASCII byte that it stays as it is when another one, or the end, follows.
	fixed [utf8.RuneSelf]bool
}

// parseCharsmap returns nil for an empty map, which replaces nothing.
func parseCharsmap(data []byte) (*charsmap, error) {
	if len(data) == 0 {
		return nil, nil
	}
	if len(data) < 4 {
		return nil, damaged("its character map is cut off")
	}
	size := uint64(binary.LittleEndian.Uint32(data))
	data = data[4:]
	if size%4 != 0 || size > uint64(len(data)) || size == 0 {
		return nil, damaged("its character map is cut off")
	}
	m := &charsmap{units: make([]uint32, size/4), replacements: data[size:]}
	for i := range m.units {
		m.units[i] = binary.LittleEndian.Uint32(data[4*i:])
	}
	for r := range bytes.SplitSeq(m.replacements, []byte{0}) {
		if len(r) > maxReplacement {
			return nil, damaged("its character map makes %d bytes of one character", len(r))
		}
		if !utf8.Valid(r) {
			return nil, damaged("its character map makes what is no text")
		}
	}
	m.findFixed()
	return m, nil
}

// findFixed fills in fixed.
func (m *charsmap) findFixed() {
	for c := range m.fixed {
		m.fixed[c] = c > 0
		for follower := 0; follower < utf8.RuneSelf && m.fixed[c]; follower++ {
			_, _, found := m.longest(string([]byte{byte(c), byte(follower)}))
			m.fixed[c] = !found
		}
	}
}

// longest returns what the longest match at the beginning of s becomes, and its length.
func (m *charsmap) longest(s string) (replacement []byte, length int, found bool) {
	return m.match(s, false)
}

// shortest does so for the shortest match.
func (m *charsmap) shortest(s string) (replacement []byte, length int, found bool) {
	return m.match(s, true)
}

// match walks the double array: github.com/s-yata/darts-clone has its format.
func (m *charsmap) match(s string, shortest bool) (replacement []byte, length int, found bool) {
	const hasLeaf, label = 1 << 8, 1<<31 | 0xff
	value := uint32(0)
	unit := m.units[0]
	at := childrenOf(unit)
	for i := 0; i < len(s); i++ {
		at ^= uint32(s[i])
		if at >= uint32(len(m.units)) {
			break
		}
		unit = m.units[at]
		if unit&label != uint32(s[i]) {
			break
		}
		at ^= childrenOf(unit)
		if unit&hasLeaf == 0 {
			continue
		}
		if at >= uint32(len(m.units)) {
			break
		}
		value, length, found = m.units[at]&(1<<31-1), i+1, true
		if shortest {
			break
		}
	}
	if !found {
		return nil, 0, false
	}
	return m.replacement(value), length, true
}

// childrenOf decodes the offset of a unit, relative to which its children lie.
func childrenOf(unit uint32) uint32 { return (unit >> 10) << ((unit & (1 << 9)) >> 6) }

// replacement returns the text that begins at byte at of the replacements.
func (m *charsmap) replacement(at uint32) []byte {
	if uint64(at) >= uint64(len(m.replacements)) || !utf8.RuneStart(m.replacements[at]) {
		return nil
	}
	r := m.replacements[at:]
	if end := bytes.IndexByte(r, 0); end >= 0 {
		r = r[:end]
	}
	return r
}
