package translate_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/translate"
)

// scratch is where the runtime library is unpacked.
var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "inkpool-translate-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	scratch = dir
	return m.Run()
}

// unpack puts the library where it stays for the whole test run: a process can load one only.
var unpack = sync.OnceValues(func() (string, error) {
	files, err := bundle.Embedded()
	if err != nil {
		return "", err
	}
	return files.UnpackLibrary(scratch)
})

func environment(t testing.TB) *ort.Environment {
	t.Helper()
	if _, err := bundle.Embedded(); err != nil {
		t.Skipf("no runtime in this build (%v): run make setup", err)
	}
	path, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	env, err := ort.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

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
	s, err := environment(t).LoadFile(path, ort.Options{Inputs: g.Inputs, Outputs: g.Outputs})
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
