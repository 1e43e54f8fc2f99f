package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/inkpool/inkpool/backend/language"
)

// check tells how many of a hundred texts, and of their pieces of 20 letters, get the right
// language: the mean over the languages.
func (n *network) check(labels []string, c corpus) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var sums [2]float64
	languages := 0
	detail := ""
	for label, code := range labels {
		lines := c[code]
		if len(lines) < 50 {
			continue
		}
		var right, all [2]float64
		for range 500 {
			text := []rune(lines[r.IntN(len(lines))].text)
			for i, t := range []string{string(text), string(text[:min(20, len(text))])} {
				words, codes := language.Words(t)
				if len(codes) == 0 {
					continue
				}
				all[i]++
				if n.tell(labels, words, codes) == label {
					right[i]++
				}
			}
		}
		for i := range sums {
			sums[i] += 100 * right[i] / all[i]
		}
		languages++
		detail += fmt.Sprintf("%s:%.0f/%.0f ", code, 100*right[0]/all[0], 100*right[1]/all[1])
	}
	return fmt.Sprintf("%.2f %% whole, %.2f %% of 20 letters\n%s", sums[0]/float64(languages), sums[1]/float64(languages), detail)
}

func (n *network) tell(labels, words, codes []string) int {
	var possible []int
	for _, c := range codes {
		if i := index(labels, c); i >= 0 {
			possible = append(possible, i)
		}
	}
	if len(possible) == 0 {
		return -1
	}
	p := n.probabilities(n.hidden(language.Features(words)), possible)
	best := 0
	for k := range p {
		if p[k] > p[best] {
			best = k
		}
	}
	return possible[best]
}
