package engine_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ort"
)

// openModels returns what loads the bundled models and caches them in dir.
func openModels(t testing.TB, dir string, plain bool) engine.Models {
	t.Helper()
	files, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	library, err := files.UnpackLibrary(cacheDir)
	if err != nil {
		t.Fatal(err)
	}
	env, err := ort.Open(library)
	if err != nil {
		t.Fatal(err)
	}
	return engine.NewModels(env, dir, plain)
}

// bundledModels are the detector, the classifier and the recogniser.
func bundledModels(t testing.TB) []engine.Model {
	t.Helper()
	files, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	pack, err := files.Pack()
	if err != nil {
		t.Fatal(err)
	}
	models, err := engine.NewModels(nil, "", true).Prepare(t.Context(), pack)
	if err != nil {
		t.Fatal(err)
	}
	return models
}

// answer loads a model and runs it on its probe.
func answer(t testing.TB, l engine.Models, m engine.Model) []float32 {
	t.Helper()
	s, err := l.Load(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	out, err := m.Probe(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Rewritten and original are told apart by their last bits.
func TestModelsComputeTheSameInEveryForm(t *testing.T) {
	dir := t.TempDir()
	for _, m := range bundledModels(t) {
		want := answer(t, openModels(t, dir, true), m)
		if files, _ := os.ReadDir(dir); m.Name() == "det" && len(files) > 0 {
			t.Errorf("%s: the plain model left %v behind", m.Name(), files)
		}
		uncached := answer(t, openModels(t, "", false), m)
		first := answer(t, openModels(t, dir, false), m)
		second := answer(t, openModels(t, dir, false), m)
		if slices.Equal(first, want) {
			t.Errorf("%s: got what the original computes to the bit, want the rewritten model", m.Name())
		}
		if !slices.Equal(first, second) || !slices.Equal(first, uncached) {
			t.Errorf("%s: the cached model computes something else", m.Name())
		}
		for i := range want {
			if d := math.Abs(float64(first[i] - want[i])); d > 1e-4 {
				t.Errorf("%s: output %d is %g, the original's %g", m.Name(), i, first[i], want[i])
				break
			}
		}
		if low, high := slices.Min(want), slices.Max(want); high < 0.5 || low > 0.2 {
			t.Errorf("%s: the probe leads to outputs of %g..%g, which would hide differences", m.Name(), low, high)
		}
	}
}

func TestModelsComeFromTheCache(t *testing.T) {
	dir := t.TempDir()
	detector := bundledModels(t)[0]
	want := answer(t, openModels(t, dir, true), detector)
	l := openModels(t, dir, false)
	if err := l.SavePlain(detector); err != nil {
		t.Fatal(err)
	}
	if got := answer(t, l, detector); !slices.Equal(got, want) {
		t.Error("got something else than what is in the cache")
	}
}

// What is in the cache now computes the original to the bit: whoever loads it is found out.
func TestDamagedCacheIsNeverLoaded(t *testing.T) {
	dir := t.TempDir()
	l := openModels(t, dir, false)
	models := bundledModels(t)
	m, other := models[1], models[0]
	plain := answer(t, openModels(t, dir, true), m)
	for _, m := range []engine.Model{m, other} {
		if err := l.SavePlain(m); err != nil {
			t.Fatal(err)
		}
	}
	whole, foreign := readCache(t, l, m), readCache(t, l, other)
	flipped := slices.Clone(whole)
	flipped[len(flipped)/2] ^= 4
	path := l.CachePath(m)
	for name, data := range map[string][]byte{
		"empty":            {},
		"its head":         whole[:40],
		"half":             whole[:len(whole)/2],
		"a byte missing":   whole[:len(whole)-1],
		"a byte too many":  append(slices.Clone(whole), 0),
		"a bit flipped":    flipped,
		"of another model": foreign,
		"garbage":          bytes.Repeat([]byte("garbage "), 5000),
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if slices.Equal(answer(t, l, m), plain) {
			t.Errorf("%s: it was loaded", name)
		}
		if got := readCache(t, l, m); bytes.Equal(got, data) {
			t.Errorf("%s: it is still there, want a good file in its place", name)
		}
	}
}

func readCache(t *testing.T, l engine.Models, m engine.Model) []byte {
	t.Helper()
	path := l.CachePath(m)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestModelsLoadWithoutACache(t *testing.T) {
	classifier := bundledModels(t)[1]
	want := answer(t, openModels(t, t.TempDir(), false), classifier)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := answer(t, openModels(t, file, false), classifier); !slices.Equal(got, want) {
		t.Error("a file in place of the cache's folder: the model computes something else")
	}
}

func TestCacheDropsWhatIsOld(t *testing.T) {
	dir := t.TempDir()
	l := openModels(t, dir, false)
	folder := filepath.Join(dir, "models")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cls-0011223344556677.ort", "det-0011223344556677.ort", ".saving-now"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	classifier := bundledModels(t)[1]
	answer(t, l, classifier)
	path := l.CachePath(classifier)
	var got []string
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if want := []string{".saving-now", filepath.Base(path), "det-0011223344556677.ort"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// constant is a session whose every output is the same.
type constant float32

func (c constant) Run(_ context.Context, _, outputs []infer.Tensor) error {
	for i := range outputs[0].Data {
		outputs[0].Data[i] = float32(c)
	}
	return nil
}

func (constant) Close() error { return nil }

func TestCompareFindsDifferences(t *testing.T) {
	m := bundledModels(t)[0]
	for name, c := range map[string]struct {
		a, b constant
		same bool
	}{
		"the same":     {0.5, 0.5, true},
		"rounded":      {0.5, 0.50001, true},
		"larger":       {0.5, 0.502, false},
		"smaller":      {0.5, 0.498, false},
		"not a number": {0.5, constant(math.NaN()), false},
		"infinite":     {0.5, constant(math.Inf(1)), false},
	} {
		if err := m.Compare(t.Context(), c.a, c.b); (err == nil) != c.same {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAnotherModelIsNotTakenForARewrittenOne(t *testing.T) {
	l := openModels(t, t.TempDir(), false)
	classifier := bundledModels(t)[1]
	data := classifier.Data()
	other := slices.Clone(data)
	at := bytes.LastIndex(other, []byte("softmax")) // the name of the graph's output
	for name, damaged := range map[string][]byte{
		"cut off": data[:len(data)/2],
		"empty":   nil,
		"other":   append(other[:at], other[at+7:]...),
	} {
		if err := l.Checked(t.Context(), classifier, data, damaged); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
	if err := l.Checked(t.Context(), classifier, data, data); err != nil {
		t.Errorf("the model itself: got %v", err)
	}
}

func TestLoadStopsWhenItsContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := openModels(t, t.TempDir(), false).Load(ctx, bundledModels(t)[1])
	if got := inkpool.CodeOf(err); got != inkpool.CodeCancelled {
		t.Errorf("got %v, %v; want %q", s, err, inkpool.CodeCancelled)
	}
}

// BenchmarkLoad shows what the cache saves.
func BenchmarkLoad(b *testing.B) {
	for _, m := range bundledModels(b) {
		for name, l := range map[string]engine.Models{
			"original":  openModels(b, "", true),
			"rewritten": openModels(b, "", false),
			"cached":    openModels(b, cacheDir, false),
		} {
			b.Run(m.Name()+"/"+name, func(b *testing.B) {
				for b.Loop() {
					s, err := l.Load(b.Context(), m)
					if err != nil {
						b.Fatal(err)
					}
					if err := s.Close(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
