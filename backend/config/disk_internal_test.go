package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestFileError(t *testing.T) {
	for name, c := range map[string]struct {
		cause error
		want  inkpool.Code
	}{
		"full disk":        {&fs.PathError{Err: syscall.ENOSPC}, inkpool.CodeDiskFull},
		"no quota left":    {&fs.PathError{Err: syscall.EDQUOT}, inkpool.CodeDiskFull},
		"not allowed":      {&fs.PathError{Err: syscall.EACCES}, inkpool.CodePermission},
		"read-only medium": {&fs.PathError{Err: syscall.EROFS}, inkpool.CodePermission},
		"failing disk":     {&fs.PathError{Err: syscall.EIO}, inkpool.CodeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			err := fileError("saved", filepath.Join(t.TempDir(), "config.json"), c.cause)
			if got := inkpool.CodeOf(err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestReplaceLeavesNothingBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.Mkdir(path, 0o700); err != nil { // which no file can replace
		t.Fatal(err)
	}
	if err := replace(path, []byte("{}")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v, want the folder and nothing beside it", entries, err)
	}
}
