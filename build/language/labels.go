package main

import (
	"slices"

	"github.com/inkpool/inkpool/backend/language"
)

// modelled lists the languages that share their script with others, the order of the
// model's output.
func modelled(c corpus) []string {
	var labels []string
	for _, code := range language.Ambiguous() {
		if len(c[code]) > 0 {
			labels = append(labels, code)
		}
	}
	return labels
}

// keptBack are packages whose texts are for checking alone.
var keptBack = []string{"wesnoth-1.16-ttb", "wesnoth-1.16-tsg", "gramps"}

// split parts what is for teaching from what is kept back.
func (c corpus) split() (taught, kept corpus) {
	taught, kept = corpus{}, corpus{}
	for code, lines := range c {
		for _, l := range lines {
			to := taught
			if slices.Contains(keptBack, l.pkg) {
				to = kept
			}
			to[code] = append(to[code], l)
		}
	}
	return taught, kept
}

func index(labels []string, code string) int { return slices.Index(labels, code) }
