package ort_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// The library's telemetry leaves a device id below the home folder before it looks for its
// host: where there is no file, nothing was told.
func TestNothingIsTold(t *testing.T) {
	classifier.answer(t, classifier.load(t), 1, 48, 192)
	err := filepath.WalkDir(filepath.Join(scratch, "home"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			t.Errorf("the runtime library has written %s", path)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}
