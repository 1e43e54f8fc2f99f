package graph_test

import (
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/graph"
)

// scaled is a Conv of 4 to 6 channels, a Mul and an Add.
func scaled() network {
	return network{
		in: []int64{1, 4, 5, 7}, out: []int64{1, 6, 5, 7}, outputs: []string{"y"},
		constants: []constant{
			random("w", 6, 4, 3, 3), random("b", 6), number("s", 1.7, 1), number("t", -0.4, 1),
		},
		nodes: []op{
			node("Conv", "x w b", "c", ints("pads", 1, 1, 1, 1)),
			node("Mul", "s c", "m"),
			node("Add", "m t", "y"),
		},
	}
}

func TestFold(t *testing.T) {
	for name, change := range map[string]func(n *network){
		"Mul and Add":              func(*network) {},
		"constants are nodes":      func(n *network) { n.asNodes = true },
		"no bias":                  func(n *network) { n.nodes[0].in = "x w" },
		"an empty bias":            func(n *network) { n.nodes[0].in = "x w -" },
		"scalars first and last":   func(n *network) { n.nodes[1].in, n.nodes[2].in = "c s", "t m" },
		"Add before Mul":           func(n *network) { n.nodes[1].kind, n.nodes[2].kind = "Add", "Mul" },
		"two Mul":                  func(n *network) { n.nodes[2].kind = "Mul" },
		"a scalar without a shape": func(n *network) { n.constants[2].dims = nil },
		"a scalar of rank 4":       func(n *network) { n.constants[2].dims = []int64{1, 1, 1, 1} },
		"groups": func(n *network) {
			n.constants[0] = random("w", 6, 2, 3, 3)
			n.nodes[0].attributes = append(n.nodes[0].attributes, whole("group", 2))
		},
		"auto_pad": func(n *network) { n.nodes[0].attributes = [][]byte{words("auto_pad", "SAME_UPPER")} },
		"opset 7":  func(n *network) { n.opset = 7 },
		"opset 17": func(n *network) { n.opset = 17 },
	} {
		t.Run(name, func(t *testing.T) {
			n := scaled()
			change(&n)
			got, r := n.rewrite(t)
			if want := (graph.Report{Folded: 2}); r != want {
				t.Errorf("got %+v, want %+v", r, want)
			}
			if kinds := ops(t, got); !slices.Equal(kinds, []string{"Conv"}) {
				t.Errorf("got %v, want a Conv alone", kinds)
			}
		})
	}
}

func TestFoldStopsAtTheFirstThatDoesNotFit(t *testing.T) {
	n := scaled()
	n.constants[3] = random("t", 6, 1, 1)
	got, r := n.rewrite(t)
	if kinds := ops(t, got); r.Folded != 1 || !slices.Equal(kinds, []string{"Conv", "Add"}) {
		t.Errorf("got %d folded and %v, want the Mul gone", r.Folded, kinds)
	}
}

func TestFoldLeavesAlone(t *testing.T) {
	for name, change := range map[string]func(n *network){
		"another consumer of the Conv": func(n *network) { n.nodes = append(n.nodes, node("Relu", "c", "z")) },
		"the Conv is an output too":    func(n *network) { n.outputs = append(n.outputs, "c") },
		"weights that are computed": func(n *network) {
			n.constants[0].name = "u"
			n.nodes = append([]op{node("Relu", "u", "w")}, n.nodes...)
		},
		"weights that somebody else uses": func(n *network) { n.nodes = append(n.nodes, node("Relu", "w", "z")) },
		"a bias that somebody else uses":  func(n *network) { n.nodes = append(n.nodes, node("Relu", "b", "z")) },
		"a bias that is computed": func(n *network) {
			n.constants[1].name = "u"
			n.nodes = append([]op{node("Relu", "u", "b")}, n.nodes...)
		},
		"weights that callers may give": func(n *network) { n.inputs = append(n.inputs, "w") },
		"a scalar that callers may give": func(n *network) {
			n.inputs = append(n.inputs, "s")
		},
		"weights in another file":    func(n *network) { n.constants[0].external = true },
		"a scalar of another type":   func(n *network) { n.constants[2].kind = 11 },
		"a scalar of a higher rank":  func(n *network) { n.constants[2].dims = []int64{1, 1, 1, 1, 1} },
		"a factor for every channel": func(n *network) { n.constants[2] = random("s", 6, 1, 1) },
		"a factor that is computed": func(n *network) {
			n.constants[2].name = "u"
			n.nodes = append([]op{node("Relu", "u", "s")}, n.nodes...)
		},
		"the square of the Conv": func(n *network) { n.nodes[1].in = "c c" },
		"another operator":       func(n *network) { n.nodes[1].kind = "Div" },
		"another convolution":    func(n *network) { n.nodes[0].kind = "ConvTranspose" },
		"broadcasting of opset 6": func(n *network) {
			n.opset = 6
		},
		"weights that would overflow": func(n *network) { n.constants[2].data[0], n.constants[0].data[0] = 3e38, 30 },
	} {
		t.Run(name, func(t *testing.T) {
			n := scaled()
			change(&n)
			n.untouched(t)
		})
	}
}
