package graph_test

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestRewriteRefusesWhatIsNoModel(t *testing.T) {
	whole := scaled().encode()
	bare := integer(nil, 1, 8)
	opset := message(nil, 8, integer(nil, 2, 11))
	wrongSize := scaled()
	wrongSize.constants[0].data = wrongSize.constants[0].data[1:]
	twice := scaled()
	twice.nodes[1].out = "c"
	shadowed := scaled()
	shadowed.nodes[1].out = "w"
	for name, data := range map[string][]byte{
		"empty":                  nil,
		"text":                   []byte("this is no model, and never was one"),
		"no graph":               append(slices.Clone(bare), opset...),
		"no operator set":        message(nil, 7, nil),
		"two graphs":             append(message(message(nil, 7, nil), 7, nil), opset...),
		"half":                   whole[:len(whole)/2],
		"a byte missing":         whole[:len(whole)-1],
		"a graph that is number": append(integer(nil, 7, 5), opset...),
		"weights cut short":      wrongSize.encode(),
		"a value computed twice": twice.encode(),
		"a constant computed":    shadowed.encode(),
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := graph.Rewrite(data)
			if code := inkpool.CodeOf(err); code != inkpool.CodeModelCorrupt || got != nil {
				t.Errorf("got %d bytes and %q (%v), want %q", len(got), code, err, inkpool.CodeModelCorrupt)
			}
		})
	}
}

// A model that is cut anywhere must not be taken for another one.
func TestRewriteOfTruncatedModels(t *testing.T) {
	whole := scaled().encode()
	for n := range whole {
		if _, _, err := graph.Rewrite(whole[:n]); err == nil {
			t.Errorf("the first %d of %d bytes: got no error", n, len(whole))
		}
	}
}

func TestRewriteKeepsWhatItDoesNotKnow(t *testing.T) {
	model := scaled().encode()
	model = text(model, 2, "producer")
	model = message(model, 14, text(text(nil, 1, "key"), 2, "metadata"))
	model = text(model, 12345, "of a later version")
	got, r, err := graph.Rewrite(model)
	if err != nil || !r.Changed() {
		t.Fatalf("got %+v, %v", r, err)
	}
	for _, want := range []string{"producer", "metadata", "of a later version", "test"} {
		if !bytes.Contains(got, []byte(want)) {
			t.Errorf("%q is gone", want)
		}
	}
}

func TestRewriteOfARewrittenModelChangesNothing(t *testing.T) {
	for name, n := range map[string]network{"fold": scaled(), "hard-swish": hardSwish(), "push": activated(), "gate": gated(), "upscale": upscaled()} {
		once, _ := n.rewrite(t)
		again, r, err := graph.Rewrite(once)
		if err != nil || r.Changed() || !bytes.Equal(once, again) {
			t.Errorf("%s: got %+v, %v; want it untouched", name, r, err)
		}
	}
}

func TestRewriteDropsConstantsThatNobodyUses(t *testing.T) {
	for _, asNodes := range []bool{false, true} {
		n := scaled()
		n.asNodes = asNodes
		rewritten, _ := n.rewrite(t)
		constants := 0 // of four in the beginning
		each(t, rewritten, 7, func(g []byte) {
			each(t, g, 5, func([]byte) { constants++ })
			each(t, g, 1, func(node []byte) {
				if bytes.Contains(node, []byte("Constant")) {
					constants++
				}
			})
		})
		if constants != 2 {
			t.Errorf("constants as nodes %t: got %d, want weights and bias", asNodes, constants)
		}
	}
}

// A node of a subgraph may use what the graph around it computes.
func TestRewriteLeavesSubgraphsAlone(t *testing.T) {
	n := scaled()
	branch := message(nil, 1, node("Identity", "c", "inner").encode())
	a := integer(message(text(nil, 1, "then_branch"), 6, branch), 20, 5)
	n.nodes = append(n.nodes, node("If", "x", "z", a))
	n.untouched(t)
}

func TestRewriteDoesAllPatternsInOrder(t *testing.T) {
	n := network{
		in: []int64{1, 4, 6, 7}, out: []int64{1, 4, 6, 7}, outputs: []string{"y"},
		constants: []constant{
			random("w", 4, 4, 1, 1), number("s", 1.9, 1), number("t", 0.8, 1),
			number("three", 3), number("zero", 0), number("six", 6),
			number("s2", 0.6, 1), number("t2", -0.5, 1), random("v", 4, 1, 3, 3),
		},
		nodes: []op{
			node("Conv", "x w", "c"), node("Mul", "c s", "m"), node("Add", "m t", "h"),
			node("Add", "h three", "h1"), node("Clip", "h1 zero six", "h2"), node("Mul", "h h2", "h3"), node("Div", "h3 six", "h4"),
			node("Mul", "s2 h4", "m2"), node("Add", "m2 t2", "a2"),
			node("Conv", "a2 v", "y", whole("group", 4), ints("pads", 1, 1, 1, 1)),
		},
	}
	got, r := n.rewrite(t)
	if want := (graph.Report{Folded: 2, HardSwishes: 1, Pushed: 1}); r != want {
		t.Errorf("got %+v, want %+v", r, want)
	}
	want := []string{"Conv", "HardSigmoid", "Mul", "BatchNormalization", "Conv"}
	if kinds := ops(t, got); !slices.Equal(kinds, want) {
		t.Errorf("got %v, want %v", kinds, want)
	}
}

func TestRewriteOfTheBundledModels(t *testing.T) {
	files, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	for name, want := range map[string]graph.Report{
		"ocr/det.onnx": {Folded: 56, HardSwishes: 24, Pushed: 23, Gates: 8, Upscales: 1},
		"ocr/cls.onnx": {HardSwishes: 18},
		"ocr/rec.onnx": {Folded: 56, HardSwishes: 28, Pushed: 25},
	} {
		data, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, got, err := graph.Rewrite(data); err != nil || got != want {
			t.Errorf("%s: got %+v, %v; want %+v", name, got, err, want)
		}
	}
}

// FuzzRewrite: whatever the bytes are, there is an error or a model that can be read again.
func FuzzRewrite(f *testing.F) {
	for _, n := range []network{scaled(), hardSwish(), activated(), gated(), upscaled()} {
		f.Add(n.encode())
		n.asNodes = true
		f.Add(n.encode())
	}
	nan := scaled()
	nan.constants[2].data[0] = float32(math.NaN())
	f.Add(nan.encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		got, r, err := graph.Rewrite(data)
		if err != nil {
			return
		}
		if !r.Changed() && !bytes.Equal(got, data) {
			t.Error("nothing was rewritten, but the model is another one")
		}
		if _, _, err := graph.Rewrite(got); err != nil {
			t.Errorf("the rewritten model cannot be read: %v", err)
		}
	})
}
