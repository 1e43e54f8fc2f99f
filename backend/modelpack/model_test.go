package modelpack_test

import (
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// Types of elements, as ONNX numbers them.
const (
	float32s = 1
	int64s   = 7
	strings8 = 8
	float16s = 10
)

// model is a small ONNX model of one node. The zero value takes pictures of 8 x 8 and tells 3
// labels.
type model struct {
	in, out   []int64 // shapes
	inType    int64   // 0: float32s
	inName    string  // "": x
	domain    string  // of its operator
	opset     int64   // 0: 13
	location  string  // of a file with its weights
	offset    int64
	length    int64
	imports   map[string]int64 // further operator sets
	weights   int              // bytes within
	functions [][2]string      // domain and name
}

func text(b []byte, n protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, n, protowire.BytesType), s)
}

func message(b []byte, n protowire.Number, m []byte) []byte { return text(b, n, string(m)) }

func integer(b []byte, n protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), uint64(v))
}

// tensorType is a ValueInfoProto. A size of -1 is open.
func tensorType(name string, kind int64, dims []int64) []byte {
	var shape []byte
	for _, d := range dims {
		dim := integer(nil, 1, d)
		if d < 0 {
			dim = text(nil, 2, "n")
		}
		shape = message(shape, 1, dim)
	}
	return message(text(nil, 1, name), 2, message(nil, 1, message(integer(nil, 1, kind), 2, shape)))
}

// tensor is an initialiser, perhaps in a file of its own.
func (m model) tensor() []byte {
	b := text(integer(integer(nil, 1, 4), 2, float32s), 8, "w")
	if m.location == "" {
		return text(b, 9, string(make([]byte, m.weights)))
	}
	for _, kv := range [][2]string{{"location", m.location}, {"offset", strconv.FormatInt(m.offset, 10)}, {"length", strconv.FormatInt(m.length, 10)}} {
		b = message(b, 13, text(text(nil, 1, kv[0]), 2, kv[1]))
	}
	return integer(b, 14, 1)
}

// bytes is the ModelProto.
func (m model) bytes() []byte {
	if m.in == nil {
		m.in = []int64{-1, 3, 8, 8}
	}
	if m.out == nil {
		m.out = []int64{-1, 3}
	}
	name := m.inName
	if name == "" {
		name = "x"
	}
	node := text(text(text(text(nil, 1, name), 2, "y"), 4, "Op"), 7, m.domain)
	g := message(message(nil, 1, node), 5, m.tensor())
	g = message(message(g, 11, tensorType(name, max(m.inType, float32s), m.in)), 12, tensorType("y", float32s, m.out))
	b := message(integer(nil, 1, 8), 7, g)
	opset := m.opset
	if opset == 0 {
		opset = 13
	}
	b = message(b, 8, integer(text(nil, 1, ""), 2, opset))
	for domain, version := range m.imports {
		b = message(b, 8, integer(text(nil, 1, domain), 2, version))
	}
	for _, f := range m.functions {
		b = message(b, 25, text(text(nil, 1, f[1]), 10, f[0]))
	}
	return b
}
