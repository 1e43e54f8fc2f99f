package document

import (
	"bytes"
	"errors"
	"fmt"

	"golang.org/x/image/ccitt"
)

// unpackFax decodes the coding of fax machines. Its black is 1, our zeros are what the colour
// model says they are: runs that are coded as white are zeros, as with every other compression.
// libtiff writes and reads it so; x/image/tiff shows pages that are BlackIsZero in negative.
func (p *tiffPage) unpackFax(b block, size int) ([]byte, error) {
	const twoDimensional, uncompressed = 1, 2
	if p.compression == tiffGroup4 {
		return readExactly(ccitt.NewReader(bytes.NewReader(b.bytes), ccitt.MSB, ccitt.Group4, b.w, b.h, faxColours()), size)
	}
	if p.fields.one(tagT4Options, 0)&(twoDimensional|uncompressed) != 0 {
		return nil, fmt.Errorf("two-dimensional group 3: %w", errVariant)
	}
	return faxRows(b, size/b.h)
}

func faxColours() *ccitt.Options { return &ccitt.Options{Invert: true} }

var errFax = errors.New("not the lines of a fax")

// faxRows decodes a block line by line, each into stride bytes. x/image would decode it at once,
// but knows nothing of the zeros that machines send in front of the end of a line to give the
// paper time, or to begin lines at whole bytes (ITU-T T.4, 4.1.3). A line that was damaged on
// its way is the one above again, as on paper; half of them must be sound.
func faxRows(b block, stride int) ([]byte, error) {
	var out []byte
	above := make([]byte, stride)
	good := 0
	lines := faxLines{src: b.bytes}
	for range b.h {
		line, ok := lines.next()
		if !ok {
			break
		}
		row, err := readExactly(ccitt.NewReader(bytes.NewReader(line), ccitt.MSB, ccitt.Group3, b.w, 1, faxColours()), stride)
		if err == nil {
			above = row
			good++
		}
		out = append(out, above...)
	}
	if 2*good < b.h {
		return nil, errFax
	}
	return append(out, make([]byte, stride*b.h-len(out))...), nil
}

// faxLines takes a block apart.
type faxLines struct {
	src []byte
	at  int // bit
}

// endOfLine is at least so many zeros and a one, which no code has.
const endOfLine = 11

// next returns an end of line and the bits up to the next one, which is how x/image wants a
// line. Two ends of line in a row are the end of the page.
func (l *faxLines) next() (line []byte, ok bool) {
	from, to, found := l.untilEnd()
	if from == 0 && found && to-from == zerosAtStart(l.src) {
		from, to, _ = l.untilEnd() // the end of the line before the first
	}
	if to-from <= endOfLine {
		return nil, false
	}
	line = []byte{0, 1 << 4}
	for i, bit := from, endOfLine+1; i < to; i, bit = i+1, bit+1 {
		if bit%8 == 0 {
			line = append(line, 0)
		}
		line[bit/8] |= l.src[i/8] >> (7 - i%8) & 1 << (7 - bit%8)
	}
	return line, true
}

// untilEnd moves behind the next end of line, and returns the bits in front of its one.
func (l *faxLines) untilEnd() (from, to int, found bool) {
	from = l.at
	zeros := 0
	for ; l.at < 8*len(l.src); l.at++ {
		if l.src[l.at/8]>>(7-l.at%8)&1 == 0 {
			zeros++
			continue
		}
		if zeros >= endOfLine {
			l.at++
			return from, l.at - 1, true
		}
		zeros = 0
	}
	return from, l.at, false
}

// zerosAtStart counts bits.
func zerosAtStart(src []byte) int {
	n := 0
	for n < 8*len(src) && src[n/8]>>(7-n%8)&1 == 0 {
		n++
	}
	return n
}
