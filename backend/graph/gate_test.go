package graph_test

import (
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/graph"
)

// gated is x + x·g, where g is a HardSigmoid of a Conv of x's means.
func gated() network {
	return network{
		in: []int64{1, 4, 6, 7}, out: []int64{1, 4, 6, 7}, outputs: []string{"y"},
		constants: []constant{random("w", 4, 4, 1, 1), random("b", 4)},
		nodes: []op{
			node("GlobalAveragePool", "x", "p"),
			node("Conv", "p w b", "c"),
			node("HardSigmoid", "c", "g", float("alpha", 0.3), float("beta", 0.4)),
			node("Mul", "x g", "m"),
			node("Add", "x m", "y"),
		},
	}
}

func TestGate(t *testing.T) {
	for name, change := range map[string]func(n *network){
		"as exported":         func(*network) {},
		"constants are nodes": func(n *network) { n.asNodes = true },
		"operands swapped":    func(n *network) { n.nodes[3].in, n.nodes[4].in = "g x", "m x" },
		"no bias":             func(n *network) { n.nodes[1].in = "p w" },
		"no attributes":       func(n *network) { n.nodes[2].attributes = nil },
		"a wide gate":         func(n *network) { n.nodes[2].attributes[0] = float("alpha", 5) },
		"limits in attributes": func(n *network) {
			n.opset = 9
		},
		"opset 17": func(n *network) { n.opset = 17 },
	} {
		t.Run(name, func(t *testing.T) {
			n := gated()
			change(&n)
			got, r := n.rewrite(t)
			if want := (graph.Report{Gates: 1}); r != want {
				t.Errorf("got %+v, want %+v", r, want)
			}
			want := []string{"GlobalAveragePool", "Conv", "Clip", "Mul"}
			if kinds := ops(t, got); !slices.Equal(kinds, want) {
				t.Errorf("got %v, want %v", kinds, want)
			}
		})
	}
}

func TestGateLeavesAlone(t *testing.T) {
	for name, change := range map[string]func(n *network){
		"no addition":                 func(n *network) { n.nodes[4] = node("Sub", "x m", "y") },
		"added to another":            func(n *network) { n.nodes[4].in = "p m" },
		"doubled":                     func(n *network) { n.nodes[4].in = "m m" },
		"squared":                     func(n *network) { n.nodes[3].in = "x x" },
		"another gate":                func(n *network) { n.nodes[2] = node("Sigmoid", "c", "g") },
		"the gate is used elsewhere":  func(n *network) { n.nodes = append(n.nodes, node("Relu", "g", "z")) },
		"the Conv is used elsewhere":  func(n *network) { n.nodes = append(n.nodes, node("Relu", "c", "z")) },
		"the product is an output":    func(n *network) { n.outputs = append(n.outputs, "m") },
		"no Conv in front":            func(n *network) { n.nodes[1] = node("Relu", "p", "c") },
		"weights somebody else uses":  func(n *network) { n.nodes = append(n.nodes, node("Relu", "w", "z")) },
		"an attribute without number": func(n *network) { n.nodes[2].attributes[1] = words("beta", "half") },
		"weights that would overflow": func(n *network) {
			n.constants[0].data[0] = 1e30
			n.nodes[2].attributes[0] = float("alpha", 1e30)
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := gated()
			change(&n)
			n.untouched(t)
		})
	}
}
