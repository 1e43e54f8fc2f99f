package modelpack

import (
	"strings"
)

// card is what the head of a README.md says of a model, as Hugging Face has it between two
// lines of dashes.
type card struct {
	licence   string   // SPDX identifier
	languages []string // BCP 47
}

// card reads the README.md of a folder. Only the simple forms of YAML are understood that
// model cards have; whatever else is there says nothing.
func (c contents) card() (found card) {
	data, err := readUpTo(c.files, "README.md", maxSmall)
	if err != nil {
		return card{}
	}
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	if lines[0] != "---" {
		return card{}
	}
	key := ""
	for _, line := range lines[1:] {
		if line == "---" {
			break
		}
		value, isItem := strings.CutPrefix(strings.TrimSpace(line), "- ")
		if !isItem {
			var name string
			if name, value, _ = strings.Cut(line, ":"); strings.HasPrefix(name, " ") {
				continue
			}
			key = name
		}
		found.take(key, value)
	}
	return found
}

func (c *card) take(key, value string) {
	for _, v := range strings.Split(strings.Trim(strings.TrimSpace(value), "[]"), ",") {
		switch v = strings.Trim(strings.TrimSpace(v), `"'`); {
		case v == "":
		case key == "license" && c.licence == "":
			c.licence = SPDX(v)
		case key == "language":
			if tag := languageOf(v); tag != "" && len(c.languages) < maxLanguages {
				c.languages = uniqueLanguages(c.languages, []string{tag})
			}
		}
	}
}

// languagesFor are the languages of a model that gives labels.
func (c card) languagesFor(task Task) []string {
	switch {
	case task == TaskImage:
		return []string{NoLanguage}
	case len(c.languages) > 0:
		return c.languages
	default:
		return []string{UnknownLanguage}
	}
}

// SPDX is the identifier of a licence as Hugging Face names it. Names that it does not know
// become a reference, as SPDX wants it.
func SPDX(name string) string {
	switch name = strings.ToLower(name); name {
	case "apache-2.0":
		return "Apache-2.0"
	case "mit":
		return "MIT"
	case "bsd-3-clause":
		return "BSD-3-Clause"
	case "bsd-2-clause":
		return "BSD-2-Clause"
	case "mpl-2.0":
		return "MPL-2.0"
	case "gpl-3.0":
		return "GPL-3.0-only"
	case "agpl-3.0":
		return "AGPL-3.0-only"
	case "unlicense":
		return "Unlicense"
	case "", "unknown", "other":
		return UnknownLicence
	}
	if strings.HasPrefix(name, "cc0") || strings.HasPrefix(name, "cc-") {
		return strings.ToUpper(name)
	}
	id := idOf(name)
	if id == "" {
		return UnknownLicence
	}
	return "LicenseRef-" + id
}
