package main

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/inkpool/inkpool/backend/language"
	"google.golang.org/protobuf/encoding/protowire"
)

// quantised is a vector of a piece of a word as the file has it: whole numbers -127..127 times
// a scale.
type quantised struct {
	values [width]int8
	scale  float32
}

func quantise(v []float32) (q quantised) {
	top := float32(0)
	for _, x := range v {
		top = max(top, x, -x)
	}
	if q.scale = top / 127; top == 0 {
		return q
	}
	for i, x := range v {
		q.values[i] = int8(math.Round(float64(x / q.scale)))
	}
	return q
}

// quantise makes the vectors those that will be in the file, for check.
func (n *network) quantise() {
	for id := range int64(language.Buckets) {
		v := n.vector(id)
		q := quantise(v)
		for i := range v {
			v[i] = float32(q.values[i]) * q.scale
		}
	}
}

// write writes the model and the list of its languages.
func (n *network) write(dir string, labels []string) error {
	if err := os.WriteFile(filepath.Join(dir, "model.onnx"), n.onnx(int64(len(labels))), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "labels.txt"), []byte(strings.Join(labels, "\n")+"\n"), 0o644)
}

// Types of elements in ONNX.
const (
	float32s = 1
	int8s    = 3
	int64s   = 7
)

// onnx writes the network in operators of version 13 of ONNX.
func (n *network) onnx(languages int64) []byte {
	var values, scales, weights, bias []byte
	for id := range int64(language.Buckets) {
		q := quantise(n.vector(id))
		for _, v := range q.values {
			values = append(values, byte(v))
		}
		scales = appendFloat(scales, q.scale)
	}
	for i := range width {
		for l := range languages {
			weights = appendFloat(weights, n.weights[l*width+int64(i)])
		}
	}
	for _, b := range n.bias {
		bias = appendFloat(bias, b)
	}
	var g message
	g.node("Gather", "values "+language.InputIDs, "rough")
	g.node("Cast", "rough", "unscaled", attribute{"to", float32s})
	g.node("Gather", "scales "+language.InputIDs, "scale")
	g.node("Mul", "unscaled scale", "vectors")
	g.node("ReduceMean", "vectors", "mean", attribute{"axes", []int64{0}})
	g.node("MatMul", "mean weights", "weighed")
	g.node("Add", "weighed bias", "evidence")
	g.node("Add", "evidence "+language.InputPrior, "logits")
	g.node("Softmax", "logits", language.OutputProbs, attribute{"axis", 1})
	g.text(2, "language")
	g.constant("values", int8s, values, language.Buckets, width)
	g.constant("scales", float32s, scales, language.Buckets, 1)
	g.constant("weights", float32s, weights, width, languages)
	g.constant("bias", float32s, bias, languages)
	g.value(11, language.InputIDs, int64s, "n")
	g.value(11, language.InputPrior, float32s, languages)
	g.value(12, language.OutputProbs, float32s, 1, languages)

	var opset, m message
	opset.number(2, 13)
	m.number(1, 7) // version of the format
	m.text(2, "inkpool/build/language")
	m.message(8, opset)
	m.message(7, g)
	return m
}

func appendFloat(b []byte, f float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
}

// message is one of Protocol Buffers. Field numbers are those of onnx.proto3.
type message []byte

func (m *message) number(field protowire.Number, v int64) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.VarintType), uint64(v))
}

func (m *message) bytes(field protowire.Number, b []byte) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, field, protowire.BytesType), b)
}

func (m *message) text(field protowire.Number, s string)      { m.bytes(field, []byte(s)) }
func (m *message) message(field protowire.Number, of message) { m.bytes(field, of) }

// attribute is a setting of a node: an int, or a list of int64.
type attribute struct {
	name  string
	value any
}

func (m *message) node(op, inputs, output string, attributes ...attribute) {
	var n message
	for _, in := range strings.Fields(inputs) {
		n.text(1, in)
	}
	n.text(2, output)
	n.text(3, output)
	n.text(4, op)
	for _, a := range attributes {
		var of message
		of.text(1, a.name)
		switch v := a.value.(type) {
		case int:
			of.number(3, int64(v))
			of.number(20, 2)
		case []int64:
			for _, x := range v {
				of.number(8, x)
			}
			of.number(20, 7)
		}
		n.message(5, of)
	}
	m.message(1, n)
}

// constant adds an initializer.
func (m *message) constant(name string, element int64, raw []byte, dims ...int64) {
	var t message
	for _, d := range dims {
		t.number(1, d)
	}
	t.number(2, element)
	t.text(8, name)
	t.bytes(9, raw)
	m.message(5, t)
}

// value describes an input (field 11) or output (field 12); a dimension is a size or a name.
func (m *message) value(field protowire.Number, name string, element int64, dims ...any) {
	var shape, tensor, kind, v message
	for _, d := range dims {
		var dim message
		switch d := d.(type) {
		case int64:
			dim.number(1, d)
		case int:
			dim.number(1, int64(d))
		case string:
			dim.text(2, d)
		}
		shape.message(1, dim)
	}
	tensor.number(1, element)
	tensor.message(2, shape)
	kind.message(1, tensor)
	v.text(1, name)
	v.message(2, kind)
	m.message(field, v)
}
