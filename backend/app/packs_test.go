package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// putPack puts a set of models without a manifest where packs are looked for.
func putPack(t *testing.T, home, id, version string, names ...string) {
	t.Helper()
	dir := filepath.Join(home, "packs", id, version)
	err := os.MkdirAll(dir, 0o700)
	for _, name := range names {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestPacks(t *testing.T) {
	s := settingsIn(t.TempDir())
	putPack(t, s.Home, "pp-ocrv6-tiny", "3.9.2", "det.onnx", "rec.onnx")
	putPack(t, s.Home, "mine", "1", "det.onnx")
	packs, err := app.Packs(s)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]app.PackState{}
	for _, p := range packs {
		if _, twice := got[p.ID]; twice {
			t.Errorf("%s is listed twice", p.ID)
		}
		got[p.ID] = p.State
		if (p.State == app.PackDamaged) != (p.Error != nil) || p.State != app.PackDamaged && len(p.Files) == 0 && p.Repository == "" {
			t.Errorf("got %+v", p)
		}
	}
	want := map[string]app.PackState{"pp-ocrv6-tiny": app.PackInstalled, "mine": app.PackDamaged, "pp-ocrv6-small": app.PackOffered}
	if _, err := bundle.Embedded(); err == nil {
		want["pp-ocrv4-mobile"] = app.PackBundled
	}
	for id, state := range want {
		if got[id] != state {
			t.Errorf("%s: got %q, want %q", id, got[id], state)
		}
	}
	at := slices.IndexFunc(packs, func(p app.Pack) bool { return p.ID == "pp-ocrv6-tiny" })
	if p := packs[at]; p.Bytes != 2 || p.Speed == "" || p.Folder == "" {
		t.Errorf("got %+v, want its size, where it is, and what the catalogue says of it", p)
	}
}

func TestVerifyPack(t *testing.T) {
	s := settingsIn(t.TempDir())
	putPack(t, s.Home, "mine", "1", "det.onnx", "rec.onnx")
	if hashed, err := app.VerifyPack(t.Context(), s, "mine", ""); err != nil || hashed {
		t.Errorf("got %v, %v; want it to be there, with nothing to compare with", hashed, err)
	}
	for _, id := range []string{"other", "pp-ocrv6-small"} {
		if _, err := app.VerifyPack(t.Context(), s, id, ""); inkpool.CodeOf(err) != inkpool.CodeModelMissing {
			t.Errorf("%s: got %v, want %q", id, err, inkpool.CodeModelMissing)
		}
	}
	if _, err := bundle.Embedded(); err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	if hashed, err := app.VerifyPack(t.Context(), s, "", ""); err != nil || !hashed {
		t.Errorf("bundled: got %v, %v; want it sound", hashed, err)
	}
}
