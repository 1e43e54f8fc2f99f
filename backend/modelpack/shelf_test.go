package modelpack_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// install puts a pack onto a shelf's folder, under the names of its id and version.
func install(t *testing.T, dir, id, version string) string {
	t.Helper()
	folder := filepath.Join(dir, id, version)
	write(t, folder, pack(t, func(m object) { m["id"], m["version"] = id, version }))
	return folder
}

// bundled is a pack that calls itself part of the program.
func bundled(t *testing.T) *modelpack.Pack {
	t.Helper()
	p, err := modelpack.Open(pack(t, func(m object) { m["id"] = "bundled" }))
	if err != nil {
		t.Fatal(err)
	}
	p.Bundled = true
	return p
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, version := range []string{"1.9.0", "1.10.0", "1.10.0-rc1", "1.2"} {
		install(t, dir, "small", version)
	}
	install(t, dir, "bundled", "99.0.0") // never in place of the bundled one
	s := modelpack.Shelf{Bundled: bundled(t), Dir: dir}
	for id, want := range map[string]string{"": "bundled 1.0.0", "bundled": "bundled 1.0.0", "small": "small 1.10.0-rc1"} {
		p, err := s.Find(id)
		if err != nil {
			t.Errorf("%q: %v", id, err)
		} else if got := p.ID + " " + p.Version; got != want {
			t.Errorf("%q: got %s, want %s", id, got, want)
		}
	}
	for _, id := range []string{"large", "..", "small/1.2", "small/..", "SMALL", "small\x00"} {
		p, err := s.Find(id)
		var shown *inkpool.Error
		if !errors.As(err, &shown) || shown.Code != inkpool.CodeModelMissing || shown.Hint == "" {
			t.Errorf("%q: got %v, %v; want %q and what to do", id, p, err, inkpool.CodeModelMissing)
		}
	}
	for name, s := range map[string]modelpack.Shelf{"empty": {}, "no folder": {Dir: filepath.Join(dir, "gone")}} {
		for _, id := range []string{"", "small"} {
			if _, err := s.Find(id); inkpool.CodeOf(err) != inkpool.CodeModelMissing {
				t.Errorf("%s, %q: got %v, want %q", name, id, err, inkpool.CodeModelMissing)
			}
		}
	}
}

func TestFindSaysThatAPackIsDamaged(t *testing.T) {
	dir := t.TempDir()
	install(t, dir, "small", "1.0.0")
	newest := install(t, dir, "small", "2.0.0")
	if err := os.Truncate(filepath.Join(newest, "rec.onnx"), 1); err != nil {
		t.Fatal(err)
	}
	if p, err := (modelpack.Shelf{Dir: dir}).Find("small"); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
		t.Errorf("got %v, %v; want %q", p, err, inkpool.CodeModelCorrupt)
	}
}

func TestList(t *testing.T) {
	dir := t.TempDir()
	install(t, dir, "small", "1.0.0")
	install(t, dir, "small", "2.0.0")
	write(t, filepath.Join(dir, "plain", "1"), fstest.MapFS{"det.onnx": {Data: []byte("x")}, "rec.onnx": {Data: []byte("x")}})
	write(t, filepath.Join(dir, "moved", "1.0.0"), pack(t, nil)) // says that it is another
	write(t, filepath.Join(dir, ".download", "1.0.0"), pack(t, nil))
	write(t, dir, fstest.MapFS{"notes.txt": {Data: []byte("x")}})
	found, err := modelpack.Shelf{Bundled: bundled(t), Dir: dir}.List()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%s %s %v", f.ID, f.Version, inkpool.CodeOf(f.Err)))
		if (f.Pack == nil) == (f.Err == nil) || f.Pack != nil && (f.Pack.ID != f.ID || f.Pack.Version != f.Version) {
			t.Errorf("got %+v", f)
		}
	}
	want := []string{"bundled 1.0.0 ", "moved 1.0.0 model_corrupt", "plain 1 ", "small 2.0.0 ", "small 1.0.0 "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if found, err := (modelpack.Shelf{}).List(); err != nil || len(found) != 0 {
		t.Errorf("an empty shelf: got %v, %v", found, err)
	}
	file := filepath.Join(dir, "notes.txt")
	if found, err := (modelpack.Shelf{Dir: file}).List(); inkpool.CodeOf(err) != inkpool.CodeUnavailable {
		t.Errorf("a file in place of the folder: got %v, %v; want %q", found, err, inkpool.CodeUnavailable)
	}
}

// Links may stay in their pack; nothing outside of it is read, and no pipe is waited for.
func TestNoLinkLeadsOut(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	for name, c := range map[string]struct {
		target string
		want   inkpool.Code
	}{
		"inside":   {"other.onnx", ""},
		"absolute": {"", inkpool.CodeModelCorrupt},
		"above":    {"../../../recogniser", inkpool.CodeModelCorrupt},
		"nowhere":  {"gone", inkpool.CodeModelCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			top := t.TempDir()
			outside := filepath.Join(top, "recogniser")
			dir := install(t, filepath.Join(top, "packs"), "small", "1.0.0")
			rec := filepath.Join(dir, "rec.onnx")
			err := errors.Join(os.Link(rec, outside), os.Rename(rec, filepath.Join(dir, "other.onnx")))
			if c.target == "" {
				c.target = outside
			}
			if err = errors.Join(err, os.Symlink(c.target, rec)); err != nil {
				t.Fatal(err)
			}
			p, err := modelpack.Shelf{Dir: filepath.Join(top, "packs")}.Find("small")
			if err == nil {
				_, err = p.ReadFile("rec.onnx")
			}
			if got := inkpool.CodeOf(err); got != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
