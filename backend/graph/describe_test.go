package graph_test

import (
	"reflect"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// entry is one of a model's metadata.
func entry(key, value string) []byte { return text(text(nil, 1, key), 2, value) }

func TestDescribe(t *testing.T) {
	n := network{
		in: []int64{1, 3, 48, -1}, out: []int64{1, 4}, outputs: []string{"y", "z"},
		constants: []constant{random("w", 2, 2)}, inputs: []string{"w"}, // listed as older exporters do
		nodes: []op{node("Relu", "x", "y"), node("Relu", "x", "z")},
	}
	data := message(message(n.encode(), 14, entry("character", "a\nb")), 14, entry("author", ""))
	got, err := graph.Describe(data)
	want := graph.Description{
		Inputs:   []graph.Value{{Name: "x", Type: 1, Shape: []int64{1, 3, 48, graph.Any}}},
		Outputs:  []graph.Value{{Name: "y", Type: 1, Shape: []int64{1, 4}}, {Name: "z", Type: 1}},
		Metadata: map[string]string{"character": "a\nb", "author": ""},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

// A size may be left open by a name, by nothing at all, or by 0.
func TestDescribeOpenSizes(t *testing.T) {
	dims := [][]byte{text(nil, 2, "batch"), nil, integer(nil, 1, 0), integer(nil, 1, 7)}
	var shape []byte
	for _, d := range dims {
		shape = message(shape, 1, d)
	}
	v := message(text(nil, 1, "x"), 2, message(nil, 1, message(integer(nil, 1, 1), 2, shape)))
	data := message(nil, 7, message(message(nil, 11, v), 12, text(nil, 1, "y")))
	got, err := graph.Describe(data)
	want := []graph.Value{{Name: "x", Type: 1, Shape: []int64{graph.Any, graph.Any, graph.Any, 7}}}
	if err != nil || !reflect.DeepEqual(got.Inputs, want) {
		t.Errorf("got %+v, %v; want %+v", got.Inputs, err, want)
	}
}

// Texts are tensors too; the sequences that converters of scikit-learn end with are not.
func TestDescribeTypes(t *testing.T) {
	texts := message(text(nil, 1, "x"), 2, message(nil, 1, integer(nil, 1, 8)))
	sequence := message(text(nil, 1, "y"), 2, message(nil, 4, nil))
	got, err := graph.Describe(message(nil, 7, message(message(nil, 11, texts), 12, sequence)))
	want := graph.Description{
		Inputs: []graph.Value{{Name: "x", Type: 8}}, Outputs: []graph.Value{{Name: "y"}}, Metadata: map[string]string{},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestDescribeRefusesWhatIsNoModel(t *testing.T) {
	whole := network{in: []int64{1}, out: []int64{1}, outputs: []string{"y"}, nodes: []op{node("Relu", "x", "y")}}.encode()
	for name, data := range map[string][]byte{
		"nothing":            nil,
		"text":               []byte("<!DOCTYPE html><html>"),
		"Git LFS pointer":    []byte("version https://git-lfs.github.com/spec/v1\noid sha256:"),
		"cut off":            whole[:len(whole)-3],
		"no graph":           integer(nil, 1, 8),
		"graph is a number":  integer(nil, 7, 8),
		"entry is a number":  integer(whole, 14, 1),
		"name is a number":   message(nil, 7, message(nil, 11, integer(nil, 1, 5))),
		"shape is a number":  message(nil, 7, message(nil, 11, message(text(nil, 1, "x"), 2, message(nil, 1, integer(nil, 2, 5))))),
		"endless length":     protowire.AppendVarint(protowire.AppendTag(nil, 7, protowire.BytesType), 1<<60),
		"graph without ends": message(nil, 7, text(nil, 2, "g")),
	} {
		d, err := graph.Describe(data)
		if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
			t.Errorf("%s: got %+v, %v; want %q", name, d, err, inkpool.CodeModelCorrupt)
		}
	}
}

func TestDescribeTheBundledRecogniser(t *testing.T) {
	files, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	data, err := files.ReadFile("ocr/rec.onnx")
	if err != nil {
		t.Fatal(err)
	}
	got, err := graph.Describe(data)
	want := graph.Description{
		Inputs:   []graph.Value{{Name: "x", Type: 1, Shape: []int64{graph.Any, 3, 48, graph.Any}}},
		Outputs:  []graph.Value{{Name: "softmax_11.tmp_0", Type: 1, Shape: []int64{graph.Any, graph.Any, 6625}}},
		Metadata: map[string]string{},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func FuzzDescribe(f *testing.F) {
	n := network{in: []int64{1, 3, 48, -1}, out: []int64{1, 4}, outputs: []string{"y"}, nodes: []op{node("Relu", "x", "y")}}
	f.Add(message(n.encode(), 14, entry("character", "a\nb")))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := graph.Describe(data)
		if err == nil && (len(d.Inputs) == 0 || len(d.Outputs) == 0) {
			t.Errorf("got %+v without an error", d)
		}
		if err != nil && inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
			t.Errorf("got %v, want %q", err, inkpool.CodeModelCorrupt)
		}
	})
}
