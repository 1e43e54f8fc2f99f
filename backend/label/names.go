package label

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits on what a pack may name: several times what the largest sets of labels have, which
// are those of ImageNet-21k.
const (
	maxNames = 100_000
	maxName  = 1000 // bytes
)

// labelNames returns the names of a model's labels, by class: those of its configuration,
// unless those are only numbered and the pack has a file of names. None is nil.
func (f Files) labelNames(c config) ([]string, error) {
	own, err := c.names()
	if err != nil || own != nil && (f.Labels == nil || !onlyNumbered(own)) {
		return own, err
	}
	if f.Labels == nil {
		return nil, nil
	}
	return parseNames(f.Labels)
}

// requireNames is labelNames for models of which nobody else knows what they say.
func (f Files) requireNames(c config) ([]string, error) {
	names, err := f.labelNames(c)
	if err == nil && names == nil {
		err = refused("nothing names its labels").
			WithHint("Install it together with a file labels.txt that has the name of each label on a line of its own.")
	}
	return names, err
}

// numbers are the names of n classes that have none.
func numbers(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// numbered are the names that transformers gives to labels that have none.
var numbered = regexp.MustCompile(`^LABEL_\d+$`)

func onlyNumbered(names []string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return !numbered.MatchString(n) })
}

// fit returns the names of n classes, in their order. ImageNet has 1000, and some models and
// lists have one more in front for the background.
func fit(names []string, n int) ([]string, error) {
	switch {
	case len(names) == n:
		return names, nil
	case len(names) == n+1 && isBackground(names[0]):
		return names[1:], nil
	case len(names) == n-1 && n == 1001:
		return append([]string{"background"}, names...), nil
	}
	return nil, miscounted(int64(n), names)
}

func miscounted(classes int64, names []string) error {
	return refused("it tells %d classes apart, and %d labels have names", classes, len(names)).
		WithHint("Install it with the list of names that belongs to it, one a line.")
}

func isBackground(name string) bool {
	return slices.Contains([]string{"background", "__background__", "dummy"}, strings.ToLower(name))
}

// parseNames reads a list of labels: one name a line, perhaps each behind its number or its
// WordNet id, or the same as JSON.
func parseNames(data []byte) ([]string, error) {
	if !utf8.Valid(data) {
		return nil, damaged("list of labels", "it is no text in UTF-8")
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if bytes.HasPrefix(data, []byte("[")) || bytes.HasPrefix(data, []byte("{")) {
		return namesOfJSON(data)
	}
	names := strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' || r == '\r' })
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	names = withoutNumbers(withoutPrefix(names, synset))
	return names, checkNames("list of labels", names)
}

var (
	synset  = regexp.MustCompile(`^n\d{8}\s+`) // "n01440764 tench, Tinca tinca"
	counter = regexp.MustCompile(`^(\d+)(?:[:,]\s*|\s+)`)
)

// withoutPrefix cuts off what all names begin with.
func withoutPrefix(names []string, prefix *regexp.Regexp) []string {
	cut := make([]string, len(names))
	for i, name := range names {
		found := prefix.FindString(name)
		if found == "" || found == name {
			return names
		}
		cut[i] = name[len(found):]
	}
	return cut
}

// withoutNumbers cuts off numbers where every name is behind its own.
func withoutNumbers(names []string) []string {
	for i, name := range names {
		if n := counter.FindStringSubmatch(name); n == nil || n[1] != strconv.Itoa(i) {
			return names
		}
	}
	return withoutPrefix(names, counter)
}

// namesOfJSON reads ["tench", ...], {"0": "tench", ...}, {"tench": 0, ...} and Keras'
// {"0": ["n01440764", "tench"], ...}.
func namesOfJSON(data []byte) ([]string, error) {
	var list []string
	if json.Unmarshal(data, &list) == nil {
		return list, checkNames("list of labels", list)
	}
	var byName map[string]int
	if json.Unmarshal(data, &byName) == nil {
		return namesByID("list of labels", swapped(byName))
	}
	var byID map[string]any
	if err := json.Unmarshal(data, &byID); err != nil {
		return nil, damaged("list of labels", "it begins like JSON and is none").WithCause(err)
	}
	entries, err := named("list of labels", byID)
	if err != nil {
		return nil, err
	}
	return namesByID("list of labels", entries)
}

// entry is a name and the class that it stands for.
type entry struct{ id, name string }

func swapped(byName map[string]int) []entry {
	var out []entry
	for name, id := range byName {
		out = append(out, entry{strconv.Itoa(id), name})
	}
	return out
}

func named(file string, byID map[string]any) ([]entry, error) {
	var out []entry
	for id, name := range byID {
		if pair, ok := name.([]any); ok && len(pair) == 2 {
			name = pair[1]
		}
		switch name.(type) {
		case string, float64:
			out = append(out, entry{id, fmt.Sprint(name)})
		default:
			return nil, damaged(file, "label %.40q has no name", id)
		}
	}
	return out, nil
}

// namesByID puts names in the order of their classes, which must be all from 0 on.
func namesByID(file string, entries []entry) ([]string, error) {
	names, seen := make([]string, len(entries)), make([]bool, len(entries))
	for _, e := range entries {
		id, err := strconv.Atoi(e.id)
		switch {
		case err != nil || id < 0:
			return nil, damaged(file, "%.40q is no number of a label", e.id)
		case id >= len(names):
			return nil, damaged(file, "it numbers %d labels, but not from 0 to %d: there is a %d", len(names), len(names)-1, id)
		case seen[id]:
			return nil, damaged(file, "two labels have the number %d", id)
		}
		names[id], seen[id] = strings.TrimSpace(e.name), true
	}
	return names, checkNames(file, names)
}

// checkNames looks at names as such. Two may be the same: ImageNet has a crane that flies and
// one that lifts.
func checkNames(file string, names []string) error {
	if len(names) == 0 || len(names) > maxNames {
		return damaged(file, "it names %d labels", len(names))
	}
	for i, name := range names {
		if name == "" || len(name) > maxName {
			return damaged(file, "the name of label %d has %d bytes", i, len(name))
		}
	}
	return nil
}

// fitOutput is fit for the classes that an output has, where the graph tells how many.
func fitOutput(names []string, out Value) ([]string, error) {
	if n := classesOf(out.Shape); n > 0 && names != nil {
		return fit(names, int(n))
	}
	return names, nil
}

// classesOf is the number of classes in an output of one row, [1, classes] or the same with
// more sizes of 1; 0: it is open.
func classesOf(shape []int64) int64 {
	if len(shape) < 2 {
		return 0
	}
	n := int64(1)
	for _, d := range shape[1:] {
		if d < 1 || d > maxNames+1 {
			return max(0, min(d, maxNames+2))
		}
		n = min(n*d, maxNames+2)
	}
	return n
}
