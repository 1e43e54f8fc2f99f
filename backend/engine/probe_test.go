package engine_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/engine"
)

var update = flag.Bool("update", false, "renew the expected files from what is read now")

// What other devices are measured against is what this CPU reads. After a change of the
// models or of the pipeline, renew it with -update and look at the difference.
func TestTheCPUReadsTheProbe(t *testing.T) {
	page, want := engine.ProbePage()
	e := open(t, 2)
	r, err := e.Process(t.Context(), file(t, "probe.png", page), nil)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(filepath.Join("probe", "page.txt"), []byte(r.Text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if r.Text != want || want == "" {
		t.Errorf("got %q, want %q", r.Text, want)
	}
	if err := engine.Probe(t.Context(), e); err != nil {
		t.Errorf("the probe of the CPU itself: got %v", err)
	}
}
