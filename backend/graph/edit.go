package graph

import (
	"fmt"
	"slices"
	"strconv"
)

// connect finds out who computes and who uses which value. No value may be computed twice.
func (m *model) connect() error {
	m.producers, m.consumers = map[string]*node{}, map[string][]*node{}
	for _, n := range m.nodes {
		for _, out := range n.outputs {
			if out == "" {
				continue
			}
			if m.producers[out] != nil || m.names[out] {
				return fmt.Errorf("the value %q is computed twice", out)
			}
			m.producers[out] = n
		}
		for _, in := range n.inputs {
			m.consumers[in] = append(m.consumers[in], n)
		}
	}
	return nil
}

// sweep removes the nodes that died. Between sweeps, consumers are those of the last one:
// rewrites must not rely on them for values that they changed the use of.
func (m *model) sweep() {
	m.nodes = slices.DeleteFunc(m.nodes, func(n *node) bool { return n.dead })
	m.nodes = append(m.made, m.nodes...) // constants come before their use
	m.made = nil
	if err := m.connect(); err != nil {
		panic("graph: internal error: " + err.Error())
	}
}

// dropUnused removes the constants that nobody uses any more.
func (m *model) dropUnused() {
	unused := func(name string) bool {
		return len(m.consumers[name]) == 0 && !m.isOutput(name)
	}
	m.nodes = slices.DeleteFunc(m.nodes, func(n *node) bool { return n.is("Constant", 0) && unused(n.outputs[0]) })
	m.initializers = slices.DeleteFunc(m.initializers, func(i initializer) bool {
		return unused(i.name) && m.constants[i.name] != nil
	})
}

// isOutput says whether whoever runs the model sees a value.
func (m *model) isOutput(value string) bool { return m.outputs[value] }

// onlyConsumer is the node that alone uses a value, once; nil when others see it too.
func (m *model) onlyConsumer(value string) *node {
	users := m.consumers[value]
	if len(users) != 1 || m.isOutput(value) {
		return nil
	}
	return users[0]
}

// ownConstant is a constant that n alone uses, so that changing it copies no memory that
// others keep.
func (m *model) ownConstant(n *node, name string) *tensor {
	if m.onlyConsumer(name) != n {
		return nil
	}
	return m.constants[name]
}

// addConstant names a new constant.
func (m *model) addConstant(t *tensor) string {
	name := ""
	for taken := true; taken; {
		name = "inkpool." + strconv.Itoa(m.fresh)
		m.fresh++
		_, used := m.consumers[name]
		taken = used || m.names[name] || m.producers[name] != nil || m.isOutput(name)
	}
	m.made = append(m.made, constantNode(name, t))
	m.constants[name] = t
	return name
}

// scalarBeside is the scalar of a Mul or Add of value and a scalar constant of at most that
// rank, whichever comes first.
func (m *model) scalarBeside(n *node, value string, maxRank int) (v float64, ok bool) {
	if !n.is("Mul", 2) && !n.is("Add", 2) {
		return 0, false
	}
	other := n.other(value)
	t := m.constants[other]
	s, ok := t.scalar()
	return float64(s), ok && other != value && len(t.dims) <= maxRank
}

// conv is a Conv node with constant weights that nobody else uses.
type conv struct {
	node    *node
	weights *tensor // [out, in / groups, kernel...]
	bias    *tensor // [out]; nil: none
	groups  int64
}

func (m *model) asConv(n *node) (c conv, ok bool) {
	if !n.is("Conv", 2, 3) {
		return conv{}, false
	}
	c = conv{node: n, weights: m.ownConstant(n, n.inputs[1]), groups: 1}
	if c.weights == nil || len(c.weights.dims) < 3 || len(c.weights.data) == 0 {
		return conv{}, false
	}
	if g := n.attribute("group"); g != nil {
		if g.i == nil || *g.i < 1 || *g.i > c.weights.dims[0] {
			return conv{}, false
		}
		c.groups = *g.i
	}
	if name := n.input(2); name != "" {
		c.bias = m.ownConstant(n, name)
		if c.bias == nil || !slices.Equal(c.bias.dims, c.weights.dims[:1]) {
			return conv{}, false
		}
	}
	return c, true
}

// channels is the number of input channels.
func (c conv) channels() int64 { return c.weights.dims[1] * c.groups }

// scaled is c with its weights, and its bias if so asked, multiplied.
func (c conv) scaled(weights, bias float64) conv {
	c.weights = c.weights.times(weights)
	if c.bias != nil {
		c.bias = c.bias.times(bias)
	}
	return c
}

// shifted is c with amount(o) added to output channel o.
func (c conv) shifted(amount func(o int) float64) conv {
	if c.bias == nil {
		c.bias = &tensor{dims: c.weights.dims[:1], data: make([]float32, c.weights.dims[0])}
	}
	c.bias = c.bias.plus(amount)
	return c
}

// finite says whether all weights still are numbers of float32.
func (c conv) finite() bool {
	return c.weights.finite() && (c.bias == nil || c.bias.finite())
}

// padded says whether c sees zeros beside its input.
func (c conv) padded() bool {
	if auto := c.node.attribute("auto_pad"); auto != nil && auto.s != "NOTSET" {
		return auto.s != "VALID"
	}
	pads := c.node.attribute("pads")
	return pads != nil && (len(pads.ints) == 0 || slices.ContainsFunc(pads.ints, func(p int64) bool { return p != 0 }))
}

// set gives the node of c the weights and bias of c.
func (m *model) set(c conv) {
	c.node.inputs = []string{c.node.inputs[0], m.addConstant(c.weights)}
	if c.bias != nil {
		c.node.inputs = append(c.node.inputs, m.addConstant(c.bias))
	}
}
