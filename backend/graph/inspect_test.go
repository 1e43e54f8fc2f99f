package graph_test

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func inspect(data []byte) (graph.Structure, error) {
	return graph.Inspect(bytes.NewReader(data), int64(len(data)))
}

// outside is a tensor with weights in another file.
func outside(name string, place ...string) []byte {
	b := integer(integer(integer(text(nil, 8, name), 1, 4), 2, 1), 14, 1)
	for i := 0; i+1 < len(place); i += 2 {
		b = message(b, 13, entry(place[i], place[i+1]))
	}
	return b
}

// in puts a domain into a node or a function.
func in(domain string, field protowire.Number, message []byte) []byte {
	return text(message, field, domain)
}

// modelOf is a model from x to y whose graph begins with some fields.
func modelOf(fields []byte, opsets ...string) []byte {
	g := message(message(fields, 11, value("x", []int64{1})), 12, value("y", []int64{1}))
	m := message(integer(nil, 1, 8), 7, g)
	for _, domain := range append(opsets, "") {
		m = message(m, 8, integer(text(nil, 1, domain), 2, 13))
	}
	return m
}

func TestInspect(t *testing.T) {
	body := message(message(nil, 1, in("com.microsoft", 7, node("Gelu", "x", "z").encode())), 1, node("Neg", "z", "y").encode())
	branch := message(message(nil, 1, in("custom", 7, node("Inner", "x", "z").encode())), 5, outside("w", "location", "b.bin", "offset", "8", "length", "8"))
	branchNode := message(node("If", "x", "y").encode(), 5, integer(message(text(nil, 1, "then_branch"), 6, branch), 20, 5))
	constant := message(node("Constant", "-", "c").encode(), 5, message(text(nil, 1, "value"), 5, outside("c", "location", "a.bin", "length", "100")))
	fields := message(message(nil, 1, branchNode), 1, constant)
	fields = message(fields, 1, in("own", 7, node("Twice", "x", "y").encode()))
	fields = message(fields, 1, in("own", 7, node("Twice", "x", "y").encode()))
	fields = message(fields, 5, outside("v", "location", "a.bin", "offset", "40"))
	fields = message(fields, 15, message(nil, 1, outside("s", "location", "c.bin")))
	function := text(text(nil, 1, "Twice"), 10, "own")
	each(t, body, 1, func(n []byte) { function = message(function, 7, n) })
	data := message(message(modelOf(fields, "own"), 25, function), 14, entry("author", "me"))

	got, err := inspect(data)
	want := graph.Structure{
		Description: graph.Description{
			Inputs:   []graph.Value{{Name: "x", Type: graph.Float32, Shape: []int64{1}}},
			Outputs:  []graph.Value{{Name: "y", Type: graph.Float32, Shape: []int64{1}}},
			Metadata: map[string]string{"author": "me"},
		},
		Opsets:   map[string]int64{"ai.onnx": 13, "own": 13},
		Domains:  []string{"ai.onnx", "com.microsoft", "custom"},
		External: []graph.External{{Location: "a.bin", Size: 100}, {Location: "b.bin", Size: 16}, {Location: "c.bin"}},
		Nodes:    1 + 1 + 1 + 2*2,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

// What Inspect says of inputs, outputs and metadata is what Describe says.
func TestInspectDescribes(t *testing.T) {
	files, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	for _, name := range []string{"ocr/det.onnx", "ocr/rec.onnx", "ocr/cls.onnx"} {
		data, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := graph.Describe(data)
		if err != nil {
			t.Fatal(err)
		}
		got, err := inspect(data)
		if err != nil || !reflect.DeepEqual(got.Description, want) || got.Nodes < 100 || len(got.Domains) != 1 {
			t.Errorf("%s: got %+v, %v; want %+v and what it consists of", name, got, err, want)
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	whole := modelOf(message(nil, 1, node("Relu", "x", "y").encode()))
	deep := message(nil, 1, node("Relu", "x", "y").encode())
	for range 20 {
		deep = message(nil, 1, message(node("If", "x", "y").encode(), 5, message(text(nil, 1, "then_branch"), 6, deep)))
	}
	loop := modelOf(message(nil, 1, in("own", 7, node("A", "x", "y").encode())))
	for _, pair := range []string{"AB", "BA"} {
		loop = message(loop, 25, message(text(text(nil, 1, pair[:1]), 10, "own"), 7, in("own", 7, node(pair[1:], "x", "y").encode())))
	}
	self := modelOf(message(nil, 1, in("own", 7, node("F", "x", "y").encode())))
	self = message(self, 25, message(text(text(nil, 1, "F"), 10, "own"), 7, in("own", 7, node("F", "x", "y").encode())))
	self = message(self, 25, message(text(text(nil, 1, "F"), 10, "own"), 7, node("Relu", "x", "y").encode()))
	growing := modelOf(message(nil, 1, in("own", 7, node("F0", "x", "y").encode())))
	for i := range 20 {
		f := text(text(nil, 1, "F"+string(rune('0'+i))), 10, "own")
		for range 10 {
			f = message(f, 7, in("own", 7, node("F"+string(rune('1'+i)), "x", "y").encode()))
		}
		growing = message(growing, 25, f)
	}
	for name, c := range map[string]struct {
		data []byte
		want string // in the message
	}{
		"nothing":                    {nil, "no ONNX model"},
		"text":                       {[]byte("<!DOCTYPE html><html>"), "no ONNX model"},
		"no graph":                   {integer(nil, 1, 8), "cannot be read"},
		"two graphs":                 {append(bytes.Clone(whole), whole...), "cannot be read"},
		"graph is a number":          {integer(integer(nil, 1, 8), 7, 8), "cannot be read"},
		"no operator set":            {message(integer(nil, 1, 8), 7, message(message(nil, 11, value("x", nil)), 12, value("y", nil))), "cannot be read"},
		"no output":                  {message(message(integer(nil, 1, 8), 7, message(nil, 11, value("x", nil))), 8, integer(nil, 2, 13)), "cannot be read"},
		"cut off":                    {whole[:len(whole)-3], "not complete"},
		"graphs within graphs":       {modelOf(deep), "cannot be read"},
		"functions in a circle":      {loop, "cannot be read"},
		"two functions of one name":  {self, "cannot be read"},
		"functions that grow":        {growing, "cannot be read"},
		"an offset below 0":          {modelOf(message(nil, 5, outside("w", "location", "a", "offset", "-1"))), "cannot be read"},
		"a field beyond its message": {message(integer(nil, 1, 8), 7, []byte{1<<3 | 2, 100, 1}), "not complete"},
	} {
		_, err := inspect(c.data)
		var shown *inkpool.Error
		if !errors.As(err, &shown) || shown.Code != inkpool.CodeModelCorrupt || !strings.Contains(shown.Message, c.want) || shown.Hint == "" {
			t.Errorf("%s: got %v, want %q and what to do", name, err, c.want)
		}
	}
}

// A model that ends at any place is not complete, and never more than that.
func TestInspectOfEveryPart(t *testing.T) {
	whole := modelOf(message(nil, 1, node("Relu", "x", "y").encode()))
	for n := range whole {
		if s, err := inspect(whole[:n]); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
			t.Errorf("%d bytes: got %+v, %v; want %q", n, s, err, inkpool.CodeModelCorrupt)
		}
		if s, err := graph.Inspect(bytes.NewReader(whole[:n]), int64(len(whole))); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
			t.Errorf("%d bytes of more: got %+v, %v; want %q", n, s, err, inkpool.CodeModelCorrupt)
		}
	}
}

// The fault of a disk is none of the model.
func TestInspectTellsWhatTheReaderSays(t *testing.T) {
	whole := modelOf(message(nil, 1, node("Relu", "x", "y").encode()))
	r := io.MultiReader(bytes.NewReader(whole[:20]), iotest.ErrReader(errors.ErrUnsupported))
	if _, err := graph.Inspect(r, int64(len(whole))); !errors.Is(err, errors.ErrUnsupported) || inkpool.CodeOf(err) == inkpool.CodeModelCorrupt {
		t.Errorf("got %v, want what the reader said", err)
	}
}

func FuzzInspect(f *testing.F) {
	whole := modelOf(message(message(nil, 1, node("Relu", "x", "y").encode()), 5, outside("w", "location", "a", "offset", "1")))
	f.Add(whole)
	f.Add(message(whole, 25, message(text(nil, 1, "F"), 7, node("Relu", "x", "y").encode())))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := inspect(data)
		if err != nil {
			if inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
				t.Errorf("got %v, want %q", err, inkpool.CodeModelCorrupt)
			}
			return
		}
		if want, err := graph.Describe(data); err != nil || !reflect.DeepEqual(got.Description, want) {
			t.Errorf("got %+v, want %+v, %v as Describe has it", got.Description, want, err)
		}
	})
}
