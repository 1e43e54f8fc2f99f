package graph_test

import (
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/graph"
)

// hardSwish is one, spelled out with an operator set of 11 or more.
func hardSwish() network {
	return network{
		in: []int64{1, 3, 5, 7}, out: []int64{1, 3, 5, 7}, outputs: []string{"y"},
		constants: []constant{number("three", 3), number("zero", 0), number("six", 6), number("limit", 6)},
		nodes: []op{
			node("Add", "x three", "a"),
			node("Clip", "a zero limit", "c"),
			node("Mul", "x c", "m"),
			node("Div", "m six", "y"),
		},
	}
}

func TestHardSwish(t *testing.T) {
	for name, change := range map[string]func(n *network){
		"as exported":         func(*network) {},
		"constants are nodes": func(n *network) { n.asNodes = true },
		"operands swapped":    func(n *network) { n.nodes[0].in, n.nodes[2].in = "three x", "c x" },
		"limits in attributes": func(n *network) {
			n.opset = 9
			n.nodes[1] = node("Clip", "a", "c", float("min", 0), float("max", 6))
		},
		"opset 17": func(n *network) { n.opset = 17 },
	} {
		t.Run(name, func(t *testing.T) {
			n := hardSwish()
			change(&n)
			got, r := n.rewrite(t)
			if want := (graph.Report{HardSwishes: 1}); r != want {
				t.Errorf("got %+v, want %+v", r, want)
			}
			if kinds := ops(t, got); !slices.Equal(kinds, []string{"HardSigmoid", "Mul"}) {
				t.Errorf("got %v, want HardSigmoid and Mul", kinds)
			}
		})
	}
}

func TestHardSwishLeavesAlone(t *testing.T) {
	for name, change := range map[string]func(n *network){
		"another addend":              func(n *network) { n.constants[0].data[0] = 2 },
		"an addend with a shape":      func(n *network) { n.constants[0].dims = []int64{1, 1, 1, 1, 1} },
		"an addend that is computed":  func(n *network) { n.inputs = append(n.inputs, "three") },
		"another lower limit":         func(n *network) { n.constants[1].data[0] = -1 },
		"another upper limit":         func(n *network) { n.constants[3].data[0] = 7 },
		"no upper limit":              func(n *network) { n.nodes[1].in = "a zero" },
		"limits where none can be":    func(n *network) { n.nodes[1] = node("Clip", "a", "c", float("min", 0), float("max", 6)) },
		"another divisor":             func(n *network) { n.constants[2].data[0] = 5 },
		"6 divided by it":             func(n *network) { n.nodes[3].in = "six m" },
		"multiplied by another":       func(n *network) { n.nodes[2].in = "three c" },
		"squared":                     func(n *network) { n.nodes[2].in = "c c" },
		"the sum is used elsewhere":   func(n *network) { n.nodes = append(n.nodes, node("Relu", "a", "z")) },
		"the clip is used elsewhere":  func(n *network) { n.nodes = append(n.nodes, node("Relu", "c", "z")) },
		"the product is an output":    func(n *network) { n.outputs = append(n.outputs, "m") },
		"Relu6 instead":               func(n *network) { n.nodes[0].kind = "Sub" },
		"an operator of other people": func(n *network) { n.nodes[1].attributes = nil; n.nodes[1].kind = "MyClip" },
	} {
		t.Run(name, func(t *testing.T) {
			n := hardSwish()
			change(&n)
			n.untouched(t)
		})
	}
}
