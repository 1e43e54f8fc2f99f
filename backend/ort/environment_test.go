package ort_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ort"
)

func TestOpenIsOncePerProcess(t *testing.T) {
	path := libraryPath(t)
	first := open(t)
	again, err := ort.Open(path)
	if err != nil || again != first {
		t.Errorf("same path: got %p, %v; want the environment %p", again, err, first)
	}
	_, err = ort.Open(path + ".other")
	if got := inkpool.CodeOf(err); got != inkpool.CodeConflict {
		t.Errorf("other path: got %q (%v), want %q", got, err, inkpool.CodeConflict)
	}
	if first.Version() == "" {
		t.Error("the runtime has no version")
	}
}

// A library that was damaged and then repaired must load in the same process. It takes a
// process in which nothing has been loaded yet: this test, run again as a child.
func TestOpenAfterADamagedLibrary(t *testing.T) {
	path := libraryPath(t)
	const child = "INKPOOL_TEST_FRESH_PROCESS"
	if os.Getenv(child) == "" {
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), exe, "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), child+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	damaged := filepath.Join(t.TempDir(), "damaged.so")
	if err := os.WriteFile(damaged, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{damaged, filepath.Join(t.TempDir(), "missing.so")} {
		_, err := ort.Open(bad)
		if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
			t.Errorf("%s: got %q (%v), want %q", filepath.Base(bad), got, err, inkpool.CodeModelCorrupt)
		}
	}
	if _, err := ort.Open(path); err != nil {
		t.Errorf("whole library: got %v, want it loaded", err)
	}
}
