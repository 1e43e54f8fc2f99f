package graph_test

import (
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/graph"
)

// upscaled is the head of a DB detector: 5 channels to 3 to 1, each side doubled twice.
func upscaled() network {
	variance := random("v", 3)
	for i := range variance.data {
		variance.data[i] += 1.5
	}
	return network{
		in: []int64{1, 5, 3, 4}, out: []int64{1, 1, 12, 16}, outputs: []string{"y"},
		constants: []constant{
			random("w", 5, 3, 2, 2), random("b", 1, 3, 1, 1),
			random("s", 3), random("t", 3), random("mean", 3), variance,
			random("w2", 3, 1, 2, 2), random("b2", 1, 1, 1, 1),
		},
		nodes: []op{
			node("ConvTranspose", "x w", "c", ints("strides", 2, 2), ints("kernel_shape", 2, 2), ints("pads", 0, 0, 0, 0)),
			node("Add", "c b", "a"),
			node("BatchNormalization", "a s t mean v", "n", float("epsilon", 0.01)),
			node("Relu", "n", "r"),
			node("ConvTranspose", "r w2", "c2", ints("strides", 2, 2), whole("group", 1), ints("dilations", 1, 1)),
			node("Add", "c2 b2", "a2"),
			node("Sigmoid", "a2", "y"),
		},
	}
}

func TestUpscale(t *testing.T) {
	for name, change := range map[string]func(n *network){
		"as exported":         func(*network) {},
		"constants are nodes": func(n *network) { n.asNodes = true },
		"operands swapped":    func(n *network) { n.nodes[1].in, n.nodes[5].in = "b c", "b2 c2" },
		"no bias":             func(n *network) { n.nodes[2].in = "c s t mean v"; n.nodes = slices.Delete(n.nodes, 1, 2) },
		"the default epsilon": func(n *network) { n.nodes[2].attributes = nil },
		"3 by 3 pixels": func(n *network) {
			n.constants[0] = random("w", 5, 3, 3, 3)
			n.nodes[0].attributes = [][]byte{ints("strides", 3, 3)}
			n.out = []int64{1, 1, 18, 24}
		},
		"two channels": func(n *network) {
			n.constants[6], n.constants[7] = random("w2", 3, 2, 2, 2), random("b2", 1, 2, 1, 1)
			n.out[1] = 2
		},
		"opset 7":  func(n *network) { n.opset = 7 },
		"opset 17": func(n *network) { n.opset = 17 },
	} {
		t.Run(name, func(t *testing.T) {
			n := upscaled()
			change(&n)
			got, r := n.rewrite(t)
			if want := (graph.Report{Upscales: 1}); r != want {
				t.Errorf("got %+v, want %+v", r, want)
			}
			want := []string{"Conv", "Relu", "Conv", "Sigmoid", "DepthToSpace"}
			if kinds := ops(t, got); !slices.Equal(kinds, want) {
				t.Errorf("got %v, want %v", kinds, want)
			}
		})
	}
}

func TestUpscaleLeavesAlone(t *testing.T) {
	set := func(node int, attributes ...[]byte) func(n *network) {
		return func(n *network) { n.nodes[node].attributes = attributes }
	}
	for name, change := range map[string]func(n *network){
		"kernels that overlap":     set(0, ints("strides", 1, 1)),
		"gaps between kernels":     set(0, ints("strides", 3, 3)),
		"no strides":               set(0),
		"pads":                     set(0, ints("strides", 2, 2), ints("pads", 1, 0, 0, 0)),
		"pads of the output":       set(0, ints("strides", 2, 2), ints("output_padding", 1, 1)),
		"auto_pad":                 set(0, ints("strides", 2, 2), words("auto_pad", "SAME_UPPER")),
		"dilations":                set(0, ints("strides", 2, 2), ints("dilations", 2, 2)),
		"groups":                   set(4, ints("strides", 2, 2), whole("group", 3)),
		"training":                 func(n *network) { n.opset = 14; n.nodes[2].attributes = [][]byte{whole("training_mode", 1)} },
		"another activation":       func(n *network) { n.nodes[3].kind = "Tanh" },
		"another last activation":  func(n *network) { n.nodes[6].kind = "Relu" },
		"nothing added at the end": func(n *network) { n.nodes[6].in = "c2"; n.nodes = slices.Delete(n.nodes, 5, 6) },
		"one number for all":       func(n *network) { n.constants[1] = number("b", 0.5, 1) },
		"a bias that is computed":  func(n *network) { n.inputs = append(n.inputs, "b") },
		"statistics that are":      func(n *network) { n.inputs = append(n.inputs, "mean") },
		"weights that are":         func(n *network) { n.inputs = append(n.inputs, "w2") },
		"used in between":          func(n *network) { n.nodes = append(n.nodes, node("Relu", "c", "z")) },
		"an output in between":     func(n *network) { n.outputs = append(n.outputs, "r") },
		"too many channels": func(n *network) {
			n.constants[6], n.constants[7] = random("w2", 3, 5, 2, 2), random("b2", 1, 5, 1, 1)
		},
		"channels that do not fit": func(n *network) { n.constants[6] = random("w2", 4, 1, 2, 2) },
		"a variance of zero": func(n *network) {
			n.nodes[2].attributes = [][]byte{float("epsilon", 0)}
			n.constants[5].data[0] = 0
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := upscaled()
			change(&n)
			n.untouched(t)
		})
	}
}
