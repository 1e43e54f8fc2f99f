package label

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/tokenize"
)

// Aggregation says how what a model says of single tokens becomes labels of parts of a text:
// the strategies of transformers' pipeline, by the same names.
type Aggregation int

// The strategies.
const (
	First   Aggregation = iota // a word has the label of its first token, which is how most models are trained
	None                       // each token has its own
	Simple                     // tokens are joined as their labels say, also within words
	Average                    // a word has the label with the highest mean score of its tokens
	Max                        // a word has the label of its surest token
)

// unit is a token or a word, with what is said of it.
type unit struct {
	start, end int // bytes of the text
	class      int
	score      float64
}

// units are the tokens, or the words that they make up. scores has a row of classes for each
// token.
func (a Aggregation) units(text string, tokens []tokenize.Token, scores [][]float64) []unit {
	var out []unit
	for from := 0; from < len(tokens); {
		to := from + 1
		for a != None && a != Simple && to < len(tokens) && continues(text, tokens[to-1], tokens[to]) {
			to++
		}
		u := unit{start: tokens[from].Start, end: tokens[to-1].End}
		u.class, u.score = a.choose(scores[from:to])
		out = append(out, u)
		from = to
	}
	return out
}

// continues reports whether b is a further part of the word that a is in. What tokenizers call
// a word is not always one: in some it is all between two spaces, punctuation included, and
// whole clauses of Chinese. Where two letters meet, or digits, of a script that puts spaces
// between words, there is one.
func continues(text string, a, b tokenize.Token) bool {
	if a.Word != b.Word || a.Word < 0 || a.End > b.Start {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(text[:a.End])
	next, _ := utf8.DecodeRuneInString(text[b.Start:])
	return isOfWord(last) && isOfWord(next)
}

func isOfWord(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.N) &&
		!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
}

// choose returns the class of a word and its score.
func (a Aggregation) choose(tokens [][]float64) (class int, score float64) {
	switch a {
	case Average:
		mean := make([]float64, len(tokens[0]))
		for _, scores := range tokens {
			for k, s := range scores {
				mean[k] += s / float64(len(tokens))
			}
		}
		return highest(mean)
	case Max:
		class, score = highest(tokens[0])
		for _, scores := range tokens[1:] {
			if k, s := highest(scores); s > score {
				class, score = k, s
			}
		}
		return class, score
	default:
		return highest(tokens[0])
	}
}

// highest is the first of the highest scores.
func highest(scores []float64) (class int, score float64) {
	for k, s := range scores {
		if k == 0 || s > score {
			class, score = k, s
		}
	}
	return class, score
}

// tag is a label of a token taken apart: "B-PER" says that an entity of the kind PER begins.
type tag struct {
	kind         string
	begins, ends bool
	outside      bool // of all entities
}

// parseTag reads the schemes IOB, IOB2, BIOES, BILOU and BMES. What has none of their prefixes
// is a kind of its own, as labels of parts of speech are.
func parseTag(name string) tag {
	if name == "O" {
		return tag{outside: true}
	}
	prefix, kind, ok := strings.Cut(name, "-")
	if !ok || kind == "" {
		return tag{kind: name}
	}
	switch prefix {
	case "B":
		return tag{kind: kind, begins: true}
	case "I", "M":
		return tag{kind: kind}
	case "E", "L":
		return tag{kind: kind, ends: true}
	case "S", "U":
		return tag{kind: kind, begins: true, ends: true}
	default:
		return tag{kind: name}
	}
}

// entities joins units to labels of parts of a text, in its order.
func (a Aggregation) entities(text string, units []unit, names []string) []inkpool.Label {
	var out []inkpool.Label
	var open *entity
	shut := func() {
		if open != nil {
			out = append(out, open.label(text))
		}
		open = nil
	}
	for _, u := range units {
		t := parseTag(names[u.class])
		if a == None {
			t = tag{kind: names[u.class], begins: true, ends: true, outside: t.outside}
		}
		if open == nil || t.outside || t.begins || open.kind != t.kind {
			shut()
		}
		switch {
		case t.outside:
			continue
		case open == nil:
			open = &entity{kind: t.kind, start: u.start}
		}
		open.end, open.sum, open.n = u.end, open.sum+u.score, open.n+1
		if t.ends {
			shut()
		}
	}
	shut()
	return out
}

// entity is a part of a text whose label is not complete yet.
type entity struct {
	kind       string
	start, end int
	sum        float64 // of the scores of n units
	n          int
}

// label leaves out the spaces that some tokens begin with.
func (e entity) label(text string) inkpool.Label {
	part := text[e.start:e.end]
	start := e.start + len(part) - len(strings.TrimLeftFunc(part, unicode.IsSpace))
	end := max(start, e.end-(len(part)-len(strings.TrimRightFunc(part, unicode.IsSpace))))
	return inkpool.Label{Name: e.kind, Score: e.sum / float64(e.n), Span: &inkpool.Span{Start: start, End: end}}
}
