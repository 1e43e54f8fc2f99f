package main

import (
	"slices"

	"github.com/inkpool/inkpool/backend/language"
)

// strayProbability is what a first network gives a line for being in its language at most, when
// the line is not kept: it was left in English, or copied from a catalogue of a neighbour.
const strayProbability = 0.02

// purge returns the corpus without the lines that the network finds in the wrong language.
func (n *network) purge(labels []string, c corpus) corpus {
	clean := corpus{}
	for label, code := range labels {
		for _, l := range c[code] {
			words, codes := language.Words(l.text)
			var possible []int
			for _, code := range codes {
				possible = append(possible, index(labels, code))
			}
			at := slices.Index(possible, label)
			if at >= 0 && (len(possible) == 1 || n.probabilities(n.hidden(language.Features(words)), possible)[at] > strayProbability) {
				clean[code] = append(clean[code], l)
			}
		}
	}
	return clean
}
