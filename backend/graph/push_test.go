package graph_test

import (
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/graph"
)

// activated is an activation, s·x + t, and a Conv without padding.
func activated() network {
	return network{
		in: []int64{1, 4, 6, 7}, out: []int64{1, 6, 4, 5}, outputs: []string{"y"},
		constants: []constant{
			random("w", 6, 4, 3, 3), random("b", 6), number("s", 0.6, 1), number("t", -1.4, 1), random("v", 6, 4, 3, 3),
		},
		nodes: []op{
			node("Relu", "x", "r"),
			node("Mul", "s r", "m"),
			node("Add", "m t", "a"),
			node("Conv", "a w b", "y"),
		},
	}
}

// pad makes the Conv see zeros around its input.
func pad(n *network) {
	n.nodes[3].attributes = append(n.nodes[3].attributes, ints("pads", 1, 1, 1, 1))
	n.out = []int64{1, 6, 6, 7}
}

func TestPush(t *testing.T) {
	gone, stays := []string{"Relu", "Conv"}, []string{"Relu", "BatchNormalization", "Conv"}
	for name, c := range map[string]struct {
		change func(n *network)
		want   []string
	}{
		"scale and shift":     {func(*network) {}, gone},
		"constants are nodes": {func(n *network) { n.asNodes = true }, gone},
		"no bias":             {func(n *network) { n.nodes[3].in = "a w" }, gone},
		"operands swapped":    {func(n *network) { n.nodes[1].in, n.nodes[2].in = "r s", "t m" }, gone},
		"pads of zero":        {func(n *network) { n.nodes[3].attributes = [][]byte{ints("pads", 0, 0, 0, 0)} }, gone},
		"auto_pad VALID":      {func(n *network) { n.nodes[3].attributes = [][]byte{words("auto_pad", "VALID")} }, gone},
		"auto_pad NOTSET": {func(n *network) {
			n.nodes[3].attributes = [][]byte{words("auto_pad", "NOTSET")}
		}, gone},
		"padded": {pad, stays},
		"auto_pad SAME_UPPER": {func(n *network) {
			n.nodes[3].attributes, n.out = [][]byte{words("auto_pad", "SAME_UPPER")}, []int64{1, 6, 6, 7}
		}, stays},
		"padded without a shift": {func(n *network) {
			pad(n)
			n.nodes = slices.Delete(n.nodes, 2, 3)
			n.nodes[2].in = "m w b"
		}, gone},
		"groups": {func(n *network) {
			n.constants[0] = random("w", 6, 2, 3, 3)
			n.nodes[3].attributes = append(n.nodes[3].attributes, whole("group", 2))
		}, gone},
		"groups, padded": {func(n *network) {
			pad(n)
			n.constants[0] = random("w", 6, 2, 3, 3)
			n.nodes[3].attributes = append(n.nodes[3].attributes, whole("group", 2))
		}, stays},
		"two Convs": {func(n *network) {
			n.nodes[3].out = "p"
			n.nodes = append(n.nodes, node("Conv", "a v", "q"), node("Add", "p q", "y"))
		}, []string{"Relu", "Conv", "Conv", "Add"}},
		"two Convs, one of them padded": {func(n *network) {
			n.nodes[3].out = "p"
			n.nodes = append(n.nodes,
				node("Conv", "a v", "o", ints("pads", 1, 1, 1, 1)),
				node("MaxPool", "o", "q", ints("kernel_shape", 3, 3)), node("Add", "p q", "y"))
		}, []string{"Relu", "BatchNormalization", "Conv", "Conv", "MaxPool", "Add"}},
		"the activation is used elsewhere": {func(n *network) {
			n.nodes = append(n.nodes, node("Sigmoid", "r", "z"))
		}, []string{"Relu", "Conv", "Sigmoid"}},
		"opset 7":  {func(n *network) { n.opset = 7; pad(n) }, stays},
		"opset 17": {func(n *network) { n.opset = 17; pad(n) }, stays},
	} {
		t.Run(name, func(t *testing.T) {
			n := activated()
			c.change(&n)
			got, r := n.rewrite(t)
			if want := (graph.Report{Pushed: 1}); r != want {
				t.Errorf("got %+v, want %+v", r, want)
			}
			if kinds := ops(t, got); !slices.Equal(kinds, c.want) {
				t.Errorf("got %v, want %v", kinds, c.want)
			}
		})
	}
}

func TestPushLeavesAlone(t *testing.T) {
	for name, change := range map[string]func(n *network){
		"the result is an output": func(n *network) { n.outputs = append(n.outputs, "a") },
		"the result is used elsewhere": func(n *network) {
			n.nodes = append(n.nodes, node("Sigmoid", "a", "z"))
		},
		"the product is used elsewhere": func(n *network) {
			n.nodes = append(n.nodes, node("Sigmoid", "m", "z"))
		},
		"nobody uses the result": func(n *network) { n.nodes[3].in = "r w b" },
		"the result is a weight": func(n *network) { n.nodes[3].in = "r a b" },
		"weights that somebody else uses": func(n *network) {
			n.nodes = append(n.nodes, node("Sigmoid", "w", "z"))
		},
		"weights that are computed":      func(n *network) { n.inputs = append(n.inputs, "w") },
		"a factor of 0":                  func(n *network) { n.constants[2].data[0] = 0 },
		"a factor for every channel":     func(n *network) { n.constants[2] = random("s", 4, 1, 1) },
		"a factor that callers may give": func(n *network) { n.inputs = append(n.inputs, "s") },
		"a shift for every channel":      func(n *network) { n.constants[3] = random("t", 4, 1, 1) },
		"a factor of the Conv's rank":    func(n *network) { n.constants[2].dims = []int64{1, 1, 1, 1} },
		"a shift of the Conv's rank":     func(n *network) { n.constants[3].dims = []int64{1, 1, 1, 1} },
		"a shift that would be huge":     func(n *network) { pad(n); n.constants[2].data[0] = 0.001 },
		"groups that cannot be":          func(n *network) { n.nodes[3].attributes = [][]byte{whole("group", 7)} },
		"weights that would overflow":    func(n *network) { n.constants[2].data[0], n.constants[0].data[0] = 3e38, 30 },
	} {
		t.Run(name, func(t *testing.T) {
			n := activated()
			change(&n)
			n.untouched(t)
		})
	}
}
