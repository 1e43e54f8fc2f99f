package modelpack

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// codeForm is how models name languages: "zh", "zho", "cmn_Hans", "pt_br", "zho_Hans".
var codeForm = regexp.MustCompile(`^[A-Za-z]{2,3}([_-][A-Za-z]{4})?([_-][A-Za-z]{2})?$`)

// tagOf is a model's name of a language as a tag of BCP 47: the short code where there is one,
// and that of the macrolanguage where that is what people say, such as zh for cmn.
func tagOf(code string) (tag language.Tag, ok bool) {
	if !codeForm.MatchString(code) {
		return tag, false
	}
	tag, err := (language.DeprecatedBase | language.Macro).Parse(strings.ReplaceAll(code, "_", "-"))
	return tag, err == nil && languageForm.MatchString(tag.String())
}

// languageOf is the tag of a code; empty where it names no language.
func languageOf(code string) string {
	tag, ok := tagOf(code)
	if !ok {
		return ""
	}
	return tag.String()
}

// tokensByLanguage gives every token that names a language its tag. A script is said where it
// tells two tokens apart, and for Chinese.
func tokensByLanguage(tokens []string, code func(token string) string) map[string]string {
	slices.Sort(tokens)
	tags, scripts := map[string]language.Tag{}, map[string]int{}
	for _, t := range slices.Compact(tokens) {
		tag, ok := tagOf(code(t))
		if !ok {
			continue
		}
		tags[t] = tag
		scripts[withoutScript(tag)]++
	}
	found := map[string]string{}
	for _, t := range slices.Compact(tokens) {
		tag, ok := tags[t]
		if !ok {
			continue
		}
		name := tag.String()
		if plain := withoutScript(tag); scripts[plain] == 1 && plain != "zh" {
			name = plain
		}
		if _, taken := found[name]; !taken {
			found[name] = t
		}
	}
	return found
}

func withoutScript(tag language.Tag) string {
	base, _, region := tag.Raw()
	if region == (language.Region{}) {
		return base.String()
	}
	return base.String() + "-" + region.String()
}

// byImportance sorts tags: those of the main language first, of Chinese the simplified script
// first, then by name.
func byImportance(tags []string, main string) []string {
	rank := func(tag string) int {
		base, _, _ := strings.Cut(tag, "-")
		switch {
		case tag == main:
			return 0
		case base == main && tag == "zh-Hans":
			return 1
		case base == main:
			return 2
		default:
			return 3
		}
	}
	slices.SortFunc(tags, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return tags
}
