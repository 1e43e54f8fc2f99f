package language_test

import (
	"os"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/language"
	"github.com/inkpool/inkpool/backend/ort"
)

// scratch is where the runtime library is unpacked; TestMain makes and removes it.
var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "inkpool-language-*")
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

// load returns the model in the real runtime.
func load(t testing.TB) *ort.Session {
	t.Helper()
	if _, err := bundle.Embedded(); err != nil {
		t.Skipf("no runtime in this build (%v): run make setup", err)
	}
	library, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	env, err := ort.Open(library)
	if err != nil {
		t.Fatal(err)
	}
	s, err := env.Load(language.Model(), ort.Options{
		Inputs:  []string{language.InputIDs, language.InputPrior},
		Outputs: []string{language.OutputProbs},
	})
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
