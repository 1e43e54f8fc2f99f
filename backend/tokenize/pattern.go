package tokenize

import (
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// pattern finds what a text is split at, or what is replaced in it.
type pattern interface {
	// find calls hit for every match, from left to right; they do not overlap.
	find(s string, hit func(start, end int))
}

// literal finds a string; "" is found nowhere.
type literal string

func (p literal) find(s string, hit func(start, end int)) {
	for start := 0; p != ""; {
		i := strings.Index(s[start:], string(p))
		if i < 0 {
			return
		}
		start += i + len(p)
		hit(start-len(p), start)
	}
}

// runes finds every character that it is true of.
type runes func(r rune) bool

func (p runes) find(s string, hit func(start, end int)) {
	for i, r := range s {
		if p(r) {
			hit(i, i+utf8.RuneLen(r))
		}
	}
}

// Expressions come from files that anybody may have made, and some take for ever: a search
// that takes longer than matchTimeout is given up, and an expression after maxTimeouts of
// them. An honest search takes microseconds.
const (
	matchTimeout = time.Second / 2
	maxTimeouts  = 3
)

// maxExpression is the longest expression that is taken, in bytes. The longest that we
// know, o200k's, has 500.
const maxExpression = 8192

// expression finds what a regular expression matches. Those of tokenizers look ahead, which
// Go's own regexp cannot.
type expression struct {
	re       *regexp2.Regexp
	timeouts atomic.Int32
}

// newExpression compiles an expression in the dialect of Oniguruma, as far as that is the
// one of .NET too.
func newExpression(s string) (pattern, error) {
	if len(s) > maxExpression {
		return nil, unknownKind("its expression has %d bytes", len(s))
	}
	re, err := regexp2.Compile(s, regexp2.None)
	if err != nil {
		return nil, unknownKind("its expression cannot be used").WithCause(err)
	}
	re.MatchTimeout = matchTimeout
	return &expression{re: re}, nil
}

// find gives up on the rest of a text that takes too long.
func (p *expression) find(s string, hit func(start, end int)) {
	if p.timeouts.Load() >= maxTimeouts {
		return
	}
	at, runesBefore := 0, 0
	to := func(runes int) int {
		for ; runesBefore < runes; runesBefore++ {
			_, width := utf8.DecodeRuneInString(s[at:])
			at += width
		}
		return at
	}
	m, err := p.re.FindStringMatch(s)
	for m != nil && err == nil {
		start := to(m.Index)
		hit(start, to(m.Index+m.Length))
		m, err = p.re.FindNextMatch(m)
	}
	if err != nil {
		p.timeouts.Add(1)
	}
}

// chunk is a part of a text that a pattern matched, or the part between two such.
type chunk struct {
	start, end int
	hit        bool
}

// behaviour says what becomes of what a text is split at.
type behaviour string

// The behaviours, as tokenizer.json names them.
const (
	removed            behaviour = "Removed"
	isolated           behaviour = "Isolated"
	contiguous         behaviour = "Contiguous"
	mergedWithPrevious behaviour = "MergedWithPrevious"
	mergedWithNext     behaviour = "MergedWithNext"
)

// known says whether there is such a behaviour.
func (b behaviour) known() bool {
	switch b {
	case removed, isolated, contiguous, mergedWithPrevious, mergedWithNext:
		return true
	}
	return false
}

// split appends the parts of t. With invert what lies between the matches counts as matched.
func (t text) split(p pattern, b behaviour, invert bool, out []text) []text {
	var chunks []chunk
	done := 0
	add := func(start, end int, hit bool) {
		chunks = append(chunks, chunk{start, end, hit != invert})
	}
	p.find(t.s, func(start, end int) {
		if done < start {
			add(done, start, false)
		}
		add(start, end, true)
		done = end
	})
	if done < len(t.s) {
		add(done, len(t.s), false)
	}
	for _, c := range b.join(chunks) {
		if c.start < c.end && !(b == removed && c.hit) {
			out = append(out, t.sub(c.start, c.end))
		}
	}
	return out
}

// join puts chunks together, in their place.
func (b behaviour) join(chunks []chunk) []chunk {
	out := chunks[:0]
	switch b {
	case contiguous:
		for i, c := range chunks {
			if i > 0 && c.hit == out[len(out)-1].hit {
				out[len(out)-1].end = c.end
				continue
			}
			out = append(out, c)
		}
	case mergedWithPrevious:
		before := false
		for i, c := range chunks {
			if c.hit && !before && i > 0 {
				out[len(out)-1].end = c.end
			} else {
				out = append(out, c)
			}
			before = c.hit
		}
	case mergedWithNext:
		// A match joins the part behind it unless that is a match too: Rust walks from the end.
		for i := 0; i < len(chunks); i++ {
			c := chunks[i]
			if c.hit && i+1 < len(chunks) && !chunks[i+1].hit {
				c.end = chunks[i+1].end
				i++
			}
			out = append(out, c)
		}
	default:
		return chunks
	}
	return out
}

// runs finds the longest runs of characters of the same class; those of class 0 are found
// nowhere.
type runs func(r rune) int

func (p runs) find(s string, hit func(start, end int)) {
	start, class := 0, 0
	for i, r := range s {
		c := p(r)
		if c == class {
			continue
		}
		if class != 0 {
			hit(start, i)
		}
		start, class = i, c
	}
	if class != 0 {
		hit(start, len(s))
	}
}

// wordOrSigns is the expression \w+|[^\w\s]+ as runs.
func wordOrSigns(r rune) int {
	switch {
	case isWord(r):
		return 1
	case isSpace(r):
		return 0
	}
	return 2
}
