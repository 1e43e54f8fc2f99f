package modelpack

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// decoder chooses an encoder and its decoder: with the cached form merged into it, or in two
// files.
func (c contents) decoder(t *Translation, weights Weights) error {
	if merged := c.choose(weights, "encoder_model", "decoder_model_merged"); merged != nil {
		t.Encoder, t.Decoder = merged[0], merged[1]
		return nil
	}
	if split := c.choose(weights, "encoder_model", "decoder_model", "decoder_with_past_model"); split != nil {
		t.Encoder, t.Decoder, t.DecoderWithPast = split[0], split[1], split[2]
		return nil
	}
	return c.noForm(weights, "encoder_model", "decoder_model_merged")
}

// marian recognises a model of MarianMT.
func (c contents) marian(config hubConfig, wish Wish) (Manifest, error) {
	t := &Translation{
		Architecture: Marian, Config: configName, Generation: c.optional("generation_config.json"),
		Source: "source.spm", Target: "target.spm", Vocabulary: "vocab.json",
	}
	if err := c.decoder(t, wish.Weights); err != nil {
		return Manifest{}, err
	}
	m := Manifest{About: About{Task: TaskTranslate, Source: sourceOf(config)}, Translation: t}
	if err := c.list(&m, t.Encoder, t.Decoder, t.DecoderWithPast, t.Config, t.Generation, t.Source, t.Target, t.Vocabulary); err != nil {
		return Manifest{}, err
	}
	if err := c.lists(&m, "tokenizer_config.json"); err != nil {
		return Manifest{}, err
	}
	var vocabulary map[string]json.RawMessage
	if err := c.readJSON(t.Vocabulary, &vocabulary); err != nil {
		return Manifest{}, err
	}
	return m.withLanguages(c.pair(config), marianTokens(vocabulary), wish)
}

// sourceOf names the model that a config.json says it was made from.
func sourceOf(config hubConfig) string {
	if name := repositoryName.FindString(strings.TrimPrefix(config.NameOrPath, "/tmp/")); name != "" {
		return "https://huggingface.co/" + name
	}
	return ""
}

// repositoryName is how models are called on Hugging Face.
var repositoryName = regexp.MustCompile(`^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$`)

// marianToken is a token that tells a model of several target languages which one is meant.
var marianToken = regexp.MustCompile(`^>>([A-Za-z_-]+)<<$`)

func marianTokens(vocabulary map[string]json.RawMessage) map[string]string {
	var tokens []string
	for token := range vocabulary {
		if marianToken.MatchString(token) {
			tokens = append(tokens, token)
		}
	}
	return tokensByLanguage(tokens, func(t string) string { return marianToken.FindStringSubmatch(t)[1] })
}

// pairName is how models of OPUS-MT are called: the languages come last. Both may be groups.
var pairName = regexp.MustCompile(`(?i)opus[_-]mt(?:[_-](?:tc|big|base|tiny|small|tatoeba|bible|deu_eng_fra_por_spa))*[_-]([a-z]{2,7}(?:_[a-z]{2,4})?)[_-]([a-z]{2,7}(?:_[a-z]{2,4})?)$`)

// pair says which languages a model of two translates, as tags; "mul" stands for a group, and
// empty for what is not said.
func (c contents) pair(config hubConfig) (pair [2]string) {
	tokenizer := hubConfig{}
	if c.has("tokenizer_config.json") {
		_ = c.readJSON("tokenizer_config.json", &tokenizer) // what is wrong with it shows when it is used
	}
	codes := [2]string{tokenizer.SourceLang, tokenizer.TargetLang}
	for _, name := range []string{config.NameOrPath, c.name} {
		if found := pairName.FindStringSubmatch(strings.TrimRight(name, "/")); found != nil && (codes[0] == "" || codes[1] == "") {
			codes = [2]string{found[1], found[2]}
		}
	}
	for i, code := range codes {
		if pair[i] = languageOf(code); pair[i] == "" && code != "" {
			pair[i] = ManyLanguages
		}
	}
	return pair
}

// withLanguages says which languages a model of MarianMT translates, by the wish, else by the
// pair and the tokens.
func (m Manifest) withLanguages(pair [2]string, tokens map[string]string, wish Wish) (Manifest, error) {
	t := m.Translation
	t.From, t.To = wish.From, wish.To
	if len(t.From) == 0 && pair[0] != "" {
		t.From = []string{pair[0]}
	}
	switch {
	case len(t.To) > 0:
	case len(tokens) > 0:
		t.To = byImportance(slices.Collect(maps.Keys(tokens)), pair[1])
	case pair[1] != "" && pair[1] != ManyLanguages:
		t.To = []string{pair[1]}
	}
	t.Tokens = onlyFor(tokens, t.To)
	if !areLanguages(t.From) || !areLanguages(t.To) {
		return m, inkpool.Errorf(inkpool.CodeInvalid, "nothing here says which languages this model translates").
			WithHint("Say it with --from and --to, as in --from en --to zh, or give the folder its name as published, such as opus-mt-en-zh.")
	}
	m.Languages = uniqueLanguages(t.From, t.To)
	return m, nil
}

// onlyFor leaves out the tokens of languages that are not meant.
func onlyFor(tokens map[string]string, tags []string) map[string]string {
	kept := map[string]string{}
	for _, tag := range tags {
		if token, ok := tokens[tag]; ok {
			kept[tag] = token
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

func uniqueLanguages(lists ...[]string) []string {
	var all []string
	for _, tag := range slices.Concat(lists...) {
		if !slices.Contains(all, tag) {
			all = append(all, tag)
		}
	}
	return all
}

// Forms of the tokens that name languages to models of many: M2M-100's and NLLB's.
var (
	m2mToken  = regexp.MustCompile(`^__([a-z]{2,3})__$`)
	nllbToken = regexp.MustCompile(`^([a-z]{3}_[A-Z][a-z]{3})$`)
)

// manyToMany recognises M2M-100 and NLLB, which share an architecture.
func (c contents) manyToMany(config hubConfig, wish Wish) (Manifest, error) {
	t := &Translation{
		Architecture: M2M100, Config: configName, Generation: c.optional("generation_config.json"), Tokenizer: "tokenizer.json",
	}
	if err := c.decoder(t, wish.Weights); err != nil {
		return Manifest{}, err
	}
	m := Manifest{About: About{Task: TaskTranslate, Source: sourceOf(config)}, Translation: t}
	if err := c.list(&m, t.Encoder, t.Decoder, t.DecoderWithPast, t.Config, t.Generation, t.Tokenizer); err != nil {
		return Manifest{}, err
	}
	if err := c.lists(&m, "tokenizer_config.json", "special_tokens_map.json"); err != nil {
		return Manifest{}, err
	}
	var tokenizer struct {
		Added []struct {
			Content string `json:"content"`
		} `json:"added_tokens"`
	}
	if err := c.readJSON(t.Tokenizer, &tokenizer); err != nil {
		return Manifest{}, err
	}
	var names []string
	for _, a := range tokenizer.Added {
		names = append(names, a.Content)
	}
	t.Architecture, t.Tokens = languageTokens(names)
	all := byImportance(slices.Collect(maps.Keys(t.Tokens)), "en")
	if len(all) == 0 {
		return m, unsupported("tokenizer.json has no tokens for languages").WithHint("Get the whole folder again.")
	}
	t.From, t.To = or(wish.From, all), or(wish.To, all)
	m.Languages = uniqueLanguages(t.From, t.To)
	t.Tokens = onlyFor(t.Tokens, m.Languages)
	if len(t.Tokens) < len(m.Languages) {
		return m, inkpool.Errorf(inkpool.CodeInvalid, "this model does not know all of the languages that were asked for").
			WithHint(fmt.Sprintf("It knows %s.", strings.Join(all, " ")))
	}
	return m, nil
}

// languageTokens tells M2M-100 from NLLB by the tokens that name languages.
func languageTokens(names []string) (Architecture, map[string]string) {
	keep := func(form *regexp.Regexp) map[string]string {
		some := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !form.MatchString(n) })
		return tokensByLanguage(some, func(t string) string { return form.FindStringSubmatch(t)[1] })
	}
	if tokens := keep(nllbToken); len(tokens) > 0 {
		return NLLB, tokens
	}
	return M2M100, keep(m2mToken)
}

func or(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}
