package label_test

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/label"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/ort/orttest"
	"github.com/inkpool/inkpool/backend/pool"
)

func TestMain(m *testing.M) { os.Exit(orttest.Main(m)) }

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
	env := orttest.Open(t)
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
