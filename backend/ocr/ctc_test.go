package ocr_test

import (
	"math"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
)

// abc is a dictionary whose classes are blank, a, b, 中 and space.
func abc(t testing.TB) *ocr.Dictionary {
	t.Helper()
	d, err := ocr.ParseDictionary([]byte("a\nb\n中\n"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseDictionary(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want string // what the classes from 1 on decode to, one after the other
	}{
		"one character a line":       {"a\nb\n中\n", "ab中 "},
		"no line end at the end":     {"a\nb", "ab "},
		"Windows line ends":          {"a\r\nb\r\n", "ab "},
		"a space of its own":         {" \na\n", " a "},
		"more than one byte":         {"é\n½\n𠮷\n", "é½𠮷 "},
		"empty lines keep the count": {"a\n\nb\n", "ab "},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ocr.ParseDictionary([]byte(c.data))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := d.Size(), strings.Count(strings.TrimSuffix(c.data, "\n"), "\n")+3; got != want {
				t.Errorf("got %d classes, want %d: blank, the lines, space", got, want)
			}
			path := make([]int, 0, d.Size()) // every class once
			for class := range d.Size() {
				path = append(path, class)
			}
			if got, _ := d.Decode(certain(d.Size(), path...)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestParseDictionaryRefusesNothing(t *testing.T) {
	_, err := ocr.ParseDictionary(nil)
	if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
		t.Errorf("got %q (%v), want %q", got, err, inkpool.CodeModelCorrupt)
	}
}

// certain is an output in which each step is sure of one class.
func certain(classes int, path ...int) []float32 {
	probs := make([]float32, classes*len(path))
	for step, class := range path {
		probs[step*classes+class] = 1
	}
	return probs
}

func TestDecode(t *testing.T) {
	const blank, a, b, zhong, space = 0, 1, 2, 3, 4
	for name, c := range map[string]struct {
		path []int
		want string
	}{
		"no steps":                     {nil, ""},
		"blanks only":                  {[]int{blank, blank, blank}, ""},
		"one character":                {[]int{a}, "a"},
		"repeated steps are one":       {[]int{a, a, a, b, b}, "ab"},
		"a blank between doubles":      {[]int{a, blank, a}, "aa"},
		"blanks around":                {[]int{blank, a, blank, b, blank}, "ab"},
		"space":                        {[]int{a, space, b}, "a b"},
		"a blank does not start anew":  {[]int{a, blank, blank, b}, "ab"},
		"Chinese":                      {[]int{zhong, zhong, blank, zhong}, "中中"},
		"there and back":               {[]int{a, b, a}, "aba"},
		"spaces count as any other":    {[]int{space, space, blank, space}, "  "},
		"text at the end of the steps": {[]int{blank, blank, a}, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			d := abc(t)
			got, score := d.Decode(certain(d.Size(), c.path...))
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if wantScore := float64(min(1, len(c.want))); score != wantScore {
				t.Errorf("got score %g, want %g", score, wantScore)
			}
		})
	}
}

func TestDecodeScoreIsTheMeanOfTheFirstSteps(t *testing.T) {
	d := abc(t)
	text, score := d.Decode([]float32{
		0.1, 0.9, 0, 0, 0, // a
		0.4, 0.6, 0, 0, 0, // still the same a: does not count
		0.7, 0.3, 0, 0, 0, // blank: does not count
		0.2, 0, 0.3, 0.25, 0.25, // b, unsure
	})
	if text != "ab" || math.Abs(score-0.6) > 1e-6 {
		t.Errorf("got %q with score %g, want \"ab\" with (0.9+0.3)/2", text, score)
	}
}

func TestDecodeIgnoresAStepThatIsCutOff(t *testing.T) {
	d := abc(t)
	probs := append(certain(d.Size(), 1), 0, 0, 1) // 3 of 5 classes
	if got, _ := d.Decode(probs); got != "a" {
		t.Errorf("got %q, want %q", got, "a")
	}
}

func TestDecodeOfWhatIsNoNumber(t *testing.T) {
	d := abc(t)
	nan := float32(math.NaN())
	got, score := d.Decode([]float32{nan, nan, nan, nan, nan, 0, 0, 0, 0, 0})
	if got != "" || score != 0 {
		t.Errorf("got %q with score %g, want nothing", got, score)
	}
}

// FuzzDecode compares with decoding that looks at every class of every step. Outputs are
// softmaxed, as the model's are: that is what makes stopping early right.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0})
	f.Add([]byte("\x10\x20\x30\x20\x10\xff\x00\x00\x00\x00\xff\x00\x00\x00\x00\x00\xff\x00\x00\x00"))
	f.Add([]byte("any text will do as logits of a few steps, of five classes each"))
	f.Fuzz(func(t *testing.T, logits []byte) {
		d := abc(t)
		probs := softmax(logits, d.Size())
		got, gotScore := d.Decode(probs)
		want, wantScore := slowDecode(probs, []string{"", "a", "b", "中", " "})
		if got != want || gotScore != wantScore {
			t.Errorf("got %q with score %g, want %q with %g", got, gotScore, want, wantScore)
		}
	})
}

// softmax turns each full row of logits, -8..8, into probabilities.
func softmax(logits []byte, classes int) []float32 {
	var probs []float32
	for ; len(logits) >= classes; logits = logits[classes:] {
		sum := 0.0
		row := make([]float64, classes)
		for i := range row {
			row[i] = math.Exp(float64(logits[i])/16 - 8)
			sum += row[i]
		}
		for _, v := range row {
			probs = append(probs, float32(v/sum))
		}
	}
	return probs
}

func slowDecode(probs []float32, classes []string) (text string, score float64) {
	n, previous := 0, 0
	for ; len(probs) > 0; probs = probs[len(classes):] {
		best := 0
		for i := range classes {
			if probs[i] > probs[best] {
				best = i
			}
		}
		if best != 0 && best != previous {
			text += classes[best]
			score += float64(probs[best])
			n++
		}
		previous = best
	}
	return text, score / max(1, float64(n))
}
