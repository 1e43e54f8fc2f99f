//go:build unix

package modelpack_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Folders that lead elsewhere, or would on another computer.
func TestAddRefusesFolders(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.onnx")
	if err := os.WriteFile(secret, model{}.bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(dir string) error
		want   inkpool.Code
		words  string
	}{
		"a link to a file":   {func(dir string) error { return os.Symlink(secret, filepath.Join(dir, "other.onnx")) }, inkpool.CodeInvalid, "is a link"},
		"a link inside":      {func(dir string) error { return os.Symlink("net.onnx", filepath.Join(dir, "other.onnx")) }, inkpool.CodeInvalid, "is a link"},
		"a link to a folder": {func(dir string) error { return os.Symlink("/etc", filepath.Join(dir, "onnx")) }, inkpool.CodeInvalid, "is a link"},
		"a hard link":        {func(dir string) error { return os.Link(secret, filepath.Join(dir, "weights.bin")) }, inkpool.CodeInvalid, "hard link"},
		"a pipe":             {func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, "config.json"), 0o600) }, inkpool.CodeInvalid, "neither a file"},
		"two names in one":   {func(dir string) error { return os.WriteFile(filepath.Join(dir, "Labels.txt"), []byte("a"), 0o600) }, inkpool.CodeInvalid, "two files"},
		"too many files": {func(dir string) (err error) {
			for i := range 10_001 {
				err = errors.Join(err, os.WriteFile(filepath.Join(dir, strings.Repeat("x", i%100+1)+string(rune('a'+i/100%26))+string(rune('0'+i/2600))), nil, 0o600))
			}
			return err
		}, inkpool.CodeTooLarge, "more than 10000"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.want == inkpool.CodeTooLarge && testing.Short() {
				t.Skip("making so many files takes a while")
			}
			dir := in(t, picture(model{}))
			if err := c.change(dir); err != nil {
				t.Fatal(err)
			}
			checkRefused(t, c.want, c.words, dir)
		})
	}
	link := filepath.Join(t.TempDir(), "net.onnx")
	if err := os.Symlink(secret, link); err != nil {
		t.Fatal(err)
	}
	checkRefused(t, inkpool.CodeInvalid, "is a link", link)
	checkRefused(t, inkpool.CodeNotFound, "not there", filepath.Join(t.TempDir(), "gone"))
}
