package desktop

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/bundle"
)

// put makes a file in the folder of packs.
func put(t *testing.T, home string, parts ...string) {
	t.Helper()
	path := filepath.Join(append([]string{home, "packs"}, parts...)...)
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err = errors.Join(err, os.WriteFile(path, []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestPacks(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	home := jobs.window.app.Settings.Home
	for _, parts := range [][]string{
		{"whole", "2", "det.onnx"}, {"whole", "2", "rec.onnx"}, {"whole", "1", "det.onnx"}, {"whole", "1", "rec.onnx"},
		{"damaged-since", "2", "det.onnx"}, {"damaged-since", "1", "det.onnx"}, {"damaged-since", "1", "rec.onnx"},
	} {
		put(t, home, parts...)
	}
	packs, err := jobs.Packs()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range packs {
		if p.State == string(app.PackOffered) {
			continue
		}
		got = append(got, fmt.Sprintf("%s %s %s %t", p.ID, p.Version, p.State, p.Current))
	}
	want := []string{
		"damaged-since 2 damaged false", "damaged-since 1 installed false",
		"whole 2 installed true", "whole 1 installed false",
	}
	if _, err := bundle.Embedded(); err == nil {
		want = slices.Insert(want, 0, "pp-ocrv4-mobile 4.0.0 bundled true")
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if last := packs[len(packs)-1]; last.State != string(app.PackOffered) || last.Task == "" || last.Name == "" || last.Bytes == 0 {
		t.Errorf("got %+v at the end, want one that can be had", last)
	}
}
