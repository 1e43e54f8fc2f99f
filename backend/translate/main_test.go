package translate_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/ort/orttest"
	"github.com/inkpool/inkpool/backend/translate"
)

func TestMain(m *testing.M) { os.Exit(orttest.Main(m)) }

// parts reads a folder as the hub has it, with the models whose names have that suffix.
func parts(t testing.TB, dir, suffix string) translate.Parts {
	t.Helper()
	p := translate.Parts{
		Config:     read(t, dir, "config.json"),
		Generation: read(t, dir, "generation_config.json"),
		Encoder:    load(t, dir, "encoder_model"+suffix),
	}
	if has(dir, "source.spm") {
		p.Source, p.Target, p.Vocabulary = read(t, dir, "source.spm"), read(t, dir, "target.spm"), read(t, dir, "vocab.json")
	} else {
		p.Tokenizer = read(t, dir, "tokenizer.json")
	}
	if has(dir, "onnx/decoder_with_past_model.onnx") {
		p.Decoder, p.DecoderWithPast = load(t, dir, "decoder_model"), load(t, dir, "decoder_with_past_model")
	} else {
		p.Decoder = load(t, dir, "decoder_model_merged"+suffix)
	}
	return p
}

// open makes a Translator of a folder.
func open(t testing.TB, dir, suffix string) *translate.Translator {
	t.Helper()
	translator, err := translate.New(parts(t, dir, suffix))
	if err != nil {
		t.Fatal(err)
	}
	return translator
}

func has(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

func read(t testing.TB, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// load opens a session as the engine does: with all inputs and outputs, in the model's order.
func load(t testing.TB, dir, name string) translate.Graph {
	t.Helper()
	path := filepath.Join(dir, "onnx", name+".onnx")
	d, err := graph.Describe(read(t, dir, "onnx/"+name+".onnx"))
	if err != nil {
		t.Fatal(err)
	}
	var g translate.Graph
	for _, v := range d.Inputs {
		g.Inputs = append(g.Inputs, v.Name)
	}
	for _, v := range d.Outputs {
		g.Outputs = append(g.Outputs, v.Name)
	}
	s, err := orttest.Open(t).LoadFile(path, ort.Options{Inputs: g.Inputs, Outputs: g.Outputs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	g.Session = s
	return g
}
