package graph

// foldAffine multiplies what follows a Conv into it, where that is a chain of Mul and Add
// nodes with scalars:
//
//	(W * x + c) · s + b  =  (s·W) * x + (s·c + b)
//
// It returns how many nodes have gone. A scalar may have no more dimensions than the Conv's
// output, or the result would have more.
func (m *model) foldAffine() (count int) {
	for _, n := range m.nodes {
		if c, ok := m.asConv(n); ok {
			count += m.foldInto(c)
		}
	}
	m.sweep()
	return count
}

func (m *model) foldInto(c conv) int {
	scale, shift := 1.0, 0.0
	var chain []*node
	for value := c.node.outputs[0]; ; {
		n := m.onlyConsumer(value)
		v, ok := m.scalarBeside(n, value, len(c.weights.dims))
		if !ok {
			break
		}
		if n.op == "Mul" {
			scale, shift = scale*v, shift*v
		} else {
			shift += v
		}
		chain = append(chain, n)
		value = n.outputs[0]
	}
	if len(chain) == 0 {
		return 0
	}
	folded := c.scaled(scale, scale)
	if shift != 0 {
		folded = folded.shifted(func(int) float64 { return shift })
	}
	if !folded.finite() {
		return 0
	}
	m.set(folded)
	c.node.outputs = chain[len(chain)-1].outputs
	for _, n := range chain {
		n.dead = true
	}
	return len(chain)
}
