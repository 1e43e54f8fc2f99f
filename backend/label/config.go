package label

import (
	"encoding/json"
)

// config is what this package reads of a config.json, as transformers writes it.
type config struct {
	ModelType   string         `json:"model_type"`
	Positions   int            `json:"max_position_embeddings"`
	PadID       int            `json:"pad_token_id"`
	ProblemType string         `json:"problem_type"`
	Apply       string         `json:"function_to_apply"`
	ID2Label    map[string]any `json:"id2label"`
	Timm        *timmConfig    `json:"pretrained_cfg"` // of models by the library timm
}

func (f Files) config() (c config, err error) {
	if f.Config == nil {
		return c, nil
	}
	if err := json.Unmarshal(f.Config, &c); err != nil {
		return c, damaged("config.json", "it is no JSON object of the right form").WithCause(err)
	}
	return c, nil
}

// names are those of the labels, by class; nil: it has none.
func (c config) names() ([]string, error) {
	if c.ID2Label == nil {
		return nil, nil
	}
	entries, err := named("config.json", c.ID2Label)
	if err != nil {
		return nil, err
	}
	return namesByID("config.json", entries)
}

// activation is what transformers' pipelines choose for a model with that many labels.
func (c config) activation(labels int) activation {
	switch c.Apply {
	case "softmax":
		return softmax
	case "sigmoid":
		return sigmoid
	case "none":
		return none
	}
	switch {
	case c.ProblemType == "regression":
		return none
	case c.ProblemType == "multi_label_classification", labels == 1:
		return sigmoid
	default:
		return softmax
	}
}
