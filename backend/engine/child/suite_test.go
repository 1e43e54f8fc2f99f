//go:build unix

package child_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/engine/child"
	"github.com/inkpool/inkpool/backend/engine/enginetest"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func suite(t testing.TB, open func(engine.Settings) enginetest.Engine) enginetest.Suite {
	t.Helper()
	if _, err := bundle.Embedded(); err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	return enginetest.Suite{
		Samples: filepath.Join("..", "..", "..", "samples"),
		Open: func(s engine.Settings) enginetest.Engine {
			s.CacheDir = cacheDir
			return open(s)
		},
	}
}

func inProcess(t testing.TB) enginetest.Suite {
	return suite(t, func(s engine.Settings) enginetest.Engine {
		w, err := openEngine(s)
		if err != nil {
			t.Fatal(err)
		}
		return w.(*engine.Engine)
	})
}

func inChild(t testing.TB) enginetest.Suite {
	return suite(t, func(s engine.Settings) enginetest.Engine {
		return child.New(child.Options{Command: command(asEngine), Settings: s})
	})
}

func TestSuiteInProcess(t *testing.T) { inProcess(t).Run(t) }

func TestSuiteInChild(t *testing.T) { inChild(t).Run(t) }

func TestBothReadTheSame(t *testing.T) {
	enginetest.Same(t, inProcess(t).Read(t), inChild(t).Read(t))
}

// A real engine is killed, and has the runtime library truncated under it, while it reads.
// The page fails with it, and is read by the next one.
func TestRealEngineComesBack(t *testing.T) {
	s := inChild(t)
	cache := t.TempDir()
	e := openWith(t, child.Options{
		Command: command(asEngine), Settings: engine.Settings{Workers: 2, CacheDir: cache},
	})
	page := inkpool.Task{ID: 1, Path: filepath.Join(s.Samples, "form.png"), Page: 1}
	want, err := e.Process(t.Context(), page, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, harm := range map[string]func() error{
		"killed":    func() error { return syscall.Kill(e.Usage().Process, syscall.SIGKILL) },
		"truncated": func() error { return truncateLibrary(cache) },
	} {
		failed := make(chan error)
		go func() { _, err := e.Process(t.Context(), page, nil); failed <- err }()
		until(t, "the page is being read", func() bool { return e.Usage().ReservedBytes > 0 })
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		wantCode(t, <-failed, inkpool.CodeEngineCrashed)
		if got, err := e.Process(t.Context(), page, nil); err != nil || got.Text != want.Text {
			t.Errorf("%s: got %q, %v; want the text as before", name, got.Text, err)
		}
	}
	if got := e.Usage().Restarts; got != 2 {
		t.Errorf("got %d restarts, want 2", got)
	}
}

func truncateLibrary(cache string) error {
	return filepath.WalkDir(cache, func(path string, f fs.DirEntry, err error) error {
		if err == nil && strings.Contains(f.Name(), "onnxruntime") && !f.IsDir() {
			err = os.Truncate(path, 0)
		}
		return err
	})
}
