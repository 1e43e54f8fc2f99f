package ocr

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Dictionary maps the classes of a CTC recogniser to their characters. It is read-only and
// safe for concurrent use.
type Dictionary struct {
	lines       []string // as they were given
	classes     []string // classes[0] is the blank, ""
	rightToLeft bool
}

// byteOrderMark is what some editors put before a text in UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// ParseDictionary reads a PP-OCR dictionary: one character a line, in UTF-8, as a file or as
// the metadata of a model has it. Every line is a class, also one that is empty, a space or
// the same as another. Class 0 is the CTC blank, then come the lines in order, then a space;
// Fit arranges them for models that have it otherwise.
func ParseDictionary(data []byte) (*Dictionary, error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if len(data) == 0 {
		return nil, badDictionary("the dictionary of this model is empty")
	}
	if !utf8.Valid(data) {
		return nil, badDictionary("the dictionary of this model is no text in UTF-8")
	}
	var lines []string
	for line := range bytes.Lines(data) {
		lines = append(lines, strings.TrimRight(string(line), "\r\n"))
	}
	return &Dictionary{lines: lines, classes: slices.Concat([]string{""}, lines, []string{" "})}, nil
}

// Fit returns the dictionary for a model with that many classes. Published dictionaries
// differ in what they spell out: most leave the blank and the space to the program; some
// begin with a line for the blank; some have both, and some models know no space. The number
// of classes tells which. Where none of it fits, characters would come out as others:
// CodeModelCorrupt.
func (d *Dictionary) Fit(classes int) (*Dictionary, error) {
	fitted := *d
	switch missing := classes - len(d.lines); {
	case missing == 2:
		fitted.classes = slices.Concat([]string{""}, d.lines, []string{" "})
	case missing == 1 && isBlank(d.lines[0]):
		fitted.classes = slices.Concat([]string{""}, d.lines[1:], []string{" "})
	case missing == 1:
		fitted.classes = slices.Concat([]string{""}, d.lines)
	case missing == 0:
		fitted.classes = slices.Concat([]string{""}, d.lines[1:])
	default:
		return nil, badDictionary("this model and its dictionary do not belong together: %d classes, %d lines", classes, len(d.lines))
	}
	return &fitted, nil
}

// isBlank reports whether a line stands for the CTC blank.
func isBlank(line string) bool { return strings.Trim(line, "<>[]") == "blank" || line == "" }

func badDictionary(format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, format, args...).
		WithHint("Install the model again, with the dictionary that was published with it.")
}

// RightToLeft returns the dictionary for a script that is read from right to left: Decode
// then returns the characters in the order in which they are read.
func (d *Dictionary) RightToLeft() *Dictionary {
	turned := *d
	turned.rightToLeft = true
	return &turned
}

// Lines is how many lines were given.
func (d *Dictionary) Lines() int { return len(d.lines) }

// Size is the number of classes, the blank included.
func (d *Dictionary) Size() int { return len(d.classes) }
