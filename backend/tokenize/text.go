package tokenize

import (
	"strings"
	"unicode/utf8"
)

// text is a text, or a part of one, on its way through a tokenizer, and where its bytes come
// from. It plays the part of NormalizedString in the Rust tokenizers. Texts do not change:
// normalising makes new ones.
type text struct {
	s string

	// from says by byte of s which bytes of the original it stands for: always whole
	// characters. nil: s is a part of the original, from its byte base on.
	from []place
	base int

	// limit is how many bytes may be made of s, so that no file makes a text grow beyond all
	// bounds.
	limit int
}

// maxGrowth is how many bytes each byte of a text may become. The most that an honest
// tokenizer makes of one is 11, of U+FDFA, and twice as much where bytes are spelled.
const maxGrowth = 64

// place is a range of bytes of the original text.
type place struct{ start, end int32 }

// newText makes a text of what was given. Bytes that are no UTF-8 become U+FFFD.
func newText(s string) text {
	t := text{s: s, limit: maxGrowth * (len(s) + 1)}
	if utf8.ValidString(s) {
		return t
	}
	var out []byte
	for i := 0; i < len(s); {
		r, width := utf8.DecodeRuneInString(s[i:])
		n := len(out)
		out = utf8.AppendRune(out, r)
		for range len(out) - n {
			t.from = append(t.from, place{int32(i), int32(i + width)})
		}
		i += width
	}
	t.s = string(out)
	return t
}

// sub returns the bytes from start to end.
func (t text) sub(start, end int) text {
	part := text{s: t.s[start:end], limit: t.limit}
	if end-start < len(t.s) {
		part.limit = t.limit / len(t.s) * (end - start)
	}
	if t.from == nil {
		part.base = t.base + start
	} else {
		part.from = t.from[start:end]
	}
	return part
}

// place returns which bytes of the original the bytes from start to end stand for.
func (t text) place(start, end int) place {
	switch {
	case t.from != nil && start < end:
		return place{t.from[start].start, t.from[end-1].end}
	case t.from != nil:
		return place{}
	}
	for start > 0 && start < len(t.s) && !utf8.RuneStart(t.s[start]) {
		start--
	}
	for end > 0 && end < len(t.s) && !utf8.RuneStart(t.s[end]) {
		end++
	}
	return place{int32(t.base + start), int32(t.base + end)}
}

// atStart says whether the first byte stands for the first character of the original.
func (t text) atStart() bool { return t.s != "" && t.place(0, 1).start == 0 }

// startingAt makes the place of the first character begin where original, which the text
// comes of, begins: what was dropped there is part of it.
func (t text) startingAt(original text) text {
	if t.s == "" || original.s == "" || t.from == nil {
		return t
	}
	first := t.from[0]
	start := original.place(0, 1).start
	for i := 0; i < len(t.from) && t.from[i] == first && start < first.start; i++ {
		t.from[i].start = start
	}
	return t
}

// trim drops the white space at either end.
func (t text) trim(left, right bool) text {
	start, end := 0, len(t.s)
	if left {
		start = end - len(strings.TrimLeftFunc(t.s, isSpace))
	}
	if right {
		end = start + len(strings.TrimRightFunc(t.s[start:], isSpace))
	}
	return t.sub(start, end)
}

// prepend puts prefix before the text, at the place of its first character. An empty text
// stays empty, and one that would go beyond its limit as it is.
func (t text) prepend(prefix string) text {
	if t.s == "" || prefix == "" || len(prefix)+len(t.s) > t.limit {
		return t
	}
	_, width := utf8.DecodeRuneInString(t.s)
	first := t.place(0, width)
	from := make([]place, 0, len(prefix)+len(t.s))
	for range len(prefix) {
		from = append(from, first)
	}
	return text{s: prefix + t.s, from: appendPlaces(from, t, 0, len(t.s)), limit: t.limit}
}

// appendPlaces appends the places of the bytes of t from start to end, by byte.
func appendPlaces(out []place, t text, start, end int) []place {
	if t.from != nil {
		return append(out, t.from[start:end]...)
	}
	for start < end {
		_, width := utf8.DecodeRuneInString(t.s[start:])
		p := place{int32(t.base + start), int32(t.base + start + width)}
		for ; width > 0 && start < end; width-- {
			out = append(out, p)
			start++
		}
	}
	return out
}

// rewriter writes a text that comes of another one, from its beginning on. What goes beyond
// the limit of that is dropped.
type rewriter struct {
	in   text
	out  []byte
	from []place // by byte of out; nil as long as out is what in begins with, character by character as long
}

func newRewriter(in text) *rewriter {
	return &rewriter{in: in, out: make([]byte, 0, len(in.s)+len(in.s)/8)}
}

// put writes r for the width bytes of the input at byte at, whole characters.
func (w *rewriter) put(r rune, at, width int) {
	n := len(w.out)
	if n+utf8.RuneLen(r) > w.in.limit {
		return
	}
	w.out = utf8.AppendRune(w.out, r)
	if w.from == nil && w.in.from == nil && n == at && len(w.out) == at+width {
		return
	}
	w.trace(n)
	p := w.in.place(at, at+width)
	for ; n < len(w.out); n++ {
		w.from = append(w.from, p)
	}
}

// putText writes another text, which comes of the same original.
func (w *rewriter) putText(t text) {
	if len(w.out)+len(t.s) > w.in.limit {
		return
	}
	w.trace(len(w.out))
	w.out = append(w.out, t.s...)
	w.from = appendPlaces(w.from, t, 0, len(t.s))
}

// putString writes s for the character of the input that byte at is the first, or the last,
// of; "" writes nothing.
func (w *rewriter) putString(s string, at int) {
	if s == "" || len(w.out)+len(s) > w.in.limit {
		return
	}
	w.trace(len(w.out))
	w.out = append(w.out, s...)
	p := w.in.place(at, at+1)
	for range len(s) {
		w.from = append(w.from, p)
	}
}

// keep writes the bytes of the input from start to end, whole characters, as they are.
func (w *rewriter) keep(start, end int) {
	n := len(w.out)
	if n+end-start > w.in.limit {
		return
	}
	w.out = append(w.out, w.in.s[start:end]...)
	if w.from == nil && w.in.from == nil && n == start {
		return
	}
	w.trace(n)
	w.from = appendPlaces(w.from, w.in, start, end)
}

// trace writes down where the first n bytes of out come from, if nobody has.
func (w *rewriter) trace(n int) {
	if w.from == nil {
		w.from = appendPlaces(make([]place, 0, cap(w.out)), w.in, 0, n)
	}
}

// text returns what was written.
func (w *rewriter) text() text {
	t := text{s: string(w.out), from: w.from, limit: w.in.limit}
	if w.from == nil {
		t.base = w.in.base
		if w.in.from != nil {
			t.from = w.in.from[:len(w.out)]
		}
	}
	return t
}
