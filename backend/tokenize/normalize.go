package tokenize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normalizer is the first step of a tokenizer: it makes texts that mean the same equal.
type normalizer interface {
	normalize(t text) text
}

// normalizers work one after the other.
type normalizers []normalizer

func (n normalizers) normalize(t text) text {
	for _, each := range n {
		t = each.normalize(t)
	}
	return t
}

// normalizerFunc is a normalizer without settings.
type normalizerFunc func(text) text

func (f normalizerFunc) normalize(t text) text { return f(t) }

// trimmer drops white space at the ends.
type trimmer struct{ left, right bool }

func (n trimmer) normalize(t text) text { return t.trim(n.left, n.right) }

// prepender puts something before every text.
type prepender string

func (n prepender) normalize(t text) text { return t.prepend(string(n)) }

// replacer replaces what a pattern finds. What is written stands at the place of the last
// character that it replaces.
type replacer struct {
	pattern pattern
	content string
}

func (n replacer) normalize(t text) text {
	return t.replace(n.pattern, n.content)
}

func (t text) replace(p pattern, content string) text {
	var w *rewriter
	done := 0
	p.find(t.s, func(start, end int) {
		if w == nil {
			w = newRewriter(t)
		}
		w.keep(done, start)
		w.putString(content, max(end-1, 0))
		done = end
	})
	if w == nil {
		return t
	}
	w.keep(done, len(t.s))
	return w.text()
}

// mapRunes writes what f makes of every character: one, or with keep false none. Texts that
// it does not change come back as they are.
func (t text) mapRunes(f func(r rune) (mapped rune, keep bool)) text {
	var w *rewriter
	for i, r := range t.s {
		mapped, keep := f(r)
		if w == nil && keep && mapped == r {
			continue
		}
		width := utf8.RuneLen(r)
		if w == nil {
			w = newRewriter(t)
			w.keep(0, i)
		}
		if keep {
			w.put(mapped, i, width)
		}
	}
	if w == nil {
		return t
	}
	return w.text()
}

// lowercase maps character by character, as Rust's char::to_lowercase does: a sigma at the
// end of a word is no exception, and U+0130 becomes an i and a combining dot.
func lowercase(t text) text {
	if !strings.ContainsRune(t.s, '\u0130') {
		return t.mapRunes(func(r rune) (rune, bool) { return unicode.ToLower(r), true })
	}
	w := newRewriter(t)
	for i, r := range t.s {
		width := utf8.RuneLen(r)
		if r == '\u0130' {
			w.put('i', i, width)
			w.put('\u0307', i, width)
			continue
		}
		w.put(unicode.ToLower(r), i, width)
	}
	return w.text()
}

// stripMarks drops combining marks of all kinds.
func stripMarks(t text) text {
	return t.mapRunes(func(r rune) (rune, bool) { return r, r < 0x300 || !unicode.Is(unicode.M, r) })
}

// nmt is what the normalisation of SentencePiece does before NFKC: control characters go,
// and what is white space of some kind becomes a space.
func nmt(t text) text {
	return t.mapRunes(func(r rune) (rune, bool) {
		switch {
		case r >= 0x01 && r <= 0x08, r == 0x0B, r >= 0x0E && r <= 0x1F, r == 0x7F, r == 0x8F, r == 0x9F:
			return 0, false
		case r == '\t', r == '\n', r == '\f', r == '\r', r == 0x1680, r >= 0x200B && r <= 0x200F,
			r == 0x2028, r == 0x2029, r == 0x2581, r == 0xFEFF, r == 0xFFFD:
			return ' ', true
		}
		return r, true
	})
}

// withoutCharsmap stands in for a map that the exporter of a file left out: the rules that
// nearly all such maps were made of, nmt_nfkc, which keep the full-width tilde.
func withoutCharsmap(t text) text {
	t = nmt(t)
	w := newRewriter(t)
	for done := 0; done < len(t.s); {
		end := len(t.s)
		if tilde := strings.IndexRune(t.s[done:], '～'); tilde >= 0 {
			end = done + tilde
		}
		w.putText(compose(t.sub(done, end), norm.NFKC))
		if end < len(t.s) {
			w.keep(end, end+len("～"))
			end += len("～")
		}
		done = end
	}
	return w.text()
}
