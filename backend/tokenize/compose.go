package tokenize

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// nfd, nfc, nfkd and nfkc are the normal forms of Unicode. x/text has them, but does not
// say which character came of which, and puts a joiner into long runs of marks.
func nfd(t text) text  { return decompose(t, norm.NFD) }
func nfc(t text) text  { return compose(t, norm.NFC) }
func nfkd(t text) text { return decompose(t, norm.NFKD) }
func nfkc(t text) text { return compose(t, norm.NFKC) }

// part is one character of a decomposed text.
type part struct {
	r     rune
	class uint8 // canonical combining class
	at    int32 // the characters of the text that it comes from, mostly one: their first byte
	width int32 // and length
}

// decompose returns t in the form NFD or NFKD.
func decompose(t text, form norm.Form) text {
	if form.IsNormalString(t.s) {
		return t
	}
	return write(t, decomposed(t.s, form))
}

// compose returns t in the form NFC or NFKC.
func compose(t text, form norm.Form) text {
	if form.IsNormalString(t.s) {
		return t
	}
	decomposing := norm.NFD
	if form == norm.NFKC {
		decomposing = norm.NFKD
	}
	return write(t, recompose(decomposed(t.s, decomposing)))
}

func write(t text, parts []part) text {
	w := newRewriter(t)
	for _, p := range parts {
		w.put(p.r, int(p.at), int(p.width))
	}
	return w.text()
}

// decomposed takes the characters of s apart and puts marks into their order (Unicode,
// section 3.11).
func decomposed(s string, form norm.Form) []part {
	parts := make([]part, 0, len(s)/2)
	marks := 0 // parts at the end that are not in order yet
	for i, r := range s {
		width := int32(utf8.RuneLen(r))
		each := func(r rune, class uint8) {
			if class == 0 {
				sortMarks(parts[len(parts)-marks:])
				marks = 0
			} else {
				marks++
			}
			parts = append(parts, part{r, class, int32(i), width})
		}
		if r < utf8.RuneSelf {
			each(r, 0)
			continue
		}
		decomposeRune(s[i:i+int(width)], r, form, each)
	}
	sortMarks(parts[len(parts)-marks:])
	return parts
}

// sortMarks orders marks by their class. Marks that had another order have one place, so
// that places never go back.
func sortMarks(marks []part) {
	byClass := func(a, b part) int { return int(a.class) - int(b.class) }
	if slices.IsSortedFunc(marks, byClass) {
		return
	}
	last := marks[len(marks)-1]
	start, end := marks[0].at, last.at+last.width
	slices.SortStableFunc(marks, byClass)
	for i := range marks {
		marks[i].at, marks[i].width = start, end-start
	}
}

// Hangul syllables are composed by arithmetic: Unicode, section 3.12.
const (
	hangulBase  = 0xAC00
	hangulEnd   = hangulBase + 11172
	leadBase    = 0x1100
	vowelBase   = 0x1161
	trailBase   = 0x11A7
	vowelCount  = 21
	trailCount  = 28
	perLead     = vowelCount * trailCount
	leadingOnes = 19
)

// decomposeRune calls each for what r, which is all of s, is made of.
func decomposeRune(s string, r rune, form norm.Form, each func(r rune, class uint8)) {
	if r >= hangulBase && r < hangulEnd {
		r -= hangulBase
		each(leadBase+r/perLead, 0)
		each(vowelBase+r%perLead/trailCount, 0)
		if trail := r % trailCount; trail > 0 {
			each(trailBase+trail, 0)
		}
		return
	}
	properties := form.PropertiesString(s)
	of := properties.Decomposition()
	if of == nil || form == norm.NFKD && laterCompatible.contain(r) {
		each(r, properties.CCC())
		return
	}
	for len(of) > 0 {
		r, width := utf8.DecodeRune(of)
		each(r, form.Properties(of).CCC())
		of = of[width:]
	}
}

// recompose puts characters and their marks together (Unicode, D117).
func recompose(parts []part) []part {
	out := parts[:0]
	base := -1       // place in out of the last character that marks may join
	last := uint8(0) // class of the last mark behind base that did not join
	blocked := func(class uint8) bool { return last != 0 && last >= class }
	for _, p := range parts {
		if base >= 0 && !blocked(p.class) && (last == 0 || p.class != 0) {
			if r, ok := composed(out[base].r, p.r); ok {
				out[base].r = r
				continue
			}
		}
		if p.class == 0 {
			base, last = len(out), 0
		} else {
			last = p.class
		}
		out = append(out, p)
	}
	return out
}

// composed returns the character that two are canonically equal to.
func composed(a, b rune) (rune, bool) {
	switch {
	case a >= leadBase && a < leadBase+leadingOnes && b >= vowelBase && b < vowelBase+vowelCount:
		return hangulBase + ((a-leadBase)*vowelCount+b-vowelBase)*trailCount, true
	case a >= hangulBase && a < hangulEnd && (a-hangulBase)%trailCount == 0 && b > trailBase && b < trailBase+trailCount:
		return a + b - trailBase, true
	}
	var buffer [2 * utf8.UTFMax]byte
	n := utf8.EncodeRune(buffer[:], b)
	if norm.NFC.Properties(buffer[:n]).BoundaryBefore() { // joins nothing
		return 0, false
	}
	pair := utf8.AppendRune(utf8.AppendRune(buffer[:0], a), b)
	var joined [2 * utf8.UTFMax]byte
	whole := norm.NFC.Append(joined[:0], pair...)
	r, width := utf8.DecodeRune(whole)
	return r, width == len(whole)
}
