package tokenize

// bertNormalizer is what BERT does to a text (BasicTokenizer of its tokenization.py).
type bertNormalizer struct {
	cleanText     bool // control characters go, white space becomes spaces
	handleChinese bool // Chinese characters become words of their own
	stripAccents  bool
	lowercase     bool
}

func (n bertNormalizer) normalize(t text) text {
	if n.cleanText {
		t = t.mapRunes(cleanRune)
	}
	if n.handleChinese {
		t = separateChinese(t)
	}
	if n.stripAccents {
		t = nfd(t).mapRunes(func(r rune) (rune, bool) { return r, !isNonspacing(r) })
	}
	if n.lowercase {
		t = lowercase(t)
	}
	return t
}

// cleanRune drops control characters and makes white space spaces.
func cleanRune(r rune) (rune, bool) {
	switch {
	case r > ' ' && r < 0x7F:
		return r, true
	case isSpace(r):
		return ' ', !(r == '\v' || r == '\f' || r == 0x85) // these are control characters first
	case r == 0, r == 0xFFFD, isOther(r):
		return 0, false
	}
	return r, true
}

// separateChinese puts spaces around Chinese characters, at the same place.
func separateChinese(t text) text {
	var w *rewriter
	done := 0
	runes(isChinese).find(t.s, func(start, end int) {
		if w == nil {
			w = newRewriter(t)
		}
		w.keep(done, start)
		w.putString(" "+t.s[start:end]+" ", start)
		done = end
	})
	if w == nil {
		return t
	}
	w.keep(done, len(t.s))
	return w.text()
}

// isChinese has the ranges of the Rust tokenizers, the slip in CJK extension E included:
// BERT's own begins at 2B820.
func isChinese(r rune) bool {
	switch {
	case r < 0x3400:
		return false
	case r <= 0x4DBF, r >= 0x4E00 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF,
		r >= 0x20000 && r <= 0x2A6DF, r >= 0x2A700 && r <= 0x2B73F, r >= 0x2B740 && r <= 0x2B81F,
		r >= 0x2B920 && r <= 0x2CEAF, r >= 0x2F800 && r <= 0x2FA1F:
		return true
	}
	return false
}
