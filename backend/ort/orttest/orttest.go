// Package orttest opens the bundled runtime in tests of whatever runs models.
package orttest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/ort"
)

// scratch names the folder that the library is unpacked to, in the environment of a test binary.
const scratch = "INKPOOL_TEST_RUNTIME"

// Main runs the tests of a package that calls Open, in a folder of their own that is removed
// behind them, and out of sight of any home of a person. TestMain passes what it returns to
// os.Exit.
func Main(m *testing.M) int {
	dir, err := os.MkdirTemp("", "inkpool-test-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	home := filepath.Join(dir, "home")
	for name, value := range map[string]string{scratch: dir, "HOME": home, "XDG_CACHE_HOME": home} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	return m.Run()
}

// open unpacks and opens the library, once: a process can load one only.
var open = sync.OnceValues(func() (*ort.Environment, error) {
	files, err := bundle.Embedded()
	if err != nil {
		return nil, err
	}
	library, err := files.UnpackLibrary(os.Getenv(scratch))
	if err != nil {
		return nil, err
	}
	return ort.Open(library)
})

// Open returns the bundled runtime. Without one, as in a build before `make setup`, the test is
// skipped.
func Open(t testing.TB) *ort.Environment {
	t.Helper()
	if _, err := bundle.Embedded(); err != nil {
		t.Skipf("no runtime in this build (%v): run make setup", err)
	}
	env, err := open()
	if err != nil {
		t.Fatal(err)
	}
	return env
}
