package tokenize

import (
	"encoding/json"
	"strings"
)

// decoderFile has the settings of all decoders.
type decoderFile struct {
	Decoders       []json.RawMessage `json:"decoders"`
	Prefix         *string           `json:"prefix"`
	CleanUp        *bool             `json:"cleanup"`
	Replacement    string            `json:"replacement"`
	AddPrefixSpace *bool             `json:"add_prefix_space"`
	PrependScheme  string            `json:"prepend_scheme"`
	Suffix         *string           `json:"suffix"`
	Pattern        patternFile       `json:"pattern"`
	Content        string            `json:"content"`
	Start          int               `json:"start"`
	Stop           int               `json:"stop"`
}

// decoder returns nil where there is none.
func (p *parser) decoder(data json.RawMessage, depth int) (decoder, error) {
	var f decoderFile
	kind, err := p.open(data, depth, &f)
	if err != nil {
		return nil, err
	}
	switch kind {
	case "":
		return nil, nil
	case "Sequence":
		return p.decoders(f.Decoders, depth)
	case "WordPiece":
		d := wordPieceDecoder{prefix: orElse(f.Prefix, "##")}
		if isTrue(f.CleanUp, true) {
			d.cleanUp = newCleanUp()
		}
		return d, nil
	case "ByteLevel":
		return byteLevelDecoder{p.alphabet}, nil
	case "Metaspace":
		scheme, err := schemeOf(f.PrependScheme, f.AddPrefixSpace)
		if err != nil {
			return nil, err
		}
		return metaspaceDecoder{f.Replacement, scheme}, oneCharacter(f.Replacement)
	case "BPEDecoder":
		suffix := orElse(f.Suffix, "</w>")
		if suffix == "" {
			return nil, damaged("its decoder has no suffix")
		}
		return suffixDecoder(suffix), nil
	case "ByteFallback":
		return byteFallbackDecoder{}, nil
	case "Fuse":
		return fuse{}, nil
	case "Strip":
		return stripDecoder{f.Content, f.Start, f.Stop}, oneCharacter(f.Content)
	case "Replace":
		found, err := f.Pattern.pattern()
		if err != nil {
			return nil, err
		}
		return eachPiece(func(piece string) string { return newText(piece).replace(found, f.Content).s }), nil
	}
	return nil, unknownKind("its decoder is %q", clip(kind))
}

func (p *parser) decoders(parts []json.RawMessage, depth int) (decoder, error) {
	var all decoders
	for _, part := range parts {
		d, err := p.decoder(part, depth+1)
		if err != nil {
			return nil, err
		}
		if d != nil {
			all = append(all, d)
		}
	}
	return all, nil
}

// orElse returns what a setting says, or otherwise when the file leaves it out.
func orElse(setting *string, otherwise string) string {
	if setting == nil {
		return otherwise
	}
	return strings.Clone(*setting)
}
