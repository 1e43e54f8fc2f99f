package ort_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/ort"
)

// scratch is where the runtime library is unpacked; TestMain makes and removes it.
var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "inkpool-ort-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	scratch = dir
	// The library must find no home folder of a person: TestNothingIsTold looks into this one.
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
		if err := os.Setenv(name, filepath.Join(dir, "home")); err != nil {
			panic(err)
		}
	}
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

// libraryPath returns the path of the bundled runtime library.
func libraryPath(t testing.TB) string {
	t.Helper()
	bundled(t)
	path, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func bundled(t testing.TB) *bundle.Bundle {
	t.Helper()
	files, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	return files
}

func open(t testing.TB) *ort.Environment {
	t.Helper()
	env, err := ort.Open(libraryPath(t))
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// model is one of the bundled models.
type model struct {
	file, output string
	outShape     func(h, w int64) []int64 // for an input of [1, 3, h, w]
}

var (
	detector = model{"ocr/det.onnx", "sigmoid_0.tmp_0", func(h, w int64) []int64 { return []int64{1, 1, h, w} }}
	// The classifier takes 48 x 192 pixels only.
	classifier = model{"ocr/cls.onnx", "softmax_0.tmp_0", func(int64, int64) []int64 { return []int64{1, 2} }}
	recognizer = model{"ocr/rec.onnx", "softmax_11.tmp_0", func(_, w int64) []int64 { return []int64{1, w / 8, 6625} }}
)

func (m model) data(t testing.TB) []byte {
	t.Helper()
	data, err := bundled(t).ReadFile(m.file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (m model) load(t testing.TB) *ort.Session {
	t.Helper()
	s, err := open(t).Load(m.data(t), ort.Options{Inputs: []string{"x"}, Outputs: []string{m.output}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// input returns one tensor [1, 3, h, w] of noise -1..1, the same for the same seed.
func input(seed uint64, h, w int64) []infer.Tensor {
	r := rand.New(rand.NewPCG(seed, 0))
	data := make([]float32, 3*h*w)
	for i := range data {
		data[i] = 2*r.Float32() - 1
	}
	return []infer.Tensor{infer.NewTensor(data, 1, 3, h, w)}
}

func (m model) outputFor(h, w int64) []infer.Tensor {
	shape := m.outShape(h, w)
	return []infer.Tensor{infer.NewTensor(make([]float32, infer.Size(shape)), shape...)}
}

// answer runs the model on the input of that seed.
func (m model) answer(t testing.TB, s *ort.Session, seed uint64, h, w int64) []float32 {
	t.Helper()
	out := m.outputFor(h, w)
	if err := s.Run(t.Context(), input(seed, h, w), out); err != nil {
		t.Fatal(err)
	}
	return out[0].Data
}
