package graph

// joinHardSwish puts together what exporters make of a hard-swish where the operator set
// has none:
//
//	x · clip(x + 3, 0, 6) / 6  =  x · hardsigmoid(x),  hardsigmoid(x) = clip(x/6 + 1/2, 0, 1)
//
// Two passes over memory remain of four. It returns how many it found.
func (m *model) joinHardSwish() (count int) {
	for _, n := range m.nodes {
		if s, ok := m.matchHardSwish(n); ok {
			s.join()
			count++
		}
	}
	m.sweep()
	return count
}

// hardSwish are the nodes that compute one, in their order.
type hardSwish struct {
	x                   string
	add, clip, mul, div *node
}

func (m *model) matchHardSwish(add *node) (s hardSwish, ok bool) {
	if !add.is("Add", 2) {
		return hardSwish{}, false
	}
	x, ok := m.besideNumber(add, 3)
	if !ok {
		return hardSwish{}, false
	}
	clip := m.onlyConsumer(add.outputs[0])
	if !m.clips(clip, add.outputs[0], 0, 6) {
		return hardSwish{}, false
	}
	mul := m.onlyConsumer(clip.outputs[0])
	if !mul.is("Mul", 2) || mul.other(clip.outputs[0]) != x {
		return hardSwish{}, false
	}
	div := m.onlyConsumer(mul.outputs[0])
	if !div.is("Div", 2) || div.inputs[0] != mul.outputs[0] || !m.isNumber(div.inputs[1], 6) {
		return hardSwish{}, false
	}
	return hardSwish{x: x, add: add, clip: clip, mul: mul, div: div}, true
}

// join turns the Clip into the HardSigmoid; the Mul computes the result.
func (s hardSwish) join() {
	s.clip.op = "HardSigmoid"
	s.clip.inputs = []string{s.x}
	s.clip.attributes = []attribute{floatAttribute("alpha", 1.0/6), floatAttribute("beta", 0.5)}
	s.mul.inputs = []string{s.x, s.clip.outputs[0]}
	s.mul.outputs = s.div.outputs
	s.add.dead, s.div.dead = true, true
}

// besideNumber is the input of a node with two whose other input is the constant number v.
func (m *model) besideNumber(n *node, v float32) (x string, ok bool) {
	if m.isNumber(n.inputs[1], v) {
		return n.inputs[0], true
	}
	return n.inputs[1], m.isNumber(n.inputs[0], v)
}

// isNumber says whether a value is the constant v, without dimensions: a number with some
// could give them to what it is added to.
func (m *model) isNumber(name string, v float32) bool {
	t := m.constants[name]
	got, ok := t.scalar()
	return ok && len(t.dims) == 0 && got == v
}

// clips says whether n limits value to low..high. Up to operator set 10 the limits are
// attributes, from then on inputs.
func (m *model) clips(n *node, value string, low, high float32) bool {
	if n.is("Clip", 3) && m.opset >= 11 {
		return n.inputs[0] == value && m.isNumber(n.inputs[1], low) && m.isNumber(n.inputs[2], high)
	}
	if !n.is("Clip", 1) || m.opset >= 11 {
		return false
	}
	gotLow, okLow := n.float("min")
	gotHigh, okHigh := n.float("max")
	return okLow && okHigh && gotLow == low && gotHigh == high
}
