package tokenize

import (
	"encoding/json"
)

// processorFile has the settings of all post-processors.
type processorFile struct {
	Processors     []json.RawMessage `json:"processors"`
	Single         []templatePartFile
	Pair           []templatePartFile
	SpecialTokens  map[string]specialFile `json:"special_tokens"`
	Sep            pieceAndID
	Cls            pieceAndID
	TrimOffsets    *bool `json:"trim_offsets"`
	AddPrefixSpace *bool `json:"add_prefix_space"`
}

// templatePartFile is {"SpecialToken": {…}} or {"Sequence": {…}}.
type templatePartFile struct {
	SpecialToken *templateNameFile
	Sequence     *templateNameFile
}

type templateNameFile struct {
	ID     string `json:"id"`
	TypeID int    `json:"type_id"`
}

// specialFile says which tokens the name of a special token stands for.
type specialFile struct {
	IDs    []int32  `json:"ids"`
	Tokens []string `json:"tokens"`
}

// pieceAndID is written as a list of both.
type pieceAndID struct {
	piece string
	id    int32
}

func (p *pieceAndID) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[2]any{&p.piece, &p.id})
}

func (p pieceAndID) token() Token {
	return Token{ID: int(p.id), Text: p.piece, Word: -1, Special: true}
}

// postProcessor returns nil where there is none.
func (p *parser) postProcessor(data json.RawMessage, depth int) (postProcessor, error) {
	var f processorFile
	kind, err := p.open(data, depth, &f)
	if err != nil {
		return nil, err
	}
	trimmer := offsetTrimmer{p.alphabet, isTrue(f.AddPrefixSpace, true)}
	switch kind {
	case "":
		return nil, nil
	case "Sequence":
		return p.postProcessors(f.Processors, depth)
	case "TemplateProcessing":
		return f.template()
	case "BertProcessing":
		return bertTemplate(f.Cls.token(), f.Sep.token()), nil
	case "RobertaProcessing":
		t := robertaTemplate(f.Cls.token(), f.Sep.token())
		if !isTrue(f.TrimOffsets, true) {
			return t, nil
		}
		return trimmed{trimmer, t}, nil
	case "ByteLevel":
		if !isTrue(f.TrimOffsets, true) {
			return nil, nil
		}
		return trimmed{trimmer, nil}, nil
	}
	return nil, unknownKind("its post-processor is %q", clip(kind))
}

// postProcessors reads a sequence: of one template, and what trims places, in any order.
func (p *parser) postProcessors(parts []json.RawMessage, depth int) (postProcessor, error) {
	var all trimmed
	trims := false
	for _, part := range parts {
		each, err := p.postProcessor(part, depth+1)
		if err != nil {
			return nil, err
		}
		t, ok := each.(trimmed)
		if ok {
			trims, all.offsetTrimmer, each = true, t.offsetTrimmer, t.template
		}
		switch {
		case each == nil:
		case all.template == nil:
			all.template = each
		default:
			return nil, unknownKind("it has two templates")
		}
	}
	if !trims {
		return all.template, nil
	}
	return all, nil
}

// maxTemplate is how many parts a template, and how many tokens a name of it may have.
const maxTemplate = 64

func (f processorFile) template() (postProcessor, error) {
	single, err := f.parts(f.Single)
	if err != nil {
		return nil, err
	}
	pair, err := f.parts(f.Pair)
	if err != nil {
		return nil, err
	}
	return template{single, pair}, nil
}

func (f processorFile) parts(files []templatePartFile) ([]templatePart, error) {
	if len(files) > maxTemplate {
		return nil, damaged("its template has %d parts", len(files))
	}
	var parts []templatePart
	for _, file := range files {
		switch {
		case file.Sequence != nil && file.Sequence.ID == "A":
			parts = append(parts, templatePart{text: 0, segment: file.Sequence.TypeID})
		case file.Sequence != nil && file.Sequence.ID == "B":
			parts = append(parts, templatePart{text: 1, segment: file.Sequence.TypeID})
		case file.SpecialToken != nil:
			tokens, err := f.special(file.SpecialToken.ID)
			if err != nil {
				return nil, err
			}
			parts = append(parts, templatePart{text: -1, special: tokens, segment: file.SpecialToken.TypeID})
		default:
			return nil, damaged("a part of its template is neither text nor token")
		}
	}
	return parts, nil
}

// special returns the tokens that a name stands for.
func (f processorFile) special(name string) ([]Token, error) {
	s, ok := f.SpecialTokens[name]
	if !ok || len(s.IDs) == 0 || len(s.IDs) != len(s.Tokens) || len(s.IDs) > maxTemplate {
		return nil, damaged("its template does not say what %q is", clip(name))
	}
	tokens := make([]Token, len(s.IDs))
	for i, id := range s.IDs {
		if id < 0 {
			return nil, damaged("its template has the id %d", id)
		}
		tokens[i] = Token{ID: int(id), Text: s.Tokens[i], Word: -1, Special: true}
	}
	return tokens, nil
}

// bertTemplate is [CLS] A [SEP] B [SEP].
func bertTemplate(cls, sep Token) template {
	first := []templatePart{{text: -1, special: []Token{cls}}, {text: 0}, {text: -1, special: []Token{sep}}}
	return template{first, append(first[:3:3], templatePart{text: 1, segment: 1}, templatePart{text: -1, special: []Token{sep}, segment: 1})}
}

// robertaTemplate is <s> A </s></s> B </s>, all of it in segment 0.
func robertaTemplate(cls, sep Token) template {
	first := []templatePart{{text: -1, special: []Token{cls}}, {text: 0}, {text: -1, special: []Token{sep}}}
	return template{first, append(first[:3:3], templatePart{text: -1, special: []Token{sep}}, templatePart{text: 1}, templatePart{text: -1, special: []Token{sep}})}
}
