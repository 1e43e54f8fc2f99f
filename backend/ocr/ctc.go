package ocr

import (
	"bytes"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Dictionary maps the classes of a CTC recogniser to their characters. It is read-only and
// safe for concurrent use.
type Dictionary struct{ classes []string }

// ParseDictionary reads a PP-OCR dictionary: one character a line, UTF-8. Class 0 is the
// CTC blank, then come the lines in order, then a space.
func ParseDictionary(data []byte) (*Dictionary, error) {
	classes := []string{""}
	for line := range bytes.Lines(data) {
		classes = append(classes, strings.TrimRight(string(line), "\r\n"))
	}
	if len(classes) == 1 {
		return nil, inkpool.Errorf(inkpool.CodeModelCorrupt, "the dictionary of this model is empty").
			WithHint("Install the model again.")
	}
	return &Dictionary{classes: append(classes, " ")}, nil
}

// Size is the number of classes, the blank included.
func (d *Dictionary) Size() int { return len(d.classes) }

// Decode reads the best path of a recogniser's output: the likeliest class of each step,
// repetitions and blanks removed. probs is [steps, classes], softmaxed, row-major. The
// score is the mean probability of the characters that remain, 0 when there are none.
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
	return b.String(), score / float64(n)
}

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
