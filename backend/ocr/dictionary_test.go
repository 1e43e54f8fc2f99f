package ocr_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
)

// everyClass is what the classes from 1 on decode to, each by itself.
func everyClass(d *ocr.Dictionary) string {
	var all strings.Builder
	step := make([]float32, d.Size())
	for class := range step {
		step[class] = 1
		text, _ := d.Decode(step)
		all.WriteString(text)
		step[class] = 0
	}
	return all.String()
}

func TestParseDictionaryRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"nothing":               "",
		"a byte order mark":     "\ufeff",
		"another encoding":      "\xb0\xa1\n\xb0\xa2\n",
		"half of a character":   "a\n\xe4\xb8",
		"UTF-16, byte by byte":  "\xff\xfea\x00\n\x00",
		"an ONNX model by name": "\x08\x08:\xff\xfe\xfd",
	} {
		_, err := ocr.ParseDictionary([]byte(data))
		if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, inkpool.CodeModelCorrupt)
		}
	}
}

// Dictionaries as they are published: the number of classes tells what they leave out.
func TestFit(t *testing.T) {
	for name, c := range map[string]struct {
		data    string
		classes int
		want    string // of the classes from 1 on
	}{
		"blank and space left out":       {"a\nb\n", 4, "ab "},
		"space left out, empty line":     {"\na\nb\n", 4, "ab "},
		"space left out, blank by name":  {"<blank>\na\nb\n", 4, "ab "},
		"no space at all":                {"a\nb\n", 3, "ab"},
		"no space at all, blank by name": {"blank\na\nb\n", 3, "ab"},
		"both there":                     {"\na\nb\n \n", 4, "ab "},
		"both there, blank is a space":   {"\u3000\na\n ", 3, "a "},
		"a space of its own as well":     {"a\n \n", 4, "a  "},
		"an empty line in the middle":    {"a\n\nb\n", 5, "ab "},
		"the same line twice":            {"a\na\n", 4, "aa "},
		"Windows line ends":              {"\r\na\r\nb\r\n", 4, "ab "},
		"a byte order mark":              {"\ufeffa\nb\n", 4, "ab "},
		"the mark and the blank":         {"\ufeff\na\nb\n", 4, "ab "},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ocr.ParseDictionary([]byte(c.data))
			if err != nil {
				t.Fatal(err)
			}
			if d, err = d.Fit(c.classes); err != nil {
				t.Fatal(err)
			}
			if got := everyClass(d); got != c.want || d.Size() != c.classes {
				t.Errorf("got %q in %d classes, want %q in %d", got, d.Size(), c.want, c.classes)
			}
		})
	}
}

func TestFitRefusesTheDictionaryOfAnotherModel(t *testing.T) {
	d, err := ocr.ParseDictionary([]byte("a\nb\nc\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, classes := range []int{-1, 0, 1, 2, 6, 6625} {
		_, err := d.Fit(classes)
		if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
			t.Errorf("%d classes: got %q (%v), want %q", classes, got, err, inkpool.CodeModelCorrupt)
		}
	}
}

func TestFitLeavesTheDictionaryAlone(t *testing.T) {
	d := abc(t)
	before := everyClass(d)
	if _, err := d.Fit(4); err != nil {
		t.Fatal(err)
	}
	if got := everyClass(d); got != before {
		t.Errorf("got %q, want %q as before", got, before)
	}
}

// The recogniser's steps run from the left; the text is returned as it is read. What is read
// is given in pieces, each of which looks the same from both sides.
func TestRightToLeft(t *testing.T) {
	for name, pieces := range map[string][]string{
		"a word":                     {"س", "ل", "ا", "م"},
		"two words":                  {"م", "ن", " ", "ع", "ا", "م"},
		"a number keeps its order":   {"خ", "ص", "م", " 12.5%"},
		"a number between":           {"ع", "ا", "م", " 20 ", "م", "ن"},
		"Latin letters":              {"ه", "و", " Inkpool"},
		"nothing but Latin letters":  {"Harbour office 3"},
		"the script's digits turn":   {"١", "٢"},
		"marks stay with their word": {"ك", "ّ", "ل"},
		"nothing":                    {},
	} {
		want := strings.Join(pieces, "")
		slices.Reverse(pieces)
		if got := decodeRightToLeft(t, strings.Join(pieces, "")); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// decodeRightToLeft decodes what a recogniser sees from left to right.
func decodeRightToLeft(t *testing.T, seen string) string {
	t.Helper()
	letters := append(strings.Split(seen, ""), "y")
	d, err := ocr.ParseDictionary([]byte("x\n" + strings.Join(letters, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	var path []int
	for i := range len(letters) - 1 {
		path = append(path, i+2, 0)
	}
	text, _ := d.RightToLeft().Decode(certain(d.Size(), path...))
	return text
}

// publishedDictionary is one of PP-OCR's, for a model with that many classes.
func publishedDictionary(t *testing.T, dir, name string, classes int) *ocr.Dictionary {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	d, err := ocr.ParseDictionary(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if d, err = d.Fit(classes); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// Every dictionary of PP-OCR that the data has, with the classes of the model it is for: those
// of the released models, and blank, characters and space where the model is not at hand.
func TestPublishedDictionaries(t *testing.T) {
	dir := dictionaries(t)
	for name, classes := range map[string]int{
		"ppocr_keys_v1.txt":           6625,
		"ppocrv3_dict.txt":            6625,
		"ppocrv4_dict.txt":            6625,
		"ppocrv4_doc_dict.txt":        15631,
		"en_dict.txt":                 97,
		"japan_dict.txt":              4401,
		"ppocrv5_dict.txt":            18385,
		"ppocrv5_en_dict.txt":         438,
		"ppocrv5_latin_dict.txt":      838,
		"ppocrv5_arabic_dict.txt":     749,
		"ppocrv5_cyrillic_dict.txt":   852,
		"ppocrv5_devanagari_dict.txt": 570,
		"ppocrv5_el_dict.txt":         356,
		"ppocrv5_eslav_dict.txt":      519,
		"ppocrv5_korean_dict.txt":     11947,
		"ppocrv5_ta_dict.txt":         515,
		"ppocrv5_te_dict.txt":         542,
		"ppocrv5_th_dict.txt":         526,
	} {
		d := publishedDictionary(t, dir, name, classes)
		text := everyClass(d)
		if d.Size() != classes || !strings.HasSuffix(text, " ") || strings.ContainsAny(text, "\r\n\ufeff") {
			t.Errorf("%s: got %d classes, the last characters %q; want %d, a space last, no line ends",
				name, d.Size(), text[max(0, len(text)-8):], classes)
		}
	}
	// The same dictionary, with and without a line for the blank.
	if everyClass(publishedDictionary(t, dir, "ppocr_keys_v1.txt", 6625)) != everyClass(publishedDictionary(t, dir, "ppocrv4_dict.txt", 6625)) {
		t.Error("the two dictionaries of PP-OCRv4 differ")
	}
}

// dictionaries is the folder of the evaluation data that has them.
func dictionaries(t *testing.T) string {
	t.Helper()
	data := os.Getenv("INKPOOL_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(data, "models", "ocr_dictionaries")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no dictionaries in %s: set INKPOOL_DATA", dir)
	}
	return dir
}

func FuzzParseDictionary(f *testing.F) {
	for _, data := range []string{"a\nb\n中\n", "\ufeff\r\na\r\n", " \n", "\n\n", "\xff"} {
		f.Add([]byte(data), 4)
	}
	f.Fuzz(func(t *testing.T, data []byte, classes int) {
		d, err := ocr.ParseDictionary(data)
		if err != nil {
			return
		}
		if d.Size() != d.Lines()+2 {
			t.Fatalf("got %d classes of %d lines", d.Size(), d.Lines())
		}
		if fitted, err := d.Fit(classes); err == nil && fitted.Size() != classes {
			t.Errorf("got %d classes, want %d", fitted.Size(), classes)
		}
	})
}
