package ocr

import (
	"strings"
	"testing"
)

const testStep = 8 // columns, as in every PP-OCR recogniser

// written is a line 48 high on which every character of text is a bar of 12 columns: 4 lie
// between two of them, 16 where the text has "_", and 6 where it has "~". Neither is printed.
func written(text string, ink, paper float32) (lineImage, []glyph) {
	line := lineImage{height: 48, stride: 24*len(text) + 40}
	var glyphs []glyph
	var bars []int
	x := 4
	for _, c := range text {
		switch c {
		case '_':
			x += 16 - 4
		case '~':
			x += 6 - 4
		default:
			bars = append(bars, x)
			step := (x + 6) / testStep
			glyphs = append(glyphs, glyph{text: string(c), first: step, last: step})
			x += 12 + 4
		}
	}
	line.width = x
	line.pixels = make([]float32, line.height*line.stride)
	for i := range line.pixels {
		line.pixels[i] = paper
	}
	for _, bar := range bars {
		for y := 12; y < 36; y++ {
			for x := range 12 {
				line.pixels[y*line.stride+bar+x] = ink
			}
		}
	}
	return line, glyphs
}

func respaced(line lineImage, glyphs []glyph) string {
	return (&Dictionary{}).join(glyphs, missingSpaces(glyphs, line.blankColumns(), line.height, testStep))
}

func TestMissingSpacesArePutBack(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"words":               {"seven_months_of_work", "seven months of work"},
		"one word":            {"footbridge", "footbridge"},
		"kerning":             {"fo~ot~bridge", "footbridge"},
		"after a comma":       {"music,_but", "music, but"},
		"before a comma":      {"music_,but", "music,but"},
		"after a bracket":     {"ab_(_cd", "ab (cd"},
		"letter and figure":   {"250_mL", "250 mL"},
		"date and time":       {"18/03/18_15:17_06051", "18/03/18 15:17 06051"},
		"amount":              {"29._70~5", "29.705"},
		"figures and Chinese": {"12_月_30_日", "12月30日"},
		"Chinese":             {"墨_池_文_字", "墨池文字"},
		"Chinese and Latin":   {"烧杯_Beaker", "烧杯 Beaker"},
		"Cyrillic":            {"Привет_мир", "Привет мир"},
		"set wide":            {"h_e_a_d_i_n_g", "heading"},
		"nothing":             {"", ""},
		"one character":       {"a", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, colours := range [][2]float32{{-1, 1}, {1, -1}, {0.1, 0.4}} {
				line, glyphs := written(c.text, colours[0], colours[1])
				if got := respaced(line, glyphs); got != c.want {
					t.Errorf("ink %g on %g: got %q, want %q", colours[0], colours[1], got, c.want)
				}
			}
		})
	}
}

// A space that the recogniser has seen is not doubled.
func TestSeenSpacesStayAlone(t *testing.T) {
	line, glyphs := written("of_work", -1, 1)
	seen := glyph{text: " ", first: glyphs[2].first - 1, last: glyphs[2].first - 1}
	glyphs = append(glyphs[:2:2], append([]glyph{seen}, glyphs[2:]...)...)
	if got := respaced(line, glyphs); got != "of work" {
		t.Errorf("got %q, want %q", got, "of work")
	}
}

func TestWordGapsOfLinesWithoutContrast(t *testing.T) {
	line, glyphs := written("seven_months", 1, 1)
	if got := respaced(line, glyphs); strings.Contains(got, " ") {
		t.Errorf("got %q, want no space: nothing can be seen", got)
	}
}

// FuzzMissingSpaces looks for steps and widths that do not fit together.
func FuzzMissingSpaces(f *testing.F) {
	f.Add("seven", 3, 5, 100)
	f.Add("ab", 100, 200, 1)
	f.Fuzz(func(t *testing.T, text string, first, last, width int) {
		width = min(max(width, 1), 4000)
		line := lineImage{pixels: make([]float32, 48*width), width: width, height: 48, stride: width}
		var glyphs []glyph
		step := 0
		for i, c := range text { // steps grow, as a path's do, but may lie beyond the line
			step += 1 + i*max(0, min(first, 100))
			glyphs = append(glyphs, glyph{text: string(c), first: step, last: step + max(0, min(last, 100))})
		}
		if gaps := missingSpaces(glyphs, line.blankColumns(), line.height, testStep); gaps != nil && len(gaps) != len(glyphs) {
			t.Errorf("got %d gaps for %d glyphs", len(gaps), len(glyphs))
		}
	})
}
