package heif

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
)

// Info is what a container says of its main picture.
type Info struct {
	Codec         Codec
	Width, Height int   // of the upright picture, in pixels
	Turns         []int // orientations as in EXIF (1..8) that what Decode gives is to be put to, in turn
}

// ReadInfo reads the boxes in front of the pixels. Format: ISO/IEC 14496-12 (boxes) and
// 23008-12 (items and their properties).
func ReadInfo(data []byte) (Info, error) {
	meta, ok := find(data, "meta")
	if !ok || len(meta) < fullBox {
		return Info{}, unsupported("no main picture")
	}
	meta = meta[fullBox:]
	item, ok := primaryItem(meta)
	if !ok {
		return Info{}, unsupported("no main picture")
	}
	codec, err := codecOf(meta, item)
	if err != nil {
		return Info{}, err
	}
	info := Info{Codec: codec}
	for _, p := range properties(meta, item) {
		info.apply(p)
	}
	if info.Width <= 0 || info.Height <= 0 {
		return Info{}, damaged(nil)
	}
	return info, nil
}

// apply changes info by a property of the picture. Those that change it are in the order in
// which they are to be done. libheif does them by itself; libavif leaves them to us, and
// nothing cuts margins (clap) off its pictures.
func (info *Info) apply(p box) {
	field := func(i int) int { return int(binary.BigEndian.Uint32(p.body[4*i:])) }
	turn := 0
	switch {
	case p.kind == "ispe" && len(p.body) >= 12 && info.Width == 0:
		info.Width, info.Height = field(1), field(2)
	case p.kind == "clap" && len(p.body) >= 16 && info.Codec == HEVC && field(1) > 0 && field(3) > 0:
		info.Width = int(math.Round(float64(field(0)) / float64(field(1))))
		info.Height = int(math.Round(float64(field(2)) / float64(field(3))))
	case p.kind == "irot" && len(p.body) >= 1:
		const upright, left, over, right = 1, 8, 3, 6 // quarter turns anticlockwise
		turn = [...]int{upright, left, over, right}[p.body[0]&3]
		if turn == left || turn == right {
			info.Width, info.Height = info.Height, info.Width
		}
	case p.kind == "imir" && len(p.body) >= 1:
		const topToBottom, leftToRight = 4, 2
		turn = [...]int{topToBottom, leftToRight}[p.body[0]&1]
	}
	const most = 2 // one rotation, one mirror
	if turn > 1 && info.Codec == AV1 && len(info.Turns) < most {
		info.Turns = append(info.Turns, turn)
	}
}

// codecOf finds out how an item is coded: of one that is put together of tiles, how those are.
func codecOf(meta []byte, item uint32) (Codec, error) {
	types := itemTypes(meta)
	kind := types[item]
	if kind == "grid" || kind == "iden" || kind == "iovl" {
		for _, number := range slices.Sorted(maps.Keys(types)) { // tiles come before thumbnails
			if k := types[number]; k == "hvc1" || k == "av01" {
				kind = k
				break
			}
		}
	}
	switch kind {
	case "hvc1":
		return HEVC, nil
	case "av01":
		return AV1, nil
	default:
		return "", unsupported("item of type " + kind)
	}
}

// itemTypes reads the kinds of all items, by their numbers.
func itemTypes(meta []byte) map[uint32]string {
	types := map[uint32]string{}
	list, _ := find(meta, "iinf")
	if len(list) < fullBox+4 {
		return types
	}
	entries := list[fullBox+2:]
	if list[0] != 0 { // version
		entries = list[fullBox+4:]
	}
	for _, b := range boxes(entries) {
		const protection, kind = 2, 4 // bytes
		number := wordSize(b, 3)
		if b.kind == "infe" && len(b.body) >= fullBox+number+protection+kind && b.body[0] >= 2 {
			at := b.body[fullBox:]
			types[word(at, number)] = string(at[number+protection:][:kind])
		}
	}
	return types
}

func primaryItem(meta []byte) (uint32, bool) {
	body, ok := find(meta, "pitm")
	number := wordSize(box{body: body}, 1)
	if !ok || len(body) < fullBox+number {
		return 0, false
	}
	return word(body[fullBox:], number), true
}

// mostProperties is how many of an item are looked at. Phones give a picture a dozen; a list of
// one byte each that is as long as the file would take forty times its size.
const mostProperties = 1000

// properties returns those of an item, in their order.
func properties(meta []byte, item uint32) (out []box) {
	both, _ := find(meta, "iprp")
	stored, _ := find(both, "ipco")
	all := boxes(stored)
	for _, b := range boxes(both) {
		if b.kind == "ipma" {
			for _, number := range associations(b, item) {
				if number >= 1 && number <= len(all) && len(out) < mostProperties {
					out = append(out, all[number-1])
				}
			}
		}
	}
	return out
}

// associations reads which properties belong to an item, counted from 1.
func associations(b box, item uint32) (numbers []int) {
	if len(b.body) < fullBox+4 {
		return nil
	}
	id, each := wordSize(b, 1), 1
	if b.body[3]&1 != 0 { // flags
		each = 2
	}
	at := b.body[fullBox+4:]
	for len(at) >= id+1 && len(numbers) < mostProperties {
		this, n := word(at, id), int(at[id])
		at = at[id+1:]
		if len(at) < n*each {
			break
		}
		for i := range n {
			if this == item {
				essential := uint32(1) << (8*each - 1)
				numbers = append(numbers, int(word(at[i*each:], each)&^essential))
			}
		}
		at = at[n*each:]
	}
	return numbers
}

// box is a part of the container: four letters and what is in it.
type box struct {
	kind string
	body []byte
}

// fullBox is how many bytes version and flags take at the beginning of some boxes.
const fullBox = 4

// mostBoxes is how many boxes of one level are looked at. A panorama of a phone has 300 tiles.
const mostBoxes = 10_000

// boxes takes a level of the container apart. A last box that is cut short is kept as far as
// it goes.
func boxes(data []byte) (out []box) {
	for len(data) >= 8 && len(out) < mostBoxes {
		size, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
		if size == 1 && len(data) >= 16 {
			size, head = binary.BigEndian.Uint64(data[8:]), 16
		}
		if size == 0 || size > uint64(len(data)) {
			size = uint64(len(data))
		}
		if size < head {
			break
		}
		out = append(out, box{string(data[4:8]), data[head:size]})
		data = data[size:]
	}
	return out
}

// find returns what is in the first box of a kind.
func find(data []byte, kind string) ([]byte, bool) {
	all := boxes(data)
	at := slices.IndexFunc(all, func(b box) bool { return b.kind == kind })
	if at < 0 {
		return nil, false
	}
	return all[at].body, true
}

// wordSize is how many bytes the number of an item takes: four from a version of the box on.
func wordSize(b box, from byte) int {
	if len(b.body) > 0 && b.body[0] >= from {
		return 4
	}
	return 2
}

// word reads a number of 1, 2 or 4 bytes.
func word(b []byte, size int) (n uint32) {
	for _, c := range b[:size] {
		n = n<<8 | uint32(c)
	}
	return n
}
