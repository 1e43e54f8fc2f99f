package translate

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// splitSentences cuts a text without line breaks behind its sentences. White space after an end
// belongs to the sentence before it, so that the parts make up the text. language is BCP 47, or
// empty.
//
// The base is UAX #29. It breaks after abbreviations and within addresses, and knows no ends of
// Tibetan and Thai sentences nor all of the Chinese ones.
func splitSentences(text, language string) []string {
	var parts []string
	start := 0
	for _, end := range append(possibleEnds(text), len(text)) {
		switch part := text[start:end]; {
		case end < len(text) && goesOn(part, text[end:], language):
			continue
		case len(parts) > 0 && !hasWord(part): // a lone bracket
			parts[len(parts)-1] += part
		case part != "":
			parts = append(parts, part)
		}
		start = end
	}
	return parts
}

// possibleEnds are the places where sentences may end, in order.
func possibleEnds(text string) []int {
	var ends []int
	at := 0
	for it := sentences.FromString(text); it.Next(); {
		for _, end := range moreEnds(it.Value()) {
			ends = append(ends, at+end)
		}
		at += len(it.Value())
		ends = append(ends, at-len(opening.FindString(it.Value())))
	}
	return slices.Compact(ends)
}

// opening is what opens a quotation; UAX #29 takes it for what closes one.
var opening = regexp.MustCompile(`[\p{Ps}\p{Pi}]+$`)

// goesOn reports whether a sentence that seems to end goes on with rest.
func goesOn(part, rest, language string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	last, _ := utf8.DecodeLastRuneInString(part)
	if strings.ContainsRune(".!?", last) && !spaceless(next) { // without a space behind it: "a?b=1"
		return true
	}
	return endsInAbbreviation(part, language)
}

func hasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

var (
	// otherEnd is the Chinese semicolon and ellipsis, with what closes quotations behind them,
	// and the Tibetan shad before a space, after which another may follow.
	otherEnd = regexp.MustCompile(`；[”’」』）】》]*|……+[”’」』）】》]*|[།༎]+[ \x{00A0}]+(?:[།༎]+[ \x{00A0}]*)*`)

	thaiGap = regexp.MustCompile(`\p{Thai}[^ ]*( +)`)
)

// thaiSentence is how many letters at least come before a space that ends a Thai sentence: it may
// also be a pause, and a model does better with two short sentences at once than with a half.
const thaiSentence = 60

// moreEnds are places behind the ends that UAX #29 does not know.
func moreEnds(text string) []int {
	var places []int
	for _, m := range otherEnd.FindAllStringIndex(text, -1) {
		places = append(places, m[1])
	}
	last := 0
	for _, m := range thaiGap.FindAllStringSubmatchIndex(text, -1) {
		if end := m[3]; utf8.RuneCountInString(text[last:end]) >= thaiSentence {
			places, last = append(places, end), end
		}
	}
	return places
}

var (
	// lastWord is the last word of a sentence that seems to end with a full stop.
	lastWord = regexp.MustCompile(`(?:^|[\s(\["'“„«/-])([\p{L}\p{M}.]*\p{L}|\d+)\.\s*$`)

	// titles stand before a name or a number, hardly ever at the end of a sentence. Lower case,
	// from the languages that most translation models are for.
	titles = words(`
		mr mrs ms dr prof st rev hon gen col capt lt sgt maj sen rep gov pres messrs mt ft
		no nos fig figs vol vols pp ch sec eq art ed eds approx est dept univ vs cf viz al
		jan feb mar apr jun jul aug sept oct nov dec
		nr bzw ca evtl ggf inkl sog usw vgl abs str tel
		mme mlle m sra sr srta ud uds dª núm pág págs av
		sig dott ing avv gli п г ул д стр им см тыс млн млрд`)

	// ordinals are languages that write the third of October as "3. October".
	ordinals = words(`de da nb nn no fi et lv cs sk sl hr bs sr hu pl tr is fo`)
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// endsInAbbreviation reports whether the full stop at the end of part is no end of a sentence.
func endsInAbbreviation(part, language string) bool {
	tail := part[max(0, len(part)-longestWord):] // a text may have a full stop behind each letter
	m := lastWord.FindStringSubmatchIndex(tail)
	if m == nil {
		return false
	}
	word := tail[m[2]:m[3]]
	switch {
	case unicode.IsDigit(rune(word[0])): // "1. Open it", "am 3. Oktober"
		return len(part) < longestWord && strings.TrimSpace(tail[:m[2]]) == "" || len(word) <= 2 && ordinals[base(language)]
	case strings.Contains(word, "."): // "e.g.", "U.S."
		return !strings.Contains(word, "..")
	case utf8.RuneCountInString(word) == 1: // an initial; "I" may well end a sentence
		return unicode.IsUpper([]rune(word)[0]) && word != "I"
	}
	return titles[strings.ToLower(word)]
}

// longestWord is how far an abbreviation is looked for, in bytes.
const longestWord = 64

// base is the language of a BCP 47 tag without its script and region.
func base(tag string) string {
	language, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(language)
}
