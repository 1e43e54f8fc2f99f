package score

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Kinds of faults.
const (
	FaultNothing    = "nothing"    // no text was read
	FaultOrder      = "order"      // lines in another order
	FaultMissed     = "missed"     // true text of which nothing was read
	FaultExtra      = "extra"      // text read that is not there
	FaultCharacters = "characters" // characters wrong in lines that were found
	FaultSpaces     = "spaces"     // between words
	FaultDictionary = "dictionary" // characters that the reader cannot write
)

// leastFault is the share of a page's characters from which a fault is worth a word.
const leastFault = 0.02

// Fault is something that went wrong on a page.
type Fault struct {
	Kind   string  `json:"kind"`
	Share  float64 `json:"share"`            // what it costs, in parts of the true characters; may exceed 1
	Detail string  `json:"detail,omitempty"` // for people
}

// Dictionary is the set of the characters that a reader can write; nil if it is not known.
type Dictionary map[rune]bool

// NewDictionary makes the dictionary of all characters of text, in the form in which texts are
// compared.
func NewDictionary(text string) Dictionary {
	d := Dictionary{}
	for _, caseless := range []bool{false, true} {
		for _, r := range Normalize(text, caseless) {
			d[r] = true
		}
	}
	return d
}

// faults lists what went wrong, the worst first.
func (p Page) faults(got string, m Measure, t tally, d Dictionary) []Fault {
	want := []rune(Normalize(p.Text, p.Caseless))
	if Normalize(got, p.Caseless) == "" {
		return []Fault{{Kind: FaultNothing, Share: 1}}
	}
	unknown, list := d.lacks(want)
	found := []Fault{
		{Kind: FaultOrder, Share: m.Order()},
		{Kind: FaultMissed, Share: share(t.missed, len(want)), Detail: fmt.Sprintf("%d of %d lines", t.wantLines-t.foundLines, t.wantLines)},
		{Kind: FaultCharacters, Share: share(t.misread, len(want))},
		{Kind: FaultSpaces, Share: share(t.gaps, len(want))},
		{Kind: FaultDictionary, Share: share(unknown, len(want)), Detail: list},
	}
	if !p.Partial {
		found = append(found, Fault{Kind: FaultExtra, Share: share(t.extra, len(want)), Detail: fmt.Sprintf("%d of %d lines", t.haveLines-t.trueLines, t.haveLines)})
	}
	found = slices.DeleteFunc(found, func(f Fault) bool { return f.Share < leastFault })
	slices.SortStableFunc(found, func(a, b Fault) int { return cmp.Compare(b.Share, a.Share) })
	return found
}

// lacks counts the characters of text that d does not have, and lists them, each once.
func (d Dictionary) lacks(text []rune) (n int, list string) {
	if d == nil {
		return 0, ""
	}
	var b strings.Builder
	listed := map[rune]bool{}
	for _, r := range text {
		if d[r] {
			continue
		}
		n++
		if !listed[r] {
			listed[r] = true
			b.WriteRune(r)
		}
	}
	return n, b.String()
}
