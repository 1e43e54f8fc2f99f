package graph

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers of TensorProto's fields in onnx.proto, and the two values that matter here.
const (
	tensorDims     = 1
	tensorDataType = 2
	tensorFloats   = 4
	tensorName     = 8
	tensorRaw      = 9
	tensorLocation = 14

	typeFloat        = 1
	locationExternal = 1
)

// tensor is a constant of type float32, row-major.
type tensor struct {
	dims []int64
	data []float32 // length = product of dims
}

// scalar is the value of a tensor with one element.
func (t *tensor) scalar() (v float32, ok bool) {
	if t == nil || len(t.data) != 1 {
		return 0, false
	}
	return t.data[0], true
}

// times is t with all elements multiplied.
func (t *tensor) times(s float64) *tensor {
	data := make([]float32, len(t.data))
	for i, v := range t.data {
		data[i] = float32(float64(v) * s)
	}
	return &tensor{dims: t.dims, data: data}
}

// plus is t with amount(i) added to element i.
func (t *tensor) plus(amount func(i int) float64) *tensor {
	data := make([]float32, len(t.data))
	for i, v := range t.data {
		data[i] = float32(float64(v) + amount(i))
	}
	return &tensor{dims: t.dims, data: data}
}

func (t *tensor) finite() bool {
	return !slices.ContainsFunc(t.data, func(v float32) bool {
		return math.IsNaN(float64(v)) || math.IsInf(float64(v), 0)
	})
}

// parseTensor reads a TensorProto. The tensor is nil when it holds something else than
// float32 values, or keeps them in another file.
func parseTensor(fields []field) (name string, t *tensor, err error) {
	var dims []int64
	var data []float32
	known := false // that these are floats, and here
	external := false
	for _, f := range fields {
		switch f.number {
		case tensorDims:
			var more []int64
			more, err = f.integers()
			dims = append(dims, more...)
		case tensorDataType:
			var kind int64
			kind, err = f.integer()
			known = kind == typeFloat
		case tensorName:
			name, err = f.text()
		case tensorFloats, tensorRaw:
			data, err = appendFloats(data, f)
		case tensorLocation:
			var location int64
			location, err = f.integer()
			external = location == locationExternal
		}
		if err != nil {
			return "", nil, fmt.Errorf("tensor %q: field %d: %w", name, f.number, err)
		}
	}
	if !known || external {
		return name, nil, nil
	}
	if !fits(dims, len(data)) {
		return "", nil, fmt.Errorf("tensor %q of shape %v has %d values", name, dims, len(data))
	}
	return name, &tensor{dims: dims, data: data}, nil
}

// appendFloats reads float_data, packed or one by one, and raw_data. Bytes of raw_data that
// are no whole number of floats belong to another data type: they are left out.
func appendFloats(data []float32, f field) ([]float32, error) {
	if f.kind == protowire.Fixed32Type {
		return append(data, math.Float32frombits(uint32(f.bits))), nil
	}
	if f.kind != protowire.BytesType {
		return nil, errWireType
	}
	data = slices.Grow(data, len(f.content)/4)
	for b := f.content; len(b) >= 4; b = b[4:] {
		data = append(data, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return data, nil
}

// fits says whether a tensor of that shape has n elements; shapes may come from anywhere.
func fits(dims []int64, n int) bool {
	size := int64(1)
	for _, d := range dims {
		if d < 0 || d > math.MaxInt32 || size > math.MaxInt32 {
			return false
		}
		size *= d
	}
	return size == int64(n)
}

// encode returns the TensorProto.
func (t *tensor) encode() []byte {
	var b []byte
	for _, d := range t.dims {
		b = appendInteger(b, tensorDims, d)
	}
	b = appendInteger(b, tensorDataType, typeFloat)
	raw := make([]byte, 0, 4*len(t.data))
	for _, v := range t.data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return appendMessage(b, tensorRaw, raw)
}
