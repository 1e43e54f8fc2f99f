package graph

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a protobuf message.
type field struct {
	number  protowire.Number
	kind    protowire.Type
	raw     []byte // tag and value, as they were
	content []byte // of a BytesType field: what is in it
	bits    uint64 // of the other types: the value's bits
}

// parseFields takes a message apart. The fields refer to data.
func parseFields(data []byte) ([]field, error) {
	var fields []field
	for len(data) > 0 {
		f, n, err := parseField(data)
		if err != nil {
			return nil, err
		}
		fields = append(fields, f)
		data = data[n:]
	}
	return fields, nil
}

// parseField reads the first field of data and says how long it is.
func parseField(data []byte) (f field, length int, err error) {
	number, kind, tag := protowire.ConsumeTag(data)
	if tag < 0 {
		return field{}, 0, protowire.ParseError(tag)
	}
	f = field{number: number, kind: kind}
	value := data[tag:]
	var n int
	switch kind {
	case protowire.BytesType:
		f.content, n = protowire.ConsumeBytes(value)
	case protowire.VarintType:
		f.bits, n = protowire.ConsumeVarint(value)
	case protowire.Fixed32Type:
		var v uint32
		v, n = protowire.ConsumeFixed32(value)
		f.bits = uint64(v)
	case protowire.Fixed64Type:
		f.bits, n = protowire.ConsumeFixed64(value)
	default:
		return field{}, 0, fmt.Errorf("field %d has wire type %d", number, kind)
	}
	if n < 0 {
		return field{}, 0, fmt.Errorf("field %d: %w", number, protowire.ParseError(n))
	}
	f.raw = data[:tag+n]
	return f, tag + n, nil
}

// errWireType: a field that we must understand has another type than ONNX gives it.
var errWireType = errors.New("a field has the wrong type")

func (f field) text() (string, error) {
	if f.kind != protowire.BytesType {
		return "", errWireType
	}
	return string(f.content), nil
}

func (f field) message() ([]field, error) {
	if f.kind != protowire.BytesType {
		return nil, errWireType
	}
	return parseFields(f.content)
}

func (f field) integer() (int64, error) {
	if f.kind != protowire.VarintType {
		return 0, errWireType
	}
	return int64(f.bits), nil
}

// integers reads one element of a repeated integer field, or several that are packed.
func (f field) integers() ([]int64, error) {
	if f.kind == protowire.VarintType {
		return []int64{int64(f.bits)}, nil
	}
	if f.kind != protowire.BytesType {
		return nil, errWireType
	}
	var values []int64
	for data := f.content; len(data) > 0; {
		v, n := protowire.ConsumeVarint(data)
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		values = append(values, int64(v))
		data = data[n:]
	}
	return values, nil
}

func appendText(b []byte, number protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), s)
}

func appendMessage(b []byte, number protowire.Number, message []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), message)
}

func appendInteger(b []byte, number protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), uint64(v))
}
