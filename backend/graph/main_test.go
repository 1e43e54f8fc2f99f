package graph_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/ort"
)

// scratch is where the runtime library is unpacked; TestMain makes and removes it.
var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "inkpool-graph-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	scratch = dir
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} { // the library must find no home of a person
		if err := os.Setenv(name, filepath.Join(dir, "home")); err != nil {
			panic(err)
		}
	}
	return m.Run()
}

// openRuntime unpacks and opens the bundled library, once.
var openRuntime = sync.OnceValues(func() (*ort.Environment, error) {
	files, err := bundle.Embedded()
	if err != nil {
		return nil, err
	}
	library, err := files.UnpackLibrary(scratch)
	if err != nil {
		return nil, err
	}
	return ort.Open(library)
})

// network is a small model to test with: one input x, one output.
type network struct {
	opset     int64 // 0: 11
	in, out   []int64
	outputs   []string // names; the first has the shape out
	constants []constant
	nodes     []op
	inputs    []string // more inputs of the graph, of any shape
	asNodes   bool     // constants are Constant nodes, else initialisers
}

type constant struct {
	name     string
	dims     []int64
	data     []float32
	external bool  // says that the values are in another file
	kind     int64 // of the values; 0: float32
}

// random is a constant of values -1..1, the same for the same name.
func random(name string, dims ...int64) constant {
	r := rand.New(rand.NewPCG(uint64(len(name)), uint64(name[0])))
	data := make([]float32, infer.Size(dims))
	for i := range data {
		data[i] = 2*r.Float32() - 1
	}
	return constant{name: name, dims: dims, data: data}
}

func number(name string, v float32, dims ...int64) constant {
	return constant{name: name, dims: dims, data: []float32{v}}
}

// op is a node: "Conv" of "x w" to "y".
type op struct {
	kind, in, out string
	attributes    [][]byte
}

func node(kind, in, out string, attributes ...[]byte) op { return op{kind, in, out, attributes} }

func ints(name string, values ...int64) []byte {
	b := text(nil, 1, name)
	for _, v := range values {
		b = integer(b, 8, v)
	}
	return integer(b, 20, 7)
}

func whole(name string, v int64) []byte { return integer(integer(text(nil, 1, name), 3, v), 20, 2) }

func float(name string, v float32) []byte {
	b := protowire.AppendTag(text(nil, 1, name), 2, protowire.Fixed32Type)
	return integer(protowire.AppendFixed32(b, math.Float32bits(v)), 20, 1)
}

func words(name, s string) []byte { return integer(text(text(nil, 1, name), 4, s), 20, 3) }

func text(b []byte, n protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, n, protowire.BytesType), s)
}

func message(b []byte, n protowire.Number, m []byte) []byte { return text(b, n, string(m)) }

func integer(b []byte, n protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), uint64(v))
}

func (c constant) encode(name string) []byte {
	var b []byte
	for _, d := range c.dims {
		b = integer(b, 1, d)
	}
	b = integer(b, 2, max(1, c.kind))
	if c.external {
		b = integer(b, 14, 1)
	}
	var floats []byte
	for _, v := range c.data {
		floats = protowire.AppendFixed32(floats, math.Float32bits(v))
	}
	return text(message(b, 4, floats), 8, name)
}

func (o op) encode() []byte {
	var b []byte
	for s := range strings.SplitSeq(o.in, " ") {
		b = text(b, 1, strings.Trim(s, "-")) // "-": not given
	}
	for s := range strings.SplitSeq(o.out, " ") {
		b = text(b, 2, s)
	}
	b = text(b, 4, o.kind)
	for _, a := range o.attributes {
		b = message(b, 5, a)
	}
	return b
}

// value is a ValueInfoProto of float32; without dims, of an unknown shape.
func value(name string, dims []int64) []byte {
	var shape []byte
	for _, d := range dims {
		shape = message(shape, 1, integer(nil, 1, d))
	}
	tensor := integer(nil, 1, 1)
	if dims != nil {
		tensor = message(tensor, 2, shape)
	}
	return message(text(nil, 1, name), 2, message(nil, 1, tensor))
}

// encode returns the ModelProto.
func (n network) encode() []byte {
	var g []byte
	for _, c := range n.constants {
		if n.asNodes {
			a := integer(message(text(nil, 1, "value"), 5, c.encode("")), 20, 4)
			g = message(g, 1, message(text(text(nil, 2, c.name), 4, "Constant"), 5, a))
		} else {
			g = message(g, 5, c.encode(c.name))
		}
	}
	for _, o := range n.nodes {
		g = message(g, 1, o.encode())
	}
	g = message(text(g, 2, "test"), 11, value("x", n.in))
	for _, name := range n.inputs {
		g = message(g, 11, value(name, nil))
	}
	for i, name := range n.outputs {
		if i == 0 {
			g = message(g, 12, value(name, n.out))
		} else {
			g = message(g, 12, value(name, nil))
		}
	}
	opset := n.opset
	if opset == 0 {
		opset = 11
	}
	m := message(integer(nil, 1, 8), 7, g)
	return message(m, 8, integer(text(nil, 1, ""), 2, opset))
}

// rewrite rewrites a network and checks that it computes the same.
func (n network) rewrite(t *testing.T) (rewritten []byte, r graph.Report) {
	t.Helper()
	original := n.encode()
	kept := slices.Clone(original)
	rewritten, r, err := graph.Rewrite(original)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(original, kept) {
		t.Error("the caller's bytes have changed")
	}
	env, err := openRuntime()
	if err != nil {
		t.Logf("not run: no runtime in this build (%v): run make setup", err)
		return rewritten, r
	}
	want, got := n.answer(t, env, original), n.answer(t, env, rewritten)
	for i := range want {
		// Both round, in another order: some units in the last place of sums of 50 values.
		if d := math.Abs(float64(got[i] - want[i])); !(d <= 2e-5*max(1, math.Abs(float64(want[i])))) {
			t.Fatalf("output %d: got %g, want %g as the original has it", i, got[i], want[i])
		}
	}
	return rewritten, r
}

// answer runs a model of the network's shapes on noise of -4..4.
func (n network) answer(t *testing.T, env *ort.Environment, data []byte) []float32 {
	t.Helper()
	s, err := env.Load(data, ort.Options{Inputs: []string{"x"}, Outputs: n.outputs[:1]})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	x := random("x", n.in...)
	for i := range x.data {
		x.data[i] *= 4
	}
	out := infer.NewTensor(make([]float32, infer.Size(n.out)), n.out...)
	if err := s.Run(t.Context(), []infer.Tensor{infer.NewTensor(x.data, n.in...)}, []infer.Tensor{out}); err != nil {
		t.Fatal(err)
	}
	return out.Data
}

// untouched checks that a network is left as it is.
func (n network) untouched(t *testing.T) {
	t.Helper()
	original := n.encode()
	got, r, err := graph.Rewrite(original)
	if err != nil {
		t.Fatal(err)
	}
	if r.Changed() || !bytes.Equal(got, original) {
		t.Errorf("got %+v and %v, want it untouched", r, ops(t, got))
	}
}

// ops are the operators of a model in their order, constants left out.
func ops(t *testing.T, data []byte) (kinds []string) {
	t.Helper()
	each(t, data, 7, func(g []byte) {
		each(t, g, 1, func(n []byte) {
			each(t, n, 4, func(kind []byte) {
				if string(kind) != "Constant" {
					kinds = append(kinds, string(kind))
				}
			})
		})
	})
	return kinds
}

// each calls do with the content of every field of that number.
func each(t *testing.T, data []byte, number protowire.Number, do func([]byte)) {
	t.Helper()
	for len(data) > 0 {
		num, _, n := protowire.ConsumeField(data)
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		if num == number {
			_, _, tag := protowire.ConsumeTag(data)
			content, _ := protowire.ConsumeBytes(data[tag:])
			do(content)
		}
		data = data[n:]
	}
}
