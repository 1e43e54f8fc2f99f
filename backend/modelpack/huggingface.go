package modelpack

import (
	"cmp"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// configName is the file by which a folder of Hugging Face is known.
const configName = "config.json"

// hubConfig is what config.json and tokenizer_config.json say that matters here.
type hubConfig struct {
	ModelType     string          `json:"model_type"`
	Architectures []string        `json:"architectures"`
	NameOrPath    string          `json:"_name_or_path"`
	Labels        map[string]any  `json:"id2label"`
	SourceLang    string          `json:"source_lang"`
	TargetLang    string          `json:"target_lang"`
	Tokenizer     string          `json:"tokenizer_class"`
	Pretrained    json.RawMessage `json:"pretrained_cfg"` // of timm's networks
	LabelNames    []string        `json:"label_names"`    // of timm's networks
}

// maxJSON is above the tokenizer.json of NLLB, 17 MB.
const maxJSON = 64 << 20

// readJSON reads a file as JSON. Fields of other types than ours are passed over: configurations
// have what their writers like.
func (c contents) readJSON(name string, v any) error {
	data, err := readUpTo(c.files, name, maxJSON)
	if err != nil {
		return unreadable(err)
	}
	var mismatch *json.UnmarshalTypeError
	if err := json.Unmarshal(data, v); err != nil && !errors.As(err, &mismatch) {
		return foreign(name, data, inkpool.Errorf(inkpool.CodeModelCorrupt, "%s is not JSON", name).WithCause(err).WithHint("Get it again."))
	}
	return nil
}

// huggingFace recognises a folder by its config.json.
func (c contents) huggingFace(wish Wish) (Manifest, error) {
	var config hubConfig
	if err := c.readJSON(configName, &config); err != nil {
		return Manifest{}, err
	}
	task := config.task()
	switch {
	case config.ModelType == "marian":
		return c.marian(config, wish)
	case config.ModelType == "m2m_100":
		return c.manyToMany(config, wish)
	case task.Labels():
		return c.labeller(task, config, wish)
	case len(config.Architectures) == 0 && config.ModelType == "": // a config.json of another kind
		return c.other(wish)
	default:
		return Manifest{}, config.unfit()
	}
}

// task is what the model gives labels for; empty for another one.
func (h hubConfig) task() Task {
	for _, a := range h.Architectures {
		switch {
		case strings.HasSuffix(a, "ForSequenceClassification"):
			return TaskText
		case strings.HasSuffix(a, "ForTokenClassification"):
			return TaskTokens
		case strings.HasSuffix(a, "ForImageClassification"):
			return TaskImage
		}
	}
	if len(h.Architectures) == 0 && (h.Pretrained != nil || h.ModelType == "timm_wrapper") {
		return TaskImage
	}
	return ""
}

// kinds says what models are for that Inkpool has no use for, by parts of the names of their
// architectures.
var kinds = []struct{ part, what string }{
	{"ForCTC", "a speech model"}, {"SpeechSeq2Seq", "a speech model"}, {"Whisper", "a speech model"},
	{"ForAudio", "a model for sounds"}, {"ForTextToSpeech", "a model that speaks"}, {"Vits", "a model that speaks"},
	{"ForCausalLM", "a model that writes texts"}, {"LMHeadModel", "a model that writes texts"},
	{"ForQuestionAnswering", "a model that answers questions"}, {"ForMultipleChoice", "a model that answers questions"},
	{"ForMaskedLM", "a model that fills gaps in texts"}, {"ForPreTraining", "a model that fills gaps in texts"},
	{"ForObjectDetection", "a model that finds things in pictures"}, {"Segmentation", "a model that finds things in pictures"},
	{"DepthEstimation", "a model that measures pictures"}, {"ForVision2Seq", "a model that describes pictures"},
	{"VisionEncoderDecoder", "a model that describes pictures"}, {"CLIP", "a model that compares pictures with texts"},
	{"ForConditionalGeneration", "a model that rewrites texts"},
}

// unfit says what a model is that is neither for translating nor for labels.
func (h hubConfig) unfit() error {
	names := strings.Join(h.Architectures, ", ")
	what := "a model for another task (" + cmp.Or(names, h.ModelType) + ")"
	for _, k := range kinds {
		if strings.Contains(names, k.part) {
			what = k.what + " (" + names + ")"
			break
		}
	}
	return unsupported("this is %s", what).
		WithHint("Inkpool runs models that read pictures (PP-OCR), translate (Marian, M2M-100, NLLB) or give labels (…Classification).")
}

// labeller recognises a model that gives labels.
func (c contents) labeller(task Task, config hubConfig, wish Wish) (Manifest, error) {
	models := c.choose(wish.Weights, "model")
	if all := c.with(".onnx"); models == nil && wish.Weights == AnyWeights && len(all) == 1 && !isHalf(all[0]) {
		models = all
	}
	if models == nil {
		return Manifest{}, c.noForm(wish.Weights, "model")
	}
	l := &Labelling{Model: models[0], Config: configName}
	if task == TaskImage {
		l.Preprocessor = c.optional("preprocessor_config.json")
	} else {
		l.Tokenizer = "tokenizer.json"
	}
	if len(config.Labels) == 0 && len(config.LabelNames) == 0 {
		l.Labels = c.labelsFile()
		if l.Labels == "" {
			return Manifest{}, noLabels()
		}
	}
	m := Manifest{About: About{Task: task}, Labelling: l}
	if err := c.list(&m, l.Model, l.Config, l.Tokenizer, l.Preprocessor, l.Labels); err != nil {
		return Manifest{}, err
	}
	return m, c.lists(&m, "tokenizer_config.json", "special_tokens_map.json")
}

func isHalf(p string) bool {
	stem := strings.TrimSuffix(p, ".onnx")
	return slices.ContainsFunc(halfPrecision, func(ending string) bool { return strings.HasSuffix(stem, ending) })
}

// list adds files to those that the pack needs, with the weights that lie beside models. Empty
// names are passed over.
func (c contents) list(m *Manifest, names ...string) error {
	for _, name := range names {
		switch {
		case name == "" || m.lists(name):
			continue
		case !c.has(name):
			return unsupported("this model is not complete: there is no %s", name).WithHint("Get the whole folder.")
		}
		m.Files = append(m.Files, File{Path: name})
		if path.Ext(name) == ".onnx" {
			for _, w := range c.weightsBeside(name) {
				m.Files = append(m.Files, File{Path: w})
			}
		}
	}
	return nil
}

// lists adds those of the files that are there.
func (c contents) lists(m *Manifest, names ...string) error {
	for i, name := range names {
		names[i] = c.optional(name)
	}
	return c.list(m, names...)
}
