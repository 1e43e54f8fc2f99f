package language_test

import (
	"os"
	"testing"

	"github.com/inkpool/inkpool/backend/language"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/ort/orttest"
)

func TestMain(m *testing.M) { os.Exit(orttest.Main(m)) }

// load returns the model in the real runtime.
func load(t testing.TB) *ort.Session {
	t.Helper()
	s, err := orttest.Open(t).Load(language.Model(), ort.Options{
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
