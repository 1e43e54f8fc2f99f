package ocr

import (
	"slices"
	"strings"
)

// Decode reads the best path of a recogniser's output: the likeliest class of each step,
// repetitions and blanks removed. probs is [steps, classes], softmaxed, row-major. The
// score is the mean probability of the characters that remain, 0 when there are none. The
// steps run from left to right: see RightToLeft for scripts that do not.
func (d *Dictionary) Decode(probs []float32) (text string, score float64) {
	glyphs, score := d.path(probs)
	return d.join(glyphs, nil), score
}

// glyph is a character and the steps of the recogniser at which it was seen.
type glyph struct {
	text        string
	first, last int
}

// centre is the column in the middle of a glyph's steps.
func (g glyph) centre(step int) int { return (g.first + g.last + 1) * step / 2 }

// path returns the characters of the best path and their mean probability.
func (d *Dictionary) path(probs []float32) (glyphs []glyph, score float64) {
	previous := 0
	for step := range len(probs) / len(d.classes) {
		class, p := likeliest(probs[step*len(d.classes):][:len(d.classes)])
		switch {
		case class == 0:
		case class == previous:
			glyphs[len(glyphs)-1].last = step
		default:
			glyphs = append(glyphs, glyph{text: d.classes[class], first: step, last: step})
			score += float64(p)
		}
		previous = class
	}
	return glyphs, score / float64(max(1, len(glyphs)))
}

// join makes a text of glyphs, with a space after those that spaced names, if it does.
func (d *Dictionary) join(glyphs []glyph, spaced []bool) string {
	var b strings.Builder
	for i, g := range glyphs {
		b.WriteString(g.text)
		if spaced != nil && spaced[i] {
			b.WriteByte(' ')
		}
	}
	if d.rightToLeft {
		return reversed(b.String())
	}
	return b.String()
}

// reversed turns a line as it looks, from left to right, into the order in which it is read
// from right to left. Runs of Latin letters, digits and the signs within numbers keep their
// own order. It is what PaddleOCR does for its Arabic recognisers (pred_reverse in
// ppocr/postprocess/rec_postprocess.py), and like there it is no full bidirectional
// algorithm: brackets are not mirrored, and a line in Latin letters alone is left as it is.
func reversed(text string) string {
	var pieces []string
	from := 0
	for at, r := range text {
		if strings.ContainsRune(keepsOrder, r) {
			continue
		}
		if from < at {
			pieces = append(pieces, text[from:at])
		}
		from = at + len(string(r))
		pieces = append(pieces, text[at:from])
	}
	if from < len(text) {
		pieces = append(pieces, text[from:])
	}
	slices.Reverse(pieces)
	return strings.Join(pieces, "")
}

// keepsOrder are the characters of runs from left to right: those of pred_reverse.
const keepsOrder = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 :*./%+-"

// likeliest returns the first largest value. As the values sum to 1, nothing can beat one
// above 0.5: stopping there makes decoding four times as fast.
func likeliest(probs []float32) (class int, p float32) {
	for i, v := range probs {
		if v > p {
			class, p = i, v
			if v > 0.5 {
				break
			}
		}
	}
	return class, p
}
