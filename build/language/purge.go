package main

import (
	"slices"
	"sync"

	"github.com/inkpool/inkpool/backend/language"
)

const (
	// strayProbability is what a first network gives a line for being in its language at
	// most, when the line is not kept: it was left in English, or copied from a neighbour.
	strayProbability = 0.02

	lookedAt = 60 // characters of a line: what is stray shows in them
)

// purge returns the corpus without the lines that the network finds in the wrong language.
func (n *network) purge(labels []string, c corpus) corpus {
	clean := corpus{}
	kept := make([][]line, len(labels))
	var wg sync.WaitGroup
	for label, code := range labels {
		wg.Go(func() {
			for _, l := range c[code] {
				if !n.isStray(labels, label, l.text) {
					kept[label] = append(kept[label], l)
				}
			}
		})
	}
	wg.Wait()
	for label, code := range labels {
		clean[code] = kept[label]
	}
	return clean
}

func (n *network) isStray(labels []string, label int, text string) bool {
	letters := []rune(text)
	words, codes := language.Words(string(letters[:min(lookedAt, len(letters))]))
	at := slices.Index(codes, labels[label])
	if at < 0 || len(codes) == 1 {
		return at < 0
	}
	possible := make([]int, len(codes))
	for i, code := range codes {
		possible[i] = index(labels, code)
	}
	return n.probabilities(n.hidden(language.Features(words)), possible)[at] < strayProbability
}
