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

	// The sums of the squares of the slopes so far: what has moved much moves less, and
	// rare pieces of words learn as fast as frequent ones (Adagrad, a sum for each row).
	vectorMoves []float32 // [language.Buckets]
	weightMoves []float32 // [languages]
}

func newNetwork(r *rand.Rand, languages int) *network {
	n := &network{
		vectors: make([]float32, language.Buckets*width),
		weights: make([]float32, languages*width),
		bias:    make([]float32, languages),

		vectorMoves: make([]float32, language.Buckets),
		weightMoves: make([]float32, languages),
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
	var back [width]float32 // slope of each vector
	loss := 0.0
	for k, l := range e.possible {
		slope := p[k]
		if l == e.label {
			loss = -math.Log(float64(p[k]) + 1e-9)
			slope--
		}
		n.weightMoves[l] += slope * slope
		step := slope * rate / root(n.weightMoves[l]+1) // a language's first examples do not throw it far
		n.bias[l] -= step
		w := n.weights[l*width : (l+1)*width]
		for i := range w {
			back[i] += slope * w[i]
			w[i] -= step * h[i]
		}
	}
	n.moveVectors(e.ids, back, rate)
	return loss
}

// moveVectors takes every vector of an example a step against the slope of their sum.
func (n *network) moveVectors(ids []int64, back [width]float32, rate float32) {
	square := float32(0)
	for i := range back {
		back[i] /= float32(len(ids))
		square += back[i] * back[i] / width
	}
	for _, id := range ids {
		n.vectorMoves[id] += square
		step := rate / root(n.vectorMoves[id]+1e-9)
		v := n.vector(id)
		for i := range v {
			v[i] -= step * back[i]
		}
	}
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

const (
	seed     = 20261121
	batches  = 8_000 // that training looks at
	glimpses = 1_000 // that the network looks at which only finds stray lines
	fastest  = 0.8   // how far the first step goes; the last goes nowhere
)

// teach trains a network on that many batches of examples of the corpus.
func teach(labels []string, c corpus, batches int) *network {
	n := newNetwork(rand.New(rand.NewPCG(seed, 0)), len(labels))
	loss, done := 0.0, 0
	for batch := range newSampler(labels, c).batches(batches) {
		rate := fastest * float32(batches-done) / float32(batches)
		for _, e := range batch {
			loss += n.learn(e, rate)
		}
		if done++; done%500 == 0 {
			log.Printf("batch %d of %d, loss %.4f", done, batches, loss/500/batchSize)
			loss = 0
		}
	}
	return n
}
