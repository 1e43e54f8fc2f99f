// Package graph rewrites an ONNX model so that it computes the same in less time, and reads
// what a model says about itself.
//
// The rewrites are algebra: they hold for every input, up to the rounding of float32. They
// serve networks whose exporter spelled out what a runtime has one operator for, or what
// could have been multiplied into the weights. PP-OCRv4's detector and recogniser take a
// third less time. What, why and how much: docs/decisions/0003-graph-rewrite.md.
//
// A model is a ModelProto of ONNX; a graph is its list of nodes, each of which computes
// named values from named values. Constants are values that are known: initialisers, and
// the outputs of Constant nodes. Where a pattern fits only nearly, the graph stays as it is.
//
// All functions are safe for concurrent use. The package runs no models and knows no
// runtime; callers should compare a rewritten model with the original before trusting it.
package graph

// Version changes when Rewrite may give another model for the same input: caches of what
// was made from its output carry it in their keys.
const Version = 1

// Opsets of the default domain that the patterns are written for. Before 7, Add and Mul
// broadcast by attributes.
const minOpset = 7

// Report counts the rewrites.
type Report struct {
	Folded      int // Mul and Add nodes multiplied into the Conv before them
	HardSwishes int // groups of Add, Clip, Mul and Div that became HardSigmoid and Mul
	Pushed      int // Mul nodes multiplied into the Convs behind them
	Gates       int // additions of a value to the same value gated that went into the gate
	Upscales    int // pairs of ConvTranspose that became pointwise Convs and a DepthToSpace
}

// Changed says whether there was anything to rewrite.
func (r Report) Changed() bool { return r != Report{} }

// Rewrite returns a model that computes what the one in data does, and what was done to
// get it. A model that offers nothing comes back as it was. Bytes that are no ONNX model
// are CodeModelCorrupt; data is not changed, and nothing of it is kept.
func Rewrite(data []byte) ([]byte, Report, error) {
	m, err := parseModel(data)
	if err != nil {
		return nil, Report{}, unreadable(err)
	}
	// Nodes of a subgraph may use any value of the graph around them; there are none in the
	// networks that we know, so such models are left alone.
	if m.opset < minOpset || m.hasSubgraphs() {
		return data, Report{}, nil
	}
	r := Report{
		Folded:      m.foldAffine(),
		HardSwishes: m.joinHardSwish(),
		Pushed:      m.pushAffine(),
		Gates:       m.joinGates(),
		Upscales:    m.joinUpscales(),
	}
	if !r.Changed() {
		return data, r, nil
	}
	m.dropUnused()
	return m.encode(), r, nil
}
