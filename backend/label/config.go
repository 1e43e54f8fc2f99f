package label

import (
	"cmp"
	"encoding/json"
	"strings"
)

// config is what this package reads of a config.json, as transformers writes it.
type config struct {
	ModelType   string         `json:"model_type"`
	Positions   int            `json:"max_position_embeddings"`
	PadID       int            `json:"pad_token_id"`
	ProblemType string         `json:"problem_type"`
	Apply       string         `json:"function_to_apply"`
	ID2Label    map[string]any `json:"id2label"`

	// Of models by the library timm.
	Timm         *timmConfig       `json:"pretrained_cfg"`
	LabelNames   []string          `json:"label_names"`
	Descriptions map[string]string `json:"label_descriptions"` // of names that are ids of WordNet
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
		return c.timmNames()
	}
	entries, err := named("config.json", c.ID2Label)
	if err != nil {
		return nil, err
	}
	return namesByID("config.json", entries)
}

// timmNames are those of a model by timm.
func (c config) timmNames() ([]string, error) {
	if c.LabelNames == nil {
		return nil, nil
	}
	names := make([]string, len(c.LabelNames))
	for i, name := range c.LabelNames {
		names[i] = strings.TrimSpace(cmp.Or(c.Descriptions[name], name))
	}
	return names, checkNames("config.json", names)
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
