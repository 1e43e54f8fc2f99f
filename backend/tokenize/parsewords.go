package tokenize

import (
	"encoding/json"
	"unicode"
	"unicode/utf8"
)

// preTokenizerFile has the settings of all pre-tokenizers.
type preTokenizerFile struct {
	PreTokenizers    []json.RawMessage `json:"pretokenizers"`
	Replacement      string            `json:"replacement"`
	AddPrefixSpace   *bool             `json:"add_prefix_space"`
	PrependScheme    string            `json:"prepend_scheme"`
	Split            *bool             `json:"split"`
	UseRegex         *bool             `json:"use_regex"`
	Pattern          patternFile       `json:"pattern"`
	Behaviour        behaviour         `json:"behavior"`
	Invert           bool              `json:"invert"`
	IndividualDigits bool              `json:"individual_digits"`
	Delimiter        string            `json:"delimiter"`
}

// preTokenizer returns nil where there is none.
func (p *parser) preTokenizer(data json.RawMessage, depth int) (preTokenizer, error) {
	var f preTokenizerFile
	kind, err := p.open(data, depth, &f)
	if err != nil {
		return nil, err
	}
	switch kind {
	case "":
		return nil, nil
	case "Sequence":
		return p.preTokenizers(f.PreTokenizers, depth)
	case "BertPreTokenizer":
		return bertWords{}, nil
	case "Whitespace":
		return splitter{runs(wordOrSigns), removed, true}, nil
	case "WhitespaceSplit":
		return splitter{runes(isSpace), removed, false}, nil
	case "Punctuation":
		return newSplitter(runes(isPunctuation), f.Behaviour, isolated, false)
	case "Digits":
		if f.IndividualDigits {
			return splitter{runes(unicode.IsNumber), isolated, false}, nil
		}
		return splitter{runes(unicode.IsNumber), contiguous, false}, nil
	case "CharDelimiterSplit":
		return splitter{literal(f.Delimiter), removed, false}, oneCharacter(f.Delimiter)
	case "Split":
		found, err := f.Pattern.pattern()
		if err != nil {
			return nil, err
		}
		return newSplitter(found, f.Behaviour, "", f.Invert)
	case "Metaspace":
		return f.metaspace()
	case "ByteLevel":
		return byteLevel{p.alphabet, isTrue(f.AddPrefixSpace, true), isTrue(f.UseRegex, true)}, nil
	}
	return nil, unknownKind("its pre-tokenizer is %q", clip(kind))
}

func (p *parser) preTokenizers(parts []json.RawMessage, depth int) (preTokenizer, error) {
	var all preTokenizers
	for _, part := range parts {
		t, err := p.preTokenizer(part, depth+1)
		if err != nil {
			return nil, err
		}
		if t != nil {
			all = append(all, t)
		}
	}
	return all, nil
}

func newSplitter(found pattern, b, otherwise behaviour, invert bool) (preTokenizer, error) {
	if b == "" {
		b = otherwise
	}
	if !b.known() {
		return nil, unknownKind("it splits as %q", clip(string(b)))
	}
	return splitter{found, b, invert}, nil
}

func (f preTokenizerFile) metaspace() (preTokenizer, error) {
	scheme, err := schemeOf(f.PrependScheme, f.AddPrefixSpace)
	if err != nil {
		return nil, err
	}
	return metaspace{f.Replacement, scheme, !isTrue(f.Split, true)}, oneCharacter(f.Replacement)
}

// schemeOf reads how a metaspace is put before a text; older files say yes or no.
func schemeOf(scheme string, addPrefix *bool) (prependScheme, error) {
	switch s := prependScheme(scheme); {
	case !isTrue(addPrefix, true):
		return prependNever, nil
	case scheme == "":
		return prependAlways, nil
	case s == prependAlways, s == prependFirst, s == prependNever:
		return s, nil
	}
	return "", unknownKind("it prepends as %q", clip(scheme))
}

// oneCharacter fails for anything but one character.
func oneCharacter(s string) error {
	if utf8.RuneCountInString(s) != 1 {
		return damaged("%q is not one character", clip(s))
	}
	return nil
}
