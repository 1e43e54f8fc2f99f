package modelpack

import (
	"slices"
	"strings"
)

// Way is how a pack translates: the names of the two languages as the pack has them.
type Way struct{ From, To string }

// Way returns how the pack translates from a language to another, both as BCP 47; ok is false
// when it does not. A pack that says "zh" is for every Chinese, and one for "zh-Hans" is for
// whoever asks for "zh".
func (t *Translation) Way(from, to string) (w Way, ok bool) {
	if t == nil {
		return Way{}, false
	}
	w.From, ok = closest(from, t.From)
	if !ok && slices.Contains(t.From, ManyLanguages) { // which ones, it does not say
		w.From, ok = from, true
	}
	if !ok {
		return Way{}, false
	}
	w.To, ok = closest(to, t.To)
	return w, ok && !SameLanguage(w.From, w.To)
}

// Into reports whether the pack translates into a language from any.
func (t *Translation) Into(to string) bool {
	if t == nil {
		return false
	}
	_, ok := closest(to, t.To)
	return ok
}

// Pairs is how many ways from one language into another the pack knows.
func (t *Translation) Pairs() int { return len(t.From) * len(t.To) }

// closest chooses from languages the one that is asked for: the very same, or else the first
// that does not contradict it.
func closest(wanted string, languages []string) (found string, ok bool) {
	for _, l := range languages {
		if strings.EqualFold(l, wanted) {
			return l, true
		}
	}
	for _, l := range languages {
		if SameLanguage(l, wanted) {
			return l, true
		}
	}
	return "", false
}

// SameLanguage reports whether two names, as BCP 47, can be of the same language: none of what
// both say differs. "zh" and "zh-Hant" can, "zh-Hans" and "zh-Hant" cannot.
func SameLanguage(a, b string) bool {
	x, y := parseLanguage(a), parseLanguage(b)
	return x.language == y.language && agree(x.script, y.script) && agree(x.region, y.region)
}

func agree(a, b string) bool { return a == "" || b == "" || a == b }

type languageParts struct{ language, script, region string }

// parseLanguage takes a name apart. Regions that decide how Chinese is written are scripts.
func parseLanguage(name string) (p languageParts) {
	parts := strings.Split(strings.ToLower(name), "-")
	p.language = parts[0]
	for _, part := range parts[1:] {
		switch len(part) {
		case 4:
			p.script = part
		case 2, 3:
			p.region = part
		}
	}
	if p.language != "zh" {
		return p
	}
	switch p.region {
	case "cn", "sg":
		p.script, p.region = "hans", ""
	case "tw", "hk", "mo":
		p.script, p.region = "hant", ""
	}
	return p
}
