package packtest_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
)

// The folders have what their namesakes on the hub have, and every model can be described.
func TestFolders(t *testing.T) {
	for name, c := range map[string]struct {
		folder func(testing.TB) string
		files  []string
	}{
		"Marian": {packtest.Marian, []string{"config.json", "generation_config.json", "source.spm", "target.spm",
			"vocab.json", "tokenizer.json", "tokenizer_config.json", "onnx/encoder_model.onnx", "onnx/encoder_model_quantized.onnx",
			"onnx/decoder_model_merged.onnx", "onnx/decoder_model_merged_quantized.onnx"}},
		"MarianSplit": {packtest.MarianSplit, []string{"config.json", "source.spm", "onnx/encoder_model.onnx",
			"onnx/decoder_model.onnx", "onnx/decoder_with_past_model.onnx"}},
		"NLLB":      {packtest.NLLB, []string{"config.json", "tokenizer.json", "onnx/encoder_model.onnx", "onnx/decoder_model_merged.onnx"}},
		"Sentiment": {packtest.Sentiment, []string{"config.json", "tokenizer.json", "onnx/model.onnx", "onnx/model_quantized.onnx"}},
		"Topics":    {packtest.Topics, []string{"config.json", "tokenizer.json", "onnx/model.onnx"}},
		"Entities":  {packtest.Entities, []string{"config.json", "tokenizer.json", "onnx/model.onnx"}},
		"Colours":   {packtest.Colours, []string{"config.json", "preprocessor_config.json", "onnx/model.onnx"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := c.folder(t)
			for _, f := range c.files {
				data, err := os.ReadFile(filepath.Join(dir, f))
				if err != nil {
					t.Error(err)
				} else if filepath.Ext(f) == ".onnx" {
					checkModel(t, f, data)
				}
			}
		})
	}
}

func checkModel(t *testing.T, name string, data []byte) {
	t.Helper()
	d, err := graph.Describe(data)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	known := []string{"logits", "last_hidden_state"}
	if got := d.Outputs[0].Name; !slices.Contains(known, got) {
		t.Errorf("%s: got the first output %q, want one of %q", name, got, known)
	}
}

// Tests may change their copy.
func TestCopiesAreTheirOwners(t *testing.T) {
	a, b := packtest.Colours(t), packtest.Colours(t)
	if err := os.WriteFile(filepath.Join(a, "config.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(b, "config.json")); err != nil || len(data) == 0 {
		t.Errorf("got %d bytes, %v; want another copy untouched", len(data), err)
	}
}
