package document_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad(t *testing.T) {
	for _, content := range []string{"", "hello", strings.Repeat("long ", 20_000)} {
		path := writeFile(t, "文字 -\n.txt", content)
		got, err := document.Load(path, document.Limits{})
		if err != nil || string(got) != content {
			t.Errorf("got %d bytes, %v, want %d", len(got), err, len(content))
		}
	}
}

func TestLoadFollowsLinksToFiles(t *testing.T) {
	target := writeFile(t, "a.txt", "hello")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(target, link); err != nil {
		t.Skip("symbolic links are not allowed here:", err)
	}
	if got, err := document.Load(link, document.Limits{}); err != nil || string(got) != "hello" {
		t.Errorf("got %q, %v, want hello", got, err)
	}
}

func TestLoadObeysLimit(t *testing.T) {
	path := writeFile(t, "a.txt", "12345")
	if _, err := document.Load(path, document.Limits{MaxBytes: 5}); err != nil {
		t.Errorf("at the limit: got %v, want no error", err)
	}
	_, err := document.Load(path, document.Limits{MaxBytes: 4})
	wantCode(t, err, inkpool.CodeTooLarge)
}

// A hole of a terabyte must be refused by its size alone.
func TestLoadRefusesSparseFile(t *testing.T) {
	path := writeFile(t, "hole", "")
	if err := os.Truncate(path, 1<<40); err != nil {
		t.Skip("no sparse files here:", err)
	}
	_, err := document.Load(path, document.Limits{})
	wantCode(t, err, inkpool.CodeTooLarge)
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	_, err := document.Load(dir, document.Limits{})
	wantCode(t, err, inkpool.CodeInvalid)
	_, err = document.Load(filepath.Join(dir, "missing"), document.Limits{})
	wantCode(t, err, inkpool.CodeNotFound)
	_, err = document.Load("", document.Limits{})
	wantCode(t, err, inkpool.CodeNotFound)
	_, err = document.Load("a\x00b", document.Limits{})
	wantCode(t, err, inkpool.CodeInvalid)
}
