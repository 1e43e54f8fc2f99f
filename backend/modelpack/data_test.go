package modelpack_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// modelsFolder is the evaluation data's folder of models, or skips the test.
func modelsFolder(t *testing.T) string {
	t.Helper()
	root := os.Getenv("INKPOOL_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, "models")
	if _, err := os.Stat(filepath.Join(dir, "index.jsonl")); err != nil {
		t.Skipf("no evaluation data in %s: set INKPOOL_DATA to its folder", dir)
	}
	return dir
}

// Every model of the evaluation data is installed, or refused with a reason that fits.
func TestAddEvaluationData(t *testing.T) {
	dir := modelsFolder(t)
	for path, want := range map[string]struct {
		task  modelpack.Task // of one that is installed
		code  inkpool.Code
		words string
	}{
		"imagenet_mobilenetv2_int8":                       {task: modelpack.TaskImage},
		"imagenet_mobilenetv2_int8/mobilenetv2_int8.onnx": {task: modelpack.TaskImage},
		"sms_spam_tfidf_lr":                               {code: inkpool.CodeUnsupportedFormat, words: "labels"},
		"mnist_cnn_pytorch":                               {code: inkpool.CodeUnsupportedFormat, words: "labels"},
		"mnist_lr_sklearn":                                {code: inkpool.CodeUnsupportedFormat, words: "neither pictures nor texts"},
		"magika_standard_v3_3":                            {code: inkpool.CodeUnsupportedFormat, words: "neither pictures nor texts"},
		"external_data_pair":                              {code: inkpool.CodeUnsupportedFormat, words: "neither pictures nor texts"},
		"tinybert_feature_extractor":                      {code: inkpool.CodeUnsupportedFormat, words: "not labels"},
		"toy_seq2seq_lstm":                                {code: inkpool.CodeUnsupportedFormat, words: "2 models"},
		"ppocr_v3_ch_det":                                 {code: inkpool.CodeUnsupportedFormat, words: "no whole set"},
		"ppocr_mobile_v2_cls":                             {code: inkpool.CodeUnsupportedFormat, words: "no whole set"},
		"ocr_dictionaries":                                {code: inkpool.CodeUnsupportedFormat, words: "no model"},
		"tokenizers/opus_mt_zh_en":                        {code: inkpool.CodeUnsupportedFormat, words: "no model"},
		"tokenizers/bert_ner_uncased":                     {code: inkpool.CodeUnsupportedFormat, words: "no model"},
		"bad_models/empty.onnx":                           {code: inkpool.CodeModelCorrupt, words: "empty"},
		"bad_models/external_data_missing.onnx":           {code: inkpool.CodeModelCorrupt, words: "not here"},
		"bad_models/flipped_middle.onnx":                  {code: inkpool.CodeUnsupportedFormat, words: "labels"}, // only its weights are other ones
		"bad_models/git_lfs_pointer.onnx":                 {code: inkpool.CodeModelCorrupt, words: "Git LFS"},
		"bad_models/html_page.onnx":                       {code: inkpool.CodeModelCorrupt, words: "web page"},
		"bad_models/png_named.onnx":                       {code: inkpool.CodeModelCorrupt, words: "picture"},
		"bad_models/random_4k.onnx":                       {code: inkpool.CodeModelCorrupt, words: "no ONNX model"},
		"bad_models/truncated_first_300k.onnx":            {code: inkpool.CodeModelCorrupt, words: "not complete"},
	} {
		t.Run(path, func(t *testing.T) {
			s := modelpack.Shelf{Dir: t.TempDir()}
			added, err := s.Add(t.Context(), []string{filepath.Join(dir, path)}, modelpack.Wish{ID: "x"}, nil)
			var shown *inkpool.Error
			switch {
			case want.code == "" && (err != nil || added.Pack.Task != want.task):
				t.Errorf("got %+v, %v; want a pack for %q", added.Pack, err, want.task)
			case want.code != "" && (!errors.As(err, &shown) || shown.Code != want.code || !strings.Contains(shown.Message, want.words)):
				t.Errorf("got %+v, %v; want %q with %q", added.Pack, err, want.code, want.words)
			}
		})
	}
}

// The languages of models as they are published are told by their own files.
func TestRecogniseTheLanguagesOfPublishedModels(t *testing.T) {
	dir := modelsFolder(t)
	for name, want := range map[string][2]string{
		"opus_mt_zh_en": {"zh", "en"}, "opus_mt_tc_big_en_pt": {"en", "pt"}, "opus_mt_en_mg": {"en", "mg"},
	} {
		paths := []string{"onnx/encoder_model_quantized.onnx", "onnx/decoder_model_merged_quantized.onnx"}
		entries, err := os.ReadDir(filepath.Join(dir, "tokenizers", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			paths = append(paths, e.Name())
		}
		m, err := modelpack.Recognise(os.DirFS(filepath.Join(dir, "tokenizers", name)), paths, "model", modelpack.Wish{})
		if err != nil || m.Translation.From[0] != want[0] || m.Translation.To[0] != want[1] {
			t.Errorf("%s: got %+v, %v; want %v", name, m.Translation, err, want)
		}
	}
}
