package graph

import "math"

// maxShift limits what a shift may become when the scale before it is gone: from there on
// the sum would lose more than 6 of the 24 bits of activations, which are about 1.
const maxShift = 64

// pushAffine multiplies a scalar, and adds the one that may follow, into the Convs that use
// the result, where nobody else does:
//
//	W * (s·x + b)  =  (s·W) * x + b·ΣW
//
// A padded Conv sees zeros beside s·x + b, so its outputs near the border have only a part
// of b·ΣW: there one addition stays,
//
//	W * (s·x + b)  =  (s·W) * (x + b/s)
//
// as a BatchNormalization: unlike an Add of a scalar, runtimes compute that in the layout
// of their convolutions, which saves reordering the values twice.
//
// It returns how many multiplications have gone.
func (m *model) pushAffine() (count int) {
	for _, n := range m.nodes {
		if m.pushFrom(n) {
			count++
		}
	}
	m.sweep()
	return count
}

func (m *model) pushFrom(mul *node) bool {
	a, ok := m.matchAffine(mul)
	if !ok {
		return false
	}
	convs, ok := m.convsBehind(a)
	if !ok {
		return false
	}
	padded := false
	for _, c := range convs {
		padded = padded || c.padded()
	}
	stays := padded && a.shift != 0
	if stays && math.Abs(a.shift/a.scale) > maxShift {
		return false
	}
	for i, c := range convs {
		convs[i] = c.scaled(a.scale, 1)
		if !stays && a.shift != 0 {
			convs[i] = convs[i].shifted(func(o int) float64 { return a.shift * c.sum(o) })
		}
		if !convs[i].finite() {
			return false
		}
	}
	m.push(a, convs, stays)
	return true
}

// affine is s·x + b with scalars, as the nodes that compute it.
type affine struct {
	x            string
	scale, shift float64
	mul, add     *node // add may be nil
}

// result is the value that it computes.
func (a affine) result() string {
	if a.add != nil {
		return a.add.outputs[0]
	}
	return a.mul.outputs[0]
}

func (m *model) matchAffine(mul *node) (a affine, ok bool) {
	if !mul.is("Mul", 2) {
		return affine{}, false
	}
	for _, x := range mul.inputs {
		if scale, ok := m.scalarBeside(mul, x, math.MaxInt); ok && scale != 0 {
			a = affine{x: x, scale: scale, mul: mul}
		}
	}
	if a.mul == nil {
		return affine{}, false
	}
	product := mul.outputs[0]
	if add := m.onlyConsumer(product); add.is("Add", 2) {
		if shift, ok := m.scalarBeside(add, product, math.MaxInt); ok {
			a.add, a.shift = add, shift
		}
	}
	return a, true
}

// convsBehind are the Convs that use the result; false when something else does, or when
// it is not sure that a scalar leaves the number of dimensions alone.
func (m *model) convsBehind(a affine) (convs []conv, ok bool) {
	result := a.result()
	if m.isOutput(result) {
		return nil, false
	}
	for _, n := range m.consumers[result] {
		c, ok := m.asConv(n)
		if !ok || n.inputs[0] != result || m.rank(a) >= len(c.weights.dims) {
			return nil, false
		}
		convs = append(convs, c)
	}
	return convs, len(convs) > 0
}

// rank is the number of dimensions of the scalar that has more.
func (m *model) rank(a affine) int {
	rank := len(m.constants[a.mul.other(a.x)].dims)
	if a.add != nil {
		rank = max(rank, len(m.constants[a.add.other(a.mul.outputs[0])].dims))
	}
	return rank
}

// sum adds the weights of output channel o.
func (c conv) sum(o int) (sum float64) {
	each := len(c.weights.data) / int(c.weights.dims[0])
	for _, w := range c.weights.data[o*each : (o+1)*each] {
		sum += float64(w)
	}
	return sum
}

// push makes the convs use x, or x + b/s where the addition stays.
func (m *model) push(a affine, convs []conv, stays bool) {
	input := a.x
	a.mul.dead = true
	switch {
	case stays:
		m.shiftChannels(a.add, a.x, convs[0].channels(), a.shift/a.scale)
		input = a.add.outputs[0]
	case a.add != nil:
		a.add.dead = true
	}
	for _, c := range convs {
		c.node.inputs[0] = input
		m.set(c)
	}
}

// shiftChannels makes n compute x + shift, where x has so many channels.
func (m *model) shiftChannels(n *node, x string, channels int64, shift float64) {
	all := func(v float64) string {
		t := &tensor{dims: []int64{channels}, data: make([]float32, channels)}
		return m.addConstant(t.plus(func(int) float64 { return v }))
	}
	n.op = "BatchNormalization"
	n.attributes = []attribute{floatAttribute("epsilon", 0)}
	n.inputs = []string{x, all(1), all(shift), all(0), all(1)} // scale, bias, mean, variance
}
