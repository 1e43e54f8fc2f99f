package modelpack

// Translation says which files of a pack of TaskTranslate do what, and which languages it
// knows. Numbers, such as the longest input, are in the model's own configuration.
type Translation struct {
	Architecture    string            `json:"architecture"`                // "marian", "m2m_100" or "nllb"
	Encoder         string            `json:"encoder"`                     // ONNX
	Decoder         string            `json:"decoder"`                     // ONNX; "merged" with its cached form, or without it
	DecoderWithPast string            `json:"decoder_with_past,omitempty"` // ONNX; empty: Decoder is merged
	Config          string            `json:"config"`                      // config.json
	Generation      string            `json:"generation,omitempty"`        // generation_config.json
	Source          string            `json:"source,omitempty"`            // SentencePiece model of the source language
	Target          string            `json:"target,omitempty"`            // SentencePiece model of the target language
	Vocabulary      string            `json:"vocabulary,omitempty"`        // vocab.json
	Tokenizer       string            `json:"tokenizer,omitempty"`         // tokenizer.json; where there is no Source
	From            []string          `json:"from"`                        // BCP 47
	To              []string          `json:"to"`                          // BCP 47
	Tokens          map[string]string `json:"tokens,omitempty"`            // what names a language to the model, by BCP 47: ">>cmn_Hans<<", "zho_Hans"
}

// Labelling says which files of a pack do what that gives labels.
type Labelling struct {
	Model        string `json:"model"`                  // ONNX
	Config       string `json:"config,omitempty"`       // config.json
	Tokenizer    string `json:"tokenizer,omitempty"`    // tokenizer.json; of models that take ids
	Preprocessor string `json:"preprocessor,omitempty"` // preprocessor_config.json; of models that take pictures
	Labels       string `json:"labels,omitempty"`       // one name a line; where Config has none
}
