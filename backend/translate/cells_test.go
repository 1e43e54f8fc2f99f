package translate

import (
	"slices"
	"testing"
)

// The cells of a table are translated one by one, and the tabs between them stay.
func TestCellsAreSentencesOfTheirOwn(t *testing.T) {
	for text, want := range map[string][]piece{
		"Language\tEnglish\nTea\t3.50\tper cup": {
			{sentence, "Language"}, {fixed, "\t"}, {sentence, "English"}, {fixed, "\n"},
			{sentence, "Tea"}, {fixed, "\t3.50\t"}, {sentence, "per cup"},
		},
		"\tThe tide was low that morning and nobody had swept the\tand this is a cell": {
			{fixed, "\t"}, {sentence, "The tide was low that morning and nobody had swept the"}, {fixed, "\t"}, {sentence, "and this is a cell"},
		},
	} {
		if got := segment(text, "en"); !slices.Equal(got, want) {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
}
