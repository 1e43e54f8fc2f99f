package peer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/bench/peer"
)

func TestReadsAs(t *testing.T) {
	for name, want := range map[string]bool{"a.jpg": true, "a.JPEG": true, "b.c/a.png": true, "a.tif": false, "png": false} {
		if got := peer.ReadsAs(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestInstalled(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{"@scope/one": `{"version": "1.2.3"}`, "broken": `{`} {
		dir := filepath.Join(peer.Folder, "node_modules", name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"@scope/one": "1.2.3", "broken": "", "missing": ""} {
		if got := peer.Installed(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestVersion(t *testing.T) {
	if got := peer.Version(t.Context(), "go", "version"); !strings.HasPrefix(got, "go version go1.") {
		t.Errorf("got %q, want what go says of itself", got)
	}
	if got := peer.Version(t.Context(), "go", "env", "GOARCH"); !strings.HasPrefix(got, "go ") {
		t.Errorf("got %q, want the program's name in front", got)
	}
	if got := peer.Version(t.Context(), "no-such-program-here"); got != "" {
		t.Errorf("got %q of a program that is not there", got)
	}
}

func TestTesseractLanguagesWithoutTesseract(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if got := peer.TesseractLanguages(t.Context()); len(got) > 0 {
		t.Errorf("got %q, want none", got)
	}
}
