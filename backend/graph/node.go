package graph

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers of the fields of NodeProto and AttributeProto in onnx.proto, and the types of
// attributes.
const (
	nodeInput     = 1
	nodeOutput    = 2
	nodeOp        = 4
	nodeAttribute = 5
	nodeDomain    = 7

	attributeName     = 1
	attributeFloat    = 2
	attributeInt      = 3
	attributeString   = 4
	attributeTensor   = 5
	attributeGraph    = 6
	attributeInts     = 8
	attributeGraphs   = 11
	attributeType     = 20
	attributeRefName  = 21
	attributeIsFloat  = 1
	attributeIsInt    = 2
	attributeIsString = 3
	attributeIsTensor = 4
)

// node computes its outputs from its inputs. The empty name stands for an input that is
// not given.
type node struct {
	op, domain      string
	inputs, outputs []string
	attributes      []attribute
	rest            []byte // all other fields, as they were
	dead            bool   // dropped at the next sweep
}

type attribute struct {
	name      string
	raw       []byte // the field of NodeProto
	f         *float32
	i         *int64
	s         string
	ints      []int64
	tensor    *tensor // float32 only
	subgraph  bool
	reference bool // to an attribute of the function around it
}

func parseNode(fields []field) (*node, error) {
	n := &node{}
	for _, f := range fields {
		if err := n.take(f); err != nil {
			return nil, fmt.Errorf("node %s %q: %w", n.op, n.outputs, err)
		}
	}
	return n, nil
}

func (n *node) take(f field) (err error) {
	var s string
	switch f.number {
	case nodeInput:
		s, err = f.text()
		n.inputs = append(n.inputs, s)
	case nodeOutput:
		s, err = f.text()
		n.outputs = append(n.outputs, s)
	case nodeOp:
		n.op, err = f.text()
	case nodeDomain:
		n.domain, err = f.text()
	case nodeAttribute:
		var a attribute
		a, err = parseAttribute(f)
		n.attributes = append(n.attributes, a)
	default:
		n.rest = append(n.rest, f.raw...)
	}
	return err
}

func parseAttribute(whole field) (attribute, error) {
	a := attribute{raw: whole.raw}
	fields, err := whole.message()
	if err != nil {
		return a, err
	}
	for _, f := range fields {
		if err := a.take(f); err != nil {
			return a, fmt.Errorf("attribute %q: %w", a.name, err)
		}
	}
	return a, nil
}

func (a *attribute) take(f field) (err error) {
	switch f.number {
	case attributeName:
		a.name, err = f.text()
	case attributeFloat:
		if f.kind != protowire.Fixed32Type {
			return errWireType
		}
		v := math.Float32frombits(uint32(f.bits))
		a.f = &v
	case attributeInt:
		var v int64
		v, err = f.integer()
		a.i = &v
	case attributeString:
		a.s, err = f.text()
	case attributeTensor:
		var fields []field
		if fields, err = f.message(); err == nil {
			_, a.tensor, err = parseTensor(fields)
		}
	case attributeInts:
		var more []int64
		more, err = f.integers()
		a.ints = append(a.ints, more...)
	case attributeGraph, attributeGraphs:
		a.subgraph = true
	case attributeRefName:
		a.reference = true
	}
	return err
}

func (n *node) encode() []byte {
	var b []byte
	for _, s := range n.inputs {
		b = appendText(b, nodeInput, s)
	}
	for _, s := range n.outputs {
		b = appendText(b, nodeOutput, s)
	}
	b = appendText(b, nodeOp, n.op)
	for _, a := range n.attributes {
		b = append(b, a.raw...)
	}
	if n.domain != "" {
		b = appendText(b, nodeDomain, n.domain)
	}
	return append(b, n.rest...)
}

// is says whether n is that operator of ONNX's own domain, with so many inputs and one
// output.
func (n *node) is(op string, inputs ...int) bool {
	if n == nil || n.dead || n.op != op || n.domain != "" && n.domain != "ai.onnx" || len(n.outputs) != 1 || n.outputs[0] == "" {
		return false
	}
	for _, want := range inputs {
		if len(n.inputs) == want {
			return true
		}
	}
	return false
}

// attribute finds an attribute; nil when it is not set.
func (n *node) attribute(name string) *attribute {
	for i := range n.attributes {
		if n.attributes[i].name == name {
			return &n.attributes[i]
		}
	}
	return nil
}

// float is the value of a float attribute that must be there.
func (n *node) float(name string) (v float32, ok bool) {
	a := n.attribute(name)
	if a == nil || a.f == nil || a.reference {
		return 0, false
	}
	return *a.f, true
}

// input is the name of input i, empty when it is not given.
func (n *node) input(i int) string {
	if i >= len(n.inputs) {
		return ""
	}
	return n.inputs[i]
}

// other is the other input of a node with two.
func (n *node) other(name string) string {
	if n.inputs[0] == name {
		return n.inputs[1]
	}
	return n.inputs[0]
}

func floatAttribute(name string, v float32) attribute {
	b := appendText(nil, attributeName, name)
	b = protowire.AppendTag(b, attributeFloat, protowire.Fixed32Type)
	b = protowire.AppendFixed32(b, math.Float32bits(v))
	b = appendInteger(b, attributeType, attributeIsFloat)
	return attribute{name: name, f: &v, raw: appendMessage(nil, nodeAttribute, b)}
}

// constantNode gives a tensor a name.
func constantNode(name string, t *tensor) *node {
	b := appendText(nil, attributeName, "value")
	b = appendMessage(b, attributeTensor, t.encode())
	b = appendInteger(b, attributeType, attributeIsTensor)
	return &node{
		op: "Constant", outputs: []string{name},
		attributes: []attribute{{name: "value", tensor: t, raw: appendMessage(nil, nodeAttribute, b)}},
	}
}

func intAttribute(name string, v int64) attribute {
	b := appendText(nil, attributeName, name)
	b = appendInteger(b, attributeInt, v)
	b = appendInteger(b, attributeType, attributeIsInt)
	return attribute{name: name, i: &v, raw: appendMessage(nil, nodeAttribute, b)}
}
