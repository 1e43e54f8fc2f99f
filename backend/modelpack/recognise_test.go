package modelpack_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// recognise tells what files with these contents make.
func recognise(name string, files map[string]string, wish modelpack.Wish) (modelpack.Manifest, error) {
	root := fstest.MapFS{}
	for p, content := range files {
		root[p] = &fstest.MapFile{Data: []byte(content)}
	}
	return modelpack.Recognise(root, slices.Collect(maps.Keys(files)), name, wish)
}

// marianFiles are the files of a translator whose vocabulary has these tokens.
func marianFiles(tokens ...string) map[string]string {
	vocabulary := `{"</s>":0`
	for _, t := range tokens {
		vocabulary += `,"` + t + `":1`
	}
	return map[string]string{
		"config.json": `{"model_type":"marian"}`, "vocab.json": vocabulary + "}", "source.spm": "x", "target.spm": "x",
		"onnx/encoder_model.onnx": "x", "onnx/decoder_model_merged.onnx": "x",
	}
}

func TestRecogniseLanguages(t *testing.T) {
	for name, c := range map[string]struct {
		folder, config, tokenizer string
		tokens                    []string
		from, to                  string
	}{
		"by the folder":      {folder: "opus-mt-de-en", from: "de", to: "en"},
		"by an archive":      {folder: "opus_mt_de_en", from: "de", to: "en"},
		"a big one":          {folder: "opus-mt-tc-big-en-pt", from: "en", to: "pt"},
		"by its origin":      {folder: "x", config: `"_name_or_path":"/tmp/Helsinki-NLP/opus-mt-ru-en"`, from: "ru", to: "en"},
		"by its tokenizer":   {folder: "opus-mt-a-b", tokenizer: `{"source_lang":"zho","target_lang":"eng"}`, from: "zh", to: "en"},
		"from many":          {folder: "opus-mt-ROMANCE-en", from: "mul", to: "en"},
		"into several":       {folder: "opus-mt-en-ROMANCE", tokens: []string{">>fr<<", ">>pt_br<<", ">>es<<"}, from: "en", to: "es fr pt-BR"},
		"into Chinese":       {folder: "opus-mt-en-zh", tokens: []string{">>yue_Hant<<", ">>cmn_Hant<<", ">>cmn_Hans<<", ">>nan<<"}, from: "en", to: "zh-Hans zh-Hant nan yue"},
		"two scripts":        {folder: "opus-mt-en-sla", tokens: []string{">>srp_Latn<<", ">>srp_Cyrl<<", ">>pol_Latn<<"}, from: "en", to: "pl sr-Cyrl sr-Latn"},
		"what is no token":   {folder: "opus-mt-en-de", tokens: []string{">>", "<<", ">>x<<", ">>12<<"}, from: "en", to: "de"},
		"nothing":            {folder: "model"},
		"into an open group": {folder: "opus-mt-en-mul"},
	} {
		t.Run(name, func(t *testing.T) {
			files := marianFiles(c.tokens...)
			if c.config != "" {
				files["config.json"] = `{"model_type":"marian",` + c.config + `}`
			}
			if c.tokenizer != "" {
				files["tokenizer_config.json"] = c.tokenizer
			}
			m, err := recognise(c.folder, files, modelpack.Wish{})
			if c.from == "" {
				if inkpool.CodeOf(err) != inkpool.CodeInvalid {
					t.Errorf("got %+v, %v; want %q", m.Translation, err, inkpool.CodeInvalid)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if tr := m.Translation; strings.Join(tr.From, " ") != c.from || strings.Join(tr.To, " ") != c.to {
				t.Errorf("got %q to %q, want %q to %q", tr.From, tr.To, c.from, c.to)
			}
		})
	}
}

// M2M-100 and NLLB know many languages; a person may want some.
func TestRecogniseManyToMany(t *testing.T) {
	files := map[string]string{
		"config.json": `{"model_type":"m2m_100"}`, "encoder_model.onnx": "x", "decoder_model_merged.onnx": "x",
		"tokenizer.json": `{"added_tokens":[{"content":"<s>"},{"content":"__en__"},{"content":"__zh__"},{"content":"__de__"}]}`,
	}
	m, err := recognise("m2m100", files, modelpack.Wish{To: []string{"de"}})
	if err != nil {
		t.Fatal(err)
	}
	if tr := m.Translation; tr.Architecture != modelpack.M2M100 || !slices.Equal(tr.From, []string{"en", "de", "zh"}) || !slices.Equal(tr.To, []string{"de"}) || tr.Tokens["zh"] != "__zh__" {
		t.Errorf("got %+v", tr)
	}
	if _, err := recognise("m2m100", files, modelpack.Wish{To: []string{"bo"}}); inkpool.CodeOf(err) != inkpool.CodeInvalid {
		t.Errorf("a language that it does not know: got %v, want %q", err, inkpool.CodeInvalid)
	}
}

// Of the forms that there are, the one that runs best is taken; what is asked for, where it is.
func TestRecogniseForms(t *testing.T) {
	const config = `{"architectures":["ViTForImageClassification"],"id2label":{"0":"a"}}`
	for name, c := range map[string]struct {
		files []string
		wish  modelpack.Weights
		want  string // empty: refused
	}{
		"quantised first":           {[]string{"onnx/model.onnx", "onnx/model_int8.onnx", "onnx/model_quantized.onnx", "onnx/model_q4.onnx"}, modelpack.AnyWeights, "onnx/model_quantized.onnx"},
		"full before other ones":    {[]string{"onnx/model.onnx", "onnx/model_int8.onnx", "onnx/model_fp16.onnx"}, modelpack.AnyWeights, "onnx/model.onnx"},
		"another one alone":         {[]string{"onnx/model_int8.onnx", "onnx/model_fp16.onnx"}, modelpack.AnyWeights, "onnx/model_int8.onnx"},
		"full":                      {[]string{"onnx/model.onnx", "onnx/model_quantized.onnx"}, modelpack.Full, "onnx/model.onnx"},
		"quantised":                 {[]string{"onnx/model.onnx", "onnx/model_uint8.onnx"}, modelpack.Quantized, "onnx/model_uint8.onnx"},
		"full, which is not there":  {[]string{"onnx/model_quantized.onnx"}, modelpack.Full, ""},
		"beside the config":         {[]string{"model.onnx"}, modelpack.AnyWeights, "model.onnx"},
		"by any name, alone":        {[]string{"vit_optimized.onnx"}, modelpack.AnyWeights, "vit_optimized.onnx"},
		"by any name, of several":   {[]string{"vit_a.onnx", "vit_b.onnx"}, modelpack.AnyWeights, ""},
		"half precision, alone":     {[]string{"onnx/model_fp16.onnx"}, modelpack.AnyWeights, ""},
		"half precision, any place": {[]string{"weird_fp16.onnx"}, modelpack.AnyWeights, ""},
	} {
		files := map[string]string{"config.json": config}
		for _, f := range c.files {
			files[f] = "x"
		}
		m, err := recognise("vit", files, modelpack.Wish{Weights: c.wish})
		switch {
		case c.want == "" && inkpool.CodeOf(err) != inkpool.CodeUnsupportedFormat:
			t.Errorf("%s: got %v, want %q", name, err, inkpool.CodeUnsupportedFormat)
		case c.want != "" && (err != nil || m.Labelling.Model != c.want):
			t.Errorf("%s: got %+v, %v; want %s", name, m.Labelling, err, c.want)
		}
	}
}

// Encoder and decoder are of one form.
func TestRecogniseTakesOneFormOfAll(t *testing.T) {
	files := marianFiles()
	files["onnx/encoder_model_quantized.onnx"] = "x"
	m, err := recognise("opus-mt-de-en", files, modelpack.Wish{})
	if err != nil || m.Translation.Encoder != "onnx/encoder_model.onnx" {
		t.Errorf("got %+v, %v; want the form that both are there in", m.Translation, err)
	}
}

// What a model card says of licence and languages is kept.
func TestRecogniseCards(t *testing.T) {
	files := func(card string) map[string]string {
		return map[string]string{
			"config.json": `{"architectures":["BertForSequenceClassification"],"id2label":{"0":"a"}}`, "tokenizer.json": "{}", "model.onnx": "x", "README.md": card,
		}
	}
	for name, c := range map[string]struct{ card, licence, languages string }{
		"a list":             {"---\nlanguage:\n- en\n- zho\nlicense: cc-by-nc-4.0\n---\n# A model\nlicense: mit\n", "CC-BY-NC-4.0", "en zh"},
		"in one line":        {"---\r\nlicense: \"mit\"\r\nlanguage: [de, fr]\r\n---\r\n", "MIT", "de fr"},
		"one":                {"---\nlanguage: ja\nlicense: apache-2.0\n---", "Apache-2.0", "ja"},
		"another licence":    {"---\nlicense: openrail\n---", "LicenseRef-openrail", "und"},
		"no head":            {"# license: mit\n", modelpack.UnknownLicence, "und"},
		"nothing of it":      {"---\ntags:\n- x\nmodel-index:\n  license: mit\n---", modelpack.UnknownLicence, "und"},
		"what is no licence": {"---\nlicense: ../..\nlanguage: ../..\n---", modelpack.UnknownLicence, "und"},
	} {
		m, err := recognise("bert", files(c.card), modelpack.Wish{})
		if err != nil || m.Licence != c.licence || strings.Join(m.Languages, " ") != c.languages {
			t.Errorf("%s: got %q, %q, %v; want %q, %q", name, m.Licence, m.Languages, err, c.licence, c.languages)
		}
	}
}

// Whoever else calls a file config.json does not mean Hugging Face's.
func TestRecogniseOfAnotherConfig(t *testing.T) {
	m, err := recognise("ocr", map[string]string{"config.json": `{"engine":"paddle"}`, "det.onnx": "x", "rec.onnx": "x"}, modelpack.Wish{})
	if err != nil || m.Task != modelpack.TaskOCR || len(m.Files) != 2 {
		t.Errorf("got %+v, %v; want a set of PP-OCR", m, err)
	}
}

// Names of folders become ids that every system can have.
func TestRecogniseNames(t *testing.T) {
	for name, want := range map[string]string{
		"opus-mt-en-zh": "opus-mt-en-zh", "My Model (v1.2)": "my-model-v1.2", "..": "", "模型": "", "a..b": "a.b", ".hidden": "hidden", "-x-": "x", "a\x1b[2J\nb": "a-2j-b",
		strings.Repeat("a", 100): strings.Repeat("a", 64),
	} {
		m, err := recognise(name, map[string]string{"det.onnx": "x", "rec.onnx": "x"}, modelpack.Wish{})
		if err != nil || m.ID != want || strings.ContainsAny(m.Name+m.Source, "\x1b\n") {
			t.Errorf("%q: got %q, %v; want %q", name, m.ID, err, want)
		}
	}
}
