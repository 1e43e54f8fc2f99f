package modelpack

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Architecture names a way of translating.
type Architecture string

// The architectures. Marian's have a SentencePiece model for each side and one vocabulary;
// M2M-100's and NLLB's have a tokenizer.json and are told the languages by tokens.
const (
	Marian Architecture = "marian"
	M2M100 Architecture = "m2m_100"
	NLLB   Architecture = "nllb"
)

// Translation says which files of a pack of TaskTranslate do what, and which languages it
// knows. Numbers, such as the longest input, are in the model's own configuration.
type Translation struct {
	Architecture    Architecture      `json:"architecture"`
	Encoder         string            `json:"encoder"`                     // ONNX
	Decoder         string            `json:"decoder"`                     // ONNX; "merged" with its cached form, or without it
	DecoderWithPast string            `json:"decoder_with_past,omitempty"` // ONNX; empty: Decoder is merged
	Config          string            `json:"config"`                      // config.json
	Generation      string            `json:"generation,omitempty"`        // generation_config.json
	Source          string            `json:"source,omitempty"`            // SentencePiece model of the source language
	Target          string            `json:"target,omitempty"`            // SentencePiece model of the target language
	Vocabulary      string            `json:"vocabulary,omitempty"`        // vocab.json
	Tokenizer       string            `json:"tokenizer,omitempty"`         // tokenizer.json; where there is no Source
	From            []string          `json:"from"`                        // BCP 47, the most important first; "mul": many
	To              []string          `json:"to"`                          // BCP 47, the most important first
	Tokens          map[string]string `json:"tokens,omitempty"`            // what names a language to the model, by BCP 47: ">>cmn_Hans<<", "zho_Hans"
}

// Labelling says which files of a pack do what that gives labels. A model for texts without
// a Tokenizer takes the text itself.
type Labelling struct {
	Model        string `json:"model"`                  // ONNX
	Config       string `json:"config,omitempty"`       // config.json
	Tokenizer    string `json:"tokenizer,omitempty"`    // tokenizer.json; of models that take ids
	Preprocessor string `json:"preprocessor,omitempty"` // preprocessor_config.json; of models that take pictures
	Labels       string `json:"labels,omitempty"`       // one name a line; where Config has none
}

// languageForm is what of BCP 47 names languages that models are made for: a language, and
// perhaps a script and a region.
var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`)

// maxLanguages is far above the 202 of NLLB, maxToken above any token.
const (
	maxLanguages = 2000
	maxToken     = 64 // bytes
)

// areLanguages reports whether all tags are such as we write them, and each is there once.
func areLanguages(tags []string) bool {
	seen := map[string]bool{}
	for _, tag := range tags {
		if seen[tag] || !languageForm.MatchString(tag) {
			return false
		}
		seen[tag] = true
	}
	return len(tags) > 0 && len(tags) <= maxLanguages
}

func (t *Translation) check(m Manifest) error {
	if t == nil {
		return damaged("its manifest does not say which models translate")
	}
	if !slices.Contains([]Architecture{Marian, M2M100, NLLB}, t.Architecture) {
		return damaged("this program does not know how %q translates", string(t.Architecture))
	}
	models, files := []string{t.Encoder, t.Decoder}, []string{t.Config}
	if t.DecoderWithPast != "" {
		models = append(models, t.DecoderWithPast)
	}
	if t.Architecture == Marian {
		files = append(files, t.Source, t.Target, t.Vocabulary)
	} else {
		files = append(files, t.Tokenizer)
	}
	if err := m.checkFiles(models, files, t.Generation, t.Source, t.Target, t.Vocabulary, t.Tokenizer); err != nil {
		return err
	}
	if !areLanguages(t.From) || !areLanguages(t.To) {
		return damaged("its manifest does not say which languages it translates, in BCP 47")
	}
	return t.checkTokens()
}

func (t *Translation) checkTokens() error {
	for tag, token := range t.Tokens {
		if !slices.Contains(t.To, tag) && !slices.Contains(t.From, tag) {
			return damaged("its manifest has a token for %q, which is none of its languages", tag)
		}
		if token == "" || len(token) > maxToken || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' }) {
			return damaged("%q is no token for a language", token)
		}
	}
	return nil
}

func (l *Labelling) check(m Manifest) error {
	if l == nil {
		return damaged("its manifest does not say which model gives labels")
	}
	if l.Config == "" && l.Labels == "" {
		return damaged("its manifest does not say where the names of the labels are")
	}
	if l.Tokenizer != "" && m.Task == TaskImage || l.Preprocessor != "" && m.Task != TaskImage {
		return damaged("its manifest has a file that no model for %q needs", string(m.Task))
	}
	return m.checkFiles([]string{l.Model}, nil, l.Config, l.Tokenizer, l.Preprocessor, l.Labels)
}

// checkFiles reports whether the manifest lists all models and files, and those of the optional
// ones that are named.
func (m Manifest) checkFiles(models, files []string, optional ...string) error {
	named := slices.DeleteFunc(optional, func(name string) bool { return name == "" })
	for _, name := range slices.Concat(models, files, named) {
		if !m.lists(name) {
			return damaged("its manifest does not list %q", name)
		}
	}
	for _, name := range slices.Concat(files, named) {
		if f, _ := m.file(name); f.Size > maxJSON { // they are read into memory
			return damaged("%s cannot have %d bytes", name, f.Size)
		}
	}
	for _, name := range models {
		if path.Ext(name) != ".onnx" {
			return damaged("%s is no ONNX model by its name", name)
		}
	}
	return nil
}
