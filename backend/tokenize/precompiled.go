package tokenize

import (
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// precompiled applies a charsmap as the Rust tokenizers do, which is not quite what
// SentencePiece does: it looks at one grapheme at a time, and takes the shortest match in it
// for all of it, if it is short; else it looks at its characters one by one.
type precompiled struct{ charsmap *charsmap }

// maxGrapheme is how long a grapheme may be to be replaced as a whole, in bytes:
// normalizers/precompiled.rs.
const maxGrapheme = 5

func (n precompiled) normalize(t text) text {
	w := newRewriter(t)
	for at := 0; at < len(t.s); {
		if end := n.fixedRun(t.s, at); end > at {
			w.keep(at, end)
			at = end
			continue
		}
		all := graphemes.FromString(t.s[at:])
		all.Next()
		end := at + len(all.Value())
		if end-at > maxGrapheme || !n.replace(w, at, end) {
			n.replaceRunes(w, at, end)
		}
		at = end
	}
	return w.text().startingAt(t)
}

// fixedRun returns the end of the characters from at on that stay as they are. It is what
// makes plain English fast: graphemes alone would do.
func (n precompiled) fixedRun(s string, at int) int {
	end := at
	for end < len(s) && s[end] < utf8.RuneSelf && n.charsmap.fixed[s[end]] {
		end++
	}
	if end < len(s) && end > at { // the next character may be part of the last one's grapheme
		end--
	}
	return end
}

// replaceRunes replaces the characters from start to end one by one.
func (n precompiled) replaceRunes(w *rewriter, start, end int) {
	for start < end {
		_, width := utf8.DecodeRuneInString(w.in.s[start:end])
		if !n.replace(w, start, start+width) {
			w.keep(start, start+width)
		}
		start += width
	}
}

// replace writes what becomes of the bytes from start to end, if the map says so. Its
// characters stand at the place of one of those each, and of the last if they are more.
func (n precompiled) replace(w *rewriter, start, end int) bool {
	replacement, _, found := n.charsmap.shortest(w.in.s[start:end])
	if !found {
		return false
	}
	at := start
	for len(replacement) > 0 {
		r, width := utf8.DecodeRune(replacement)
		_, old := utf8.DecodeRuneInString(w.in.s[at:end])
		w.put(r, at, old)
		replacement = replacement[width:]
		if at+old < end {
			at += old
		}
	}
	return true
}
