package pdf

import "unicode"

// Trouble is why a text layer cannot be trusted.
type Trouble string

// What is looked for, in this order.
const (
	NoTrouble   Trouble = ""
	NoText      Trouble = "no_text"  // nothing, or only a few stray characters
	Unmapped    Trouble = "unmapped" // fonts do not say which characters they show
	Swapped     Trouble = "swapped"  // fonts name characters with their bytes exchanged
	OutsidePage Trouble = "outside"  // most of it lies where nobody sees it
	Piled       Trouble = "piled"    // most characters lie on top of each other
	Nonsense    Trouble = "nonsense" // hidden text that an earlier recognition got wrong
	Crumbled    Trouble = "crumbled" // hidden text, mostly of single letters
)

// The thresholds are decisions of this project, made on the documents of the evaluation set
// and on generated ones; see the tests.
const (
	fewChars     = 3    // a page number is no reason to leave the page unread
	mostUnmapped = 0.05 // share of characters: one in a line of 20 spoils it
	mostSwapped  = 0.5  // Chinese has only a few such characters, though 一 is among them
	mostOutside  = 0.5
	mostPiled    = 0.5
	leastPlain   = 0.8 // of hidden text: letters, digits, ordinary punctuation
	mostSingles  = 0.4 // of hidden words in alphabets: single letters
)

// judge says whether a text layer may stand for its page.
func judge(glyphs []glyph, page Box) Trouble {
	var t tally
	for i := range glyphs {
		t.count(glyphs, i, page)
	}
	n := float64(t.chars)
	switch {
	case t.chars < fewChars:
		return NoText
	case float64(t.unmapped) > mostUnmapped*n:
		return Unmapped
	case float64(t.swapped) > mostSwapped*n:
		return Swapped
	case float64(t.outside) > mostOutside*n:
		return OutsidePage
	case float64(t.piled) > mostPiled*n:
		return Piled
	case 2*t.invisible <= t.chars:
		return NoTrouble // written by a program that knew its text
	case float64(t.plain) < leastPlain*n:
		return Nonsense
	case t.words > 0 && float64(t.singles) > mostSingles*float64(t.words):
		return Crumbled
	}
	return NoTrouble
}

// tally counts the characters of a page but spaces.
type tally struct {
	chars, unmapped, swapped, outside, piled, invisible, plain int
	words, singles                                             int // in alphabets; words of one letter
}

// count takes note of character i.
func (t *tally) count(glyphs []glyph, i int, page Box) {
	g := glyphs[i]
	if g.generated || unicode.IsSpace(g.char) {
		return
	}
	t.chars++
	if g.unmapped || isNoCharacter(g.char) {
		t.unmapped++
	}
	if isSwapped(g.char) {
		t.swapped++
	}
	if g.box.cut(page).empty() {
		t.outside++
	}
	if i > 0 && !glyphs[i-1].generated && g.box == glyphs[i-1].box {
		t.piled++
	}
	if g.invisible {
		t.invisible++
	}
	if isPlain(g.char) {
		t.plain++
	}
	if isAlphabetic(g.char) && !(i > 0 && isAlphabetic(glyphs[i-1].char)) {
		t.words++
		if i+1 == len(glyphs) || !isAlphabetic(glyphs[i+1].char) {
			t.singles++
		}
	}
}

// isNoCharacter reports what stands for an unknown character: nothing, controls, the mark for
// it, and private use, whose meaning only the font knows.
func isNoCharacter(r rune) bool {
	return r == 0 || r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) || unicode.IsControl(r)
}

// isSwapped reports what a printable character of ASCII becomes when the bytes of its UTF-16
// are exchanged: 䴀 for M.
func isSwapped(r rune) bool { return r&0xff == 0 && r>>8 > ' ' && r>>8 < 0x7f }

// isPlain reports what running text in any script consists of.
func isPlain(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.IsOneOf([]*unicode.RangeTable{unicode.Po, unicode.Pd, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf}, r)
}

// isAlphabetic excepts scripts that write words of one letter.
func isAlphabetic(r rune) bool {
	return unicode.IsLetter(r) && !unicode.Is(unicode.Lo, r)
}
