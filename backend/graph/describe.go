package graph

import (
	"fmt"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Numbers of more fields of ModelProto, and those of StringStringEntryProto, ValueInfoProto,
// TypeProto, TypeProto.Tensor, TensorShapeProto and its Dimension in onnx.proto.
const (
	modelMetadata = 14
	entryKey      = 1
	entryValue    = 2

	valueType      = 2
	typeTensor     = 1
	tensorElement  = 1
	tensorShape    = 2
	shapeDimension = 1
	dimensionValue = 1
)

// Any is a size that is not known before a model runs.
const Any = -1

// Value is an input or an output of a model.
type Value struct {
	Name  string
	Type  int64   // of its elements, a number of ONNX's TensorProto.DataType: 1 is float32; 0: it is no tensor, or nothing is said
	Shape []int64 // Any where the model leaves it open; nil where it says nothing
}

// Description is what a model says about itself.
type Description struct {
	Inputs, Outputs []Value           // in the graph's order; constants are no inputs
	Metadata        map[string]string // custom entries
}

// Describe reads what the ONNX model in data says about itself. Bytes that are no such model,
// and models without an input or an output, are CodeModelCorrupt. Weights are not looked at.
func Describe(data []byte) (Description, error) {
	d, err := describe(data)
	if err == nil && (len(d.Inputs) == 0 || len(d.Outputs) == 0) {
		err = fmt.Errorf("%d inputs, %d outputs", len(d.Inputs), len(d.Outputs))
	}
	if err != nil {
		return Description{}, unreadable(err)
	}
	return d, nil
}

// unreadable says that bytes are no model.
func unreadable(err error) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, "this model cannot be read").
		WithCause(err).WithHint("Install it again.")
}

func describe(data []byte) (Description, error) {
	fields, err := parseFields(data)
	if err != nil {
		return Description{}, err
	}
	d := Description{Metadata: map[string]string{}}
	for _, f := range fields {
		switch f.number {
		case modelMetadata:
			err = d.takeEntry(f)
		case modelGraph:
			err = d.takeGraph(f)
		}
		if err != nil {
			return Description{}, err
		}
	}
	return d, nil
}

func (d *Description) takeEntry(entry field) error {
	fields, err := entry.message()
	if err != nil {
		return fmt.Errorf("metadata: %w", err)
	}
	var key, value string
	for _, f := range fields {
		switch f.number {
		case entryKey:
			key, err = f.text()
		case entryValue:
			value, err = f.text()
		}
		if err != nil {
			return fmt.Errorf("metadata: %w", err)
		}
	}
	d.Metadata[key] = value
	return nil
}

func (d *Description) takeGraph(graph field) error {
	fields, err := graph.message()
	if err != nil {
		return fmt.Errorf("graph: %w", err)
	}
	var inputs []Value
	constants := map[string]bool{}
	for _, f := range fields {
		var v Value
		switch f.number {
		case graphInput:
			v, err = f.value()
			inputs = append(inputs, v)
		case graphOutput:
			v, err = f.value()
			d.Outputs = append(d.Outputs, v)
		case graphInitializer:
			v.Name, err = f.initializerName()
			constants[v.Name] = true
		}
		if err != nil {
			return err
		}
	}
	for _, v := range inputs { // older exporters list constants too
		if !constants[v.Name] {
			d.Inputs = append(d.Inputs, v)
		}
	}
	return nil
}

// initializerName is the name of a TensorProto.
func (f field) initializerName() (name string, err error) {
	fields, err := f.message()
	for _, f := range fields {
		if f.number == tensorName && err == nil {
			name, err = f.text()
		}
	}
	return name, err
}

// value reads a ValueInfoProto.
func (f field) value() (v Value, err error) {
	if v.Name, err = f.valueName(); err != nil {
		return v, err
	}
	element, ok, err := f.at(valueType, typeTensor, tensorElement)
	if ok && err == nil {
		v.Type, err = element.integer()
	}
	if err != nil {
		return v, err
	}
	shape, ok, err := f.at(valueType, typeTensor, tensorShape)
	if err != nil || !ok {
		return v, err
	}
	fields, err := shape.message()
	v.Shape = []int64{}
	for _, dim := range fields {
		if dim.number == shapeDimension && err == nil {
			var size int64
			size, err = dim.size()
			v.Shape = append(v.Shape, size)
		}
	}
	return v, err
}

// size reads a Dimension. Exporters write what is left open as a name, as nothing, or as a
// number below 1.
func (f field) size() (int64, error) {
	value, ok, err := f.at(dimensionValue)
	if err != nil || !ok {
		return Any, err
	}
	n, err := value.integer()
	if n < 1 {
		n = Any
	}
	return n, err
}

// at follows numbers from message to message; ok is false where one of them is not there.
func (f field) at(numbers ...int) (found field, ok bool, err error) {
	for _, number := range numbers {
		fields, err := f.message()
		if err != nil {
			return field{}, false, err
		}
		ok = false
		for _, inner := range fields {
			if int(inner.number) == number {
				f, ok = inner, true
			}
		}
		if !ok {
			return field{}, false, nil
		}
	}
	return f, true, nil
}
