package graph

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// errCutOff: a message ends before all of it has come.
var errCutOff = errors.New("the model ends in the middle of a field")

// scanner reads protobuf messages from a stream and keeps none of them: models may be larger
// than the memory.
type scanner struct {
	in     *bufio.Reader
	at     int64 // bytes read
	broken error // why the stream cannot be read
}

// found is a field as it comes along. Of a BytesType field n is the length of what follows,
// else the value's bits.
type found struct {
	number protowire.Number
	kind   protowire.Type
	n      uint64
}

// message visits the fields of a message of so many bytes. visit may read the content of a
// BytesType field, all or a part; what it leaves is passed over.
func (s *scanner) message(size int64, visit func(f found) error) error {
	end := s.at + size
	for s.at < end {
		f, err := s.field(end)
		if err != nil {
			return err
		}
		next := s.at
		if f.kind == protowire.BytesType {
			next += int64(f.n)
		}
		if err := visit(f); err != nil {
			return fmt.Errorf("field %d: %w", f.number, err)
		}
		if err := s.skip(next - s.at); err != nil {
			return err
		}
	}
	return nil
}

// field reads the tag of a field, and its value or length. The message around it ends at end.
func (s *scanner) field(end int64) (f found, err error) {
	tag, err := s.varint(end)
	if err != nil {
		return f, err
	}
	number, kind := protowire.DecodeTag(tag)
	if !number.IsValid() {
		return f, fmt.Errorf("there is no field %d", number)
	}
	f = found{number: number, kind: kind}
	switch kind {
	case protowire.VarintType:
		f.n, err = s.varint(end)
	case protowire.Fixed32Type:
		err = s.pass(4, end)
	case protowire.Fixed64Type:
		err = s.pass(8, end)
	case protowire.BytesType:
		if f.n, err = s.varint(end); err == nil && f.n > uint64(end-s.at) {
			err = errCutOff
		}
	default:
		err = fmt.Errorf("field %d has wire type %d", number, kind)
	}
	return f, err
}

func (s *scanner) varint(end int64) (v uint64, err error) {
	for shift := 0; shift < 64; shift += 7 {
		if s.at >= end {
			return 0, errCutOff
		}
		b, err := s.in.ReadByte()
		if err != nil {
			return 0, s.ended(err)
		}
		s.at++
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v, nil
		}
	}
	return 0, errors.New("a number has more than 64 bits")
}

// pass goes over n bytes, which must end before end.
func (s *scanner) pass(n, end int64) error {
	if n > end-s.at {
		return errCutOff
	}
	return s.skip(n)
}

func (s *scanner) skip(n int64) error {
	if n < 0 {
		return errCutOff // a message within went beyond its field
	}
	done, err := io.CopyN(io.Discard, s.in, n)
	s.at += done
	return s.ended(err)
}

// content reads a field whole that has no more than limit bytes.
func (s *scanner) content(f found, limit uint64) ([]byte, error) {
	if f.kind != protowire.BytesType {
		return nil, errWireType
	}
	if f.n > limit {
		return nil, fmt.Errorf("it has %d bytes, more than %d", f.n, limit)
	}
	data := make([]byte, f.n)
	n, err := io.ReadFull(s.in, data)
	s.at += int64(n)
	return data, s.ended(err)
}

// ended says that a stream which ends too soon is one that was cut off.
func (s *scanner) ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCutOff
	}
	if err != nil {
		s.broken = err
	}
	return err
}
