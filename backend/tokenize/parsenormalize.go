package tokenize

import (
	"encoding/base64"
	"encoding/json"
)

// normalizerFile has the settings of all normalizers.
type normalizerFile struct {
	Normalizers   []json.RawMessage `json:"normalizers"`
	Charsmap      *string           `json:"precompiled_charsmap"` // base64
	CleanText     *bool             `json:"clean_text"`
	HandleChinese *bool             `json:"handle_chinese_chars"`
	StripAccents  *bool             `json:"strip_accents"`
	Lowercase     *bool             `json:"lowercase"`
	StripLeft     *bool             `json:"strip_left"`
	StripRight    *bool             `json:"strip_right"`
	Prepend       string            `json:"prepend"`
	Pattern       patternFile       `json:"pattern"`
	Content       string            `json:"content"`
}

// normalizer returns nil where there is none.
func (p *parser) normalizer(data json.RawMessage, depth int) (normalizer, error) {
	var f normalizerFile
	kind, err := p.open(data, depth, &f)
	if err != nil {
		return nil, err
	}
	switch kind {
	case "":
		return nil, nil
	case "Sequence":
		return p.normalizers(f.Normalizers, depth)
	case "BertNormalizer":
		lower := isTrue(f.Lowercase, true)
		return bertNormalizer{
			cleanText: isTrue(f.CleanText, true), handleChinese: isTrue(f.HandleChinese, true),
			stripAccents: isTrue(f.StripAccents, lower), lowercase: lower,
		}, nil
	case "Precompiled":
		return newPrecompiled(f.Charsmap)
	case "Strip":
		return trimmer{isTrue(f.StripLeft, true), isTrue(f.StripRight, true)}, nil
	case "Prepend":
		return prepender(f.Prepend), nil
	case "Replace":
		found, err := f.Pattern.pattern()
		return replacer{found, f.Content}, err
	case "ByteLevel":
		return normalizerFunc(p.alphabet.encode), nil
	}
	if simple, ok := simpleNormalizer(kind); ok {
		return simple, nil
	}
	return nil, unknownKind("its normalizer is %q", clip(kind))
}

// simpleNormalizer returns the normalizers that have no settings.
func simpleNormalizer(kind string) (normalizer, bool) {
	f, ok := map[string]normalizerFunc{
		"NFC": nfc, "NFD": nfd, "NFKC": nfkc, "NFKD": nfkd,
		"Lowercase": lowercase, "StripAccents": stripMarks, "Nmt": nmt,
	}[kind]
	return f, ok
}

func (p *parser) normalizers(parts []json.RawMessage, depth int) (normalizer, error) {
	var all normalizers
	for _, part := range parts {
		n, err := p.normalizer(part, depth+1)
		if err != nil {
			return nil, err
		}
		if n != nil {
			all = append(all, n)
		}
	}
	return all, nil
}

// newPrecompiled reads a character map.
func newPrecompiled(encoded *string) (normalizer, error) {
	if encoded == nil {
		return normalizerFunc(withoutCharsmap), nil
	}
	data, err := base64.StdEncoding.DecodeString(*encoded)
	if err != nil {
		return nil, damaged("its character map cannot be read").WithCause(err)
	}
	m, err := parseCharsmap(data)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, nil
	}
	return precompiled{m}, nil
}

// isTrue returns what a setting says, or otherwise when the file leaves it out.
func isTrue(setting *bool, otherwise bool) bool {
	if setting == nil {
		return otherwise
	}
	return *setting
}
