package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/durable"
)

func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, parts := range [][][]byte{{[]byte("one")}, {[]byte("t"), []byte("wo")}, {}} {
		want := ""
		for _, p := range parts {
			want += string(p)
		}
		if err := durable.Replace(path, ".temp-*", parts...); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	wantAlone(t, path)
}

func TestReplaceLeavesNothingBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder")
	if err := os.Mkdir(path, 0o700); err != nil { // which no file can replace
		t.Fatal(err)
	}
	if err := durable.Replace(path, ".temp-*", []byte("x")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	wantAlone(t, path)
}

func TestFoldersThatAreNotThere(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	if err := durable.Replace(filepath.Join(none, "file"), ".temp-*"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Replace: got %v, want %v", err, fs.ErrNotExist)
	}
	if err := durable.SyncFolder(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("SyncFolder: got %v, want %v", err, fs.ErrNotExist)
	}
	if err := durable.SyncFolder(filepath.Dir(none)); err != nil {
		t.Errorf("SyncFolder of a folder: got %v", err)
	}
}

func wantAlone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("got %v, %v; want %s and nothing beside it", entries, err, filepath.Base(path))
	}
}
