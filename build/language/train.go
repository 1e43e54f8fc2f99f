package main

import (
	"log"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/inkpool/inkpool/backend/language"
)

// width is the length of the vector of a piece of a word.
const width = 16

// network averages the vectors of what a text shows, and weighs them up for each language.
type network struct {
	vectors []float32 // [language.Buckets, width]
	weights []float32 // [languages, width]
	bias    []float32 // [languages]
}

func newNetwork(r *rand.Rand, languages int) *network {
	n := &network{
		vectors: make([]float32, language.Buckets*width),
		weights: make([]float32, languages*width),
		bias:    make([]float32, languages),
	}
	for i := range n.vectors {
		n.vectors[i] = (2*r.Float32() - 1) / width
	}
	return n
}

func (n *network) vector(id int64) []float32 { return n.vectors[id*width : (id+1)*width] }

// hidden is the average of the vectors.
func (n *network) hidden(ids []int64) (h [width]float32) {
	for _, id := range ids {
		for i, v := range n.vector(id) {
			h[i] += v
		}
	}
	for i := range h {
		h[i] /= float32(len(ids))
	}
	return h
}

// probabilities is how likely each of the possible languages is, in their order.
func (n *network) probabilities(h [width]float32, possible []int) []float32 {
	p := make([]float32, len(possible))
	for k, l := range possible {
		p[k] = n.bias[l]
		for i, w := range n.weights[l*width : (l+1)*width] {
			p[k] += w * h[i]
		}
	}
	top, sum := slices.Max(p), float32(0)
	for k := range p {
		p[k] = float32(math.Exp(float64(p[k] - top)))
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// learn moves the network a step towards the example's language and returns the loss before.
func (n *network) learn(e example, rate float32) float64 {
	h := n.hidden(e.ids)
	p := n.probabilities(h, e.possible)
	var back [width]float32
	loss := 0.0
	for k, l := range e.possible {
		slope := p[k]
		if l == e.label {
			loss = -math.Log(float64(p[k]) + 1e-9)
			slope--
		}
		n.bias[l] -= rate * slope
		w := n.weights[l*width : (l+1)*width]
		for i := range w {
			back[i] += slope * w[i]
			w[i] -= rate * slope * h[i]
		}
	}
	for _, id := range e.ids {
		v := n.vector(id)
		for i := range v {
			v[i] -= rate * back[i] / float32(len(e.ids))
		}
	}
	return loss
}

const (
	seed     = 20261121
	examples = 20_000_000 // that training looks at
	glimpses = 2_000_000  // that the network looks at which only finds stray lines
	fastest  = 0.5        // how far the first step goes; the last goes nowhere
)

// teach trains a network on that many examples of the corpus.
func teach(labels []string, c corpus, examples int) *network {
	r := rand.New(rand.NewPCG(seed, 0))
	n := newNetwork(r, len(labels))
	s := newSampler(r, labels, c)
	loss := 0.0
	for done := 0; done < examples; {
		e, ok := s.next()
		if !ok {
			continue
		}
		loss += n.learn(e, fastest*float32(examples-done)/float32(examples))
		if done++; done%500_000 == 0 {
			log.Printf("%d examples, loss %.4f", done, loss/500_000)
			loss = 0
		}
	}
	return n
}
