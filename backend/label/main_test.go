package label_test

import (
	"cmp"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/label"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/pool"
)

// scratch is where the runtime library is unpacked; TestMain makes and removes it.
var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "inkpool-label-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	scratch = dir
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} { // the library must find no home of a person
		if err := os.Setenv(name, filepath.Join(dir, "home")); err != nil {
			panic(err)
		}
	}
	return m.Run()
}

// openRuntime unpacks and opens the bundled library, once.
var openRuntime = sync.OnceValues(func() (*ort.Environment, error) {
	files, err := bundle.Embedded()
	if err != nil {
		return nil, err
	}
	library, err := files.UnpackLibrary(scratch)
	if err != nil {
		return nil, err
	}
	return ort.Open(library)
})

// environment is the bundled runtime.
func environment(t testing.TB) *ort.Environment {
	t.Helper()
	if _, err := bundle.Embedded(); err != nil {
		t.Skipf("no runtime in this build (%v): run make setup", err)
	}
	env, err := openRuntime()
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// dataDir is a folder of the evaluation data.
func dataDir(t testing.TB, name string) string {
	t.Helper()
	dir := filepath.Join(cmp.Or(os.Getenv("INKPOOL_DATA"), filepath.Join("..", "..", "..", "shared", "data")), name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no evaluation data in %s: set INKPOOL_DATA to its folder", dir)
	}
	return dir
}

func readFile(t testing.TB, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// realModel is a model for the runtime: its graph in files, and how it is loaded.
func realModel(t testing.TB, onnx []byte) (label.Files, label.Load) {
	t.Helper()
	env := environment(t)
	d, err := graph.Describe(onnx)
	if err != nil {
		t.Fatal(err)
	}
	load := func(inputs, outputs []string) (infer.Session, error) {
		s, err := env.Load(onnx, ort.Options{Inputs: inputs, Outputs: outputs})
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s, nil
	}
	return label.Files{Inputs: values(d.Inputs), Outputs: values(d.Outputs)}, load
}

func values(described []graph.Value) (out []label.Value) {
	for _, v := range described {
		out = append(out, label.Value(v))
	}
	return out
}

// page is the page that labels are asked for. Its one slot keeps runs in their order.
func page() *pool.Page { return pool.New(1).Page(pool.Request{Kind: pool.Labelling}) }

func wantCode(t testing.TB, err error, want inkpool.Code) {
	t.Helper()
	if got := inkpool.CodeOf(err); got != want {
		t.Errorf("got %v (%q), want %q", err, got, want)
	}
}
