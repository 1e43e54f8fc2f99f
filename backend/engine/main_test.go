package engine_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// cacheDir is where the runtime library is unpacked: one place for the whole test run,
// because a process can load only one. TestMain makes and removes it.
var cacheDir string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if workers, ok := os.LookupEnv(benchWorkers); ok {
		return runBenchChild(workers, os.Getenv(benchCache))
	}
	dir, err := os.MkdirTemp("", "inkpool-engine-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	cacheDir = dir
	return m.Run()
}

// open returns an engine with the bundled models.
func open(t testing.TB, workers int) *engine.Engine {
	t.Helper()
	return openWithSettings(t, engine.Settings{Workers: workers})
}

// openWithSettings returns an engine with the bundled models.
func openWithSettings(t testing.TB, s engine.Settings) *engine.Engine {
	t.Helper()
	files, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	return openEngine(t, files, s)
}

// openWith returns an engine with other models, or with none.
func openWith(t testing.TB, files *bundle.Bundle, workers int) *engine.Engine {
	t.Helper()
	return openEngine(t, files, engine.Settings{Workers: workers})
}

func openEngine(t testing.TB, files *bundle.Bundle, s engine.Settings) *engine.Engine {
	t.Helper()
	s.CacheDir = cacheDir
	e := engine.New(engine.Options{Bundle: files, Settings: s})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// task is the first page of a file.
func task(path string) inkpool.Task { return inkpool.Task{Path: path, Page: 1} }

// sample is the first page of one of the project's samples.
func sample(name string) inkpool.Task { return task(filepath.Join("..", "..", "samples", name)) }

// file writes a file and returns its first page.
func file(t testing.TB, name string, data []byte) inkpool.Task {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return task(path)
}

// typed is a PNG of w x h pixels with one line of text: its base line begins at (30, 60), it
// is about 32 pixels high and ends at the column returned.
func typed(t testing.TB, w, h int, text string) (data []byte, end float64) {
	t.Helper()
	im, end := lettered(t, w, h, text)
	return encoded(t, im), end
}

// drawn is typed before it becomes a PNG.
func drawn(t testing.TB, w, h int, text string) *image.Gray {
	t.Helper()
	im, _ := lettered(t, w, h, text)
	return im
}

func lettered(t testing.TB, w, h int, text string) (im *image.Gray, end float64) {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 32, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	im = image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(im, im.Bounds(), image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: im, Src: image.NewUniform(color.Black), Face: face, Dot: fixed.P(30, 60)}
	d.DrawString(text)
	return im, float64(d.Dot.X.Round())
}

func encoded(t testing.TB, im image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, im); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
