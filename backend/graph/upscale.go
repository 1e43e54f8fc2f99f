package graph

import (
	"math"
	"slices"
)

// maxUpscaled limits the output channels of the second convolution of joinUpscales: most of
// its weights are zeros, and with many channels multiplying by them costs more than the
// passes over memory that are saved.
const maxUpscaled = 64

// joinUpscales turns a head of two transposed convolutions whose kernels do not overlap, as
// DB detectors have one, into two pointwise convolutions on the small map:
//
//	sigmoid(T₂ * relu(T₁ * x + b₁) + b₂)  =  depthToSpace(sigmoid(W₂ * relu(W₁ * x + b₁') + b₂'))
//
// Every pixel of the small map is computed with all k₁²·k₂² pixels that it becomes, in
// channels, which one DepthToSpace then lays out. Additions and normalisations of channels
// go into the weights. It returns how many it found.
func (m *model) joinUpscales() (count int) {
	for _, n := range m.nodes {
		if first, ok := m.matchUpscale(n); ok && m.joinUpscale(first) {
			count++
		}
	}
	m.sweep()
	return count
}

// upscale is a ConvTranspose whose kernel is as large as its stride, with all that follows
// until the activation.
type upscale struct {
	node       *node
	in, out, k int     // channels, and side of the kernel
	weights    *tensor // [in, out, k, k]
	scale      []float64
	shift      []float64 // of every output channel
	steps      []*node   // that scale and shift
	activation *node
}

func (m *model) matchUpscale(n *node) (u upscale, ok bool) {
	if !n.is("ConvTranspose", 2, 3) || n.input(2) != "" {
		return upscale{}, false
	}
	w := m.ownConstant(n, n.inputs[1])
	if w == nil || len(w.dims) != 4 || len(w.data) == 0 || w.dims[2] != w.dims[3] {
		return upscale{}, false
	}
	k := w.dims[2]
	for _, a := range n.attributes {
		ok := false
		switch a.name {
		case "kernel_shape", "strides":
			ok = slices.Equal(a.ints, []int64{k, k})
		case "dilations":
			ok = slices.Equal(a.ints, []int64{1, 1})
		case "pads":
			ok = slices.Equal(a.ints, []int64{0, 0, 0, 0})
		case "group":
			ok = a.i != nil && *a.i == 1
		}
		if !ok {
			return upscale{}, false
		}
	}
	if n.attribute("strides") == nil && k != 1 {
		return upscale{}, false
	}
	u = upscale{node: n, in: int(w.dims[0]), out: int(w.dims[1]), k: int(k), weights: w}
	u.scale, u.shift = slices.Repeat([]float64{1}, u.out), make([]float64, u.out)
	return u, m.followUpscale(&u)
}

// followUpscale collects what follows, up to the activation.
func (m *model) followUpscale(u *upscale) bool {
	for value := u.node.outputs[0]; ; {
		n := m.onlyConsumer(value)
		switch {
		case n.is("Relu", 1), n.is("Sigmoid", 1):
			u.activation = n
			return true
		case n.is("Add", 2) && m.addChannels(u, n.other(value)):
		case n.is("BatchNormalization", 5) && n.inputs[0] == value && m.normalise(u, n):
		default:
			return false
		}
		u.steps = append(u.steps, n)
		value = n.outputs[0]
	}
}

// addChannels takes up a constant for each channel, of shape [1, out, 1, 1].
func (m *model) addChannels(u *upscale, name string) bool {
	t := m.constants[name]
	if t == nil || !slices.Equal(t.dims, []int64{1, int64(u.out), 1, 1}) {
		return false
	}
	for o, v := range t.data {
		u.shift[o] += float64(v)
	}
	return true
}

// normalise takes up a BatchNormalization with constant statistics.
func (m *model) normalise(u *upscale, n *node) bool {
	epsilon := 1e-5 // what ONNX says of an attribute that is not there
	for _, a := range n.attributes {
		switch {
		case a.name == "epsilon" && a.f != nil:
			epsilon = float64(*a.f)
		case a.name != "momentum": // which is for training, as all others are
			return false
		}
	}
	var of [4][]float32 // scale, bias, mean, variance
	for i := range of {
		t := m.constants[n.inputs[1+i]]
		if t == nil || len(t.data) != u.out {
			return false
		}
		of[i] = t.data
	}
	for o := range u.scale {
		s := float64(of[0][o]) / math.Sqrt(float64(of[3][o])+epsilon)
		u.scale[o] *= s
		u.shift[o] = (u.shift[o]-float64(of[2][o]))*s + float64(of[1][o])
	}
	return true
}

func (m *model) joinUpscale(first upscale) bool {
	if !first.activation.is("Relu", 1) {
		return false
	}
	second, ok := m.matchUpscale(m.onlyConsumer(first.activation.outputs[0]))
	block := first.k * second.k
	if !ok || !second.activation.is("Sigmoid", 1) || second.in != first.out || len(second.steps) == 0 || block*block*second.out > maxUpscaled {
		return false
	}
	one, two := first.spread(), second.spread().repeated(first.k, second)
	if !one.finite() || !two.finite() {
		return false
	}
	m.become(first, one)
	m.become(second, two)
	// The activation comes before the pixels are laid out, in a node that is free now.
	last := second.steps[len(second.steps)-1]
	last.dead = false
	last.op, last.attributes = "Sigmoid", nil
	last.inputs = []string{second.node.outputs[0]}
	end := second.activation
	end.op, end.attributes = "DepthToSpace", []attribute{intAttribute("blocksize", int64(block))}
	end.inputs = []string{last.outputs[0]}
	return true
}

// spread is the pointwise Conv that computes all k·k pixels of a pixel: output channel
// (i·k + j)·out + o is channel o of pixel (i, j).
func (u upscale) spread() conv {
	area := u.k * u.k
	w := make([]float32, area*u.out*u.in)
	b := make([]float32, area*u.out)
	for p := range area {
		for o := range u.out {
			to := p*u.out + o
			b[to] = float32(u.shift[o])
			for c := range u.in {
				w[to*u.in+c] = float32(float64(u.weights.data[(c*u.out+o)*area+p]) * u.scale[o])
			}
		}
	}
	return pointwise(w, b)
}

// repeated is c, the spread of u, for an input with the k·k pixels of a pixel in its
// channels. Output channels are in the order of a DepthToSpace of both steps at once.
func (c conv) repeated(k int, u upscale) conv {
	side := k * u.k
	in := k * k * u.in
	w := make([]float32, side*side*u.out*in)
	b := make([]float32, side*side*u.out)
	for y := range side {
		for x := range side {
			for o := range u.out {
				to := (y*side+x)*u.out + o
				from := ((y%u.k)*u.k+x%u.k)*u.out + o
				pixel := (y/u.k)*k + x/u.k // of those in the channels of the input
				b[to] = c.bias.data[from]
				copy(w[to*in+pixel*u.in:], c.weights.data[from*u.in:(from+1)*u.in])
			}
		}
	}
	return pointwise(w, b)
}

func pointwise(w, b []float32) conv {
	out := int64(len(b))
	return conv{
		weights: &tensor{dims: []int64{out, int64(len(w)) / out, 1, 1}, data: w},
		bias:    &tensor{dims: []int64{out}, data: b},
	}
}

// become turns the ConvTranspose of u into c, and what c does as well is gone.
func (m *model) become(u upscale, c conv) {
	for _, n := range u.steps {
		n.dead = true
	}
	u.node.op, u.node.attributes = "Conv", nil
	c.node = u.node
	m.set(c)
	if u.activation.op == "Relu" {
		u.activation.inputs = []string{u.node.outputs[0]}
	}
}
