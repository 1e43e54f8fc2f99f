package graph

// joinGates saves a pass over memory where a gate's result is added to what it gates, as in
// the residual squeeze-and-excitation blocks of the detector's neck:
//
//	x + x · hardsigmoid(W * z + c)  =  x · clip(α·(W * z + c) + β + 1, 1, 2)
//
// The factor and the term go into the Conv. It returns how many it found.
func (m *model) joinGates() (count int) {
	for _, n := range m.nodes {
		if g, ok := m.matchGate(n); ok && m.joinGate(g) {
			count++
		}
	}
	m.sweep()
	return count
}

// gate are the nodes that compute one.
type gate struct {
	conv              conv
	sigmoid, mul, add *node
	alpha, beta       float64
}

func (m *model) matchGate(add *node) (g gate, ok bool) {
	if !add.is("Add", 2) {
		return gate{}, false
	}
	for _, product := range add.inputs {
		mul := m.producers[product]
		if !mul.is("Mul", 2) || m.onlyConsumer(product) != add {
			continue
		}
		x := add.other(product)
		opened := mul.other(x)
		if mul.other(opened) != x || opened == x {
			continue
		}
		g = gate{mul: mul, add: add, sigmoid: m.producers[opened]}
		if m.onlyConsumer(opened) == mul && m.matchSigmoid(&g) {
			return g, true
		}
	}
	return gate{}, false
}

// matchSigmoid finds the Conv in front of the gate's HardSigmoid.
func (m *model) matchSigmoid(g *gate) (ok bool) {
	if !g.sigmoid.is("HardSigmoid", 1) {
		return false
	}
	value := g.sigmoid.inputs[0]
	g.alpha, g.beta = 0.2, 0.5 // what ONNX says of attributes that are not there
	for _, a := range g.sigmoid.attributes {
		switch {
		case a.f == nil || a.reference:
			return false
		case a.name == "alpha":
			g.alpha = float64(*a.f)
		case a.name == "beta":
			g.beta = float64(*a.f)
		}
	}
	if m.onlyConsumer(value) != g.sigmoid {
		return false
	}
	g.conv, ok = m.asConv(m.producers[value])
	return ok
}

func (m *model) joinGate(g gate) bool {
	c := g.conv.scaled(g.alpha, g.alpha).shifted(func(int) float64 { return g.beta + 1 })
	if !c.finite() {
		return false
	}
	m.set(c)
	m.limit(g.sigmoid, 1, 2)
	g.mul.outputs = g.add.outputs
	g.add.dead = true
	return true
}

// limit turns n into a Clip of its first input.
func (m *model) limit(n *node, low, high float32) {
	n.op = "Clip"
	if m.opset < 11 {
		n.attributes = []attribute{floatAttribute("min", low), floatAttribute("max", high)}
		return
	}
	n.attributes = nil
	number := func(v float32) string { return m.addConstant(&tensor{data: []float32{v}}) }
	n.inputs = []string{n.inputs[0], number(low), number(high)}
}
