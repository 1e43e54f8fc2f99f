package bundle_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/inkpool"
)

const sha = "ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23"

func sample(size int) fstest.MapFS {
	return fstest.MapFS{
		"manifest.json": {Data: fmt.Appendf(nil,
			`{"id":"x","library":"runtime/lib.so","files":[{"name":"runtime/lib.so","sha256":%q,"size":%d}]}`, sha, size)},
		"runtime/lib.so": {Data: []byte("library")},
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	noLibrary := sample(7)
	delete(noLibrary, "runtime/lib.so")
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  inkpool.Code
	}{
		"whole":              {sample(7), ""},
		"make setup not run": {fstest.MapFS{"README.md": {}}, inkpool.CodeModelMissing},
		"file cut short":     {sample(8), inkpool.CodeModelCorrupt},
		"file missing":       {noLibrary, inkpool.CodeModelCorrupt},
		"manifest damaged":   {fstest.MapFS{"manifest.json": {Data: []byte("{")}}, inkpool.CodeModelCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := bundle.Open(c.files)
			if got := inkpool.CodeOf(err); got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

func TestUnpackLibraryOnceAndRepairs(t *testing.T) {
	b, err := bundle.Open(sample(7))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 8 { // several processes may start at once
		wg.Go(func() {
			if _, err := b.UnpackLibrary(dir); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	lib, err := b.UnpackLibrary(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(lib, []byte("cut"), 0o600); err != nil { // a disk that was full
		t.Fatal(err)
	}
	if lib, err = b.UnpackLibrary(dir); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(lib)
	if err != nil || !bytes.Equal(got, []byte("library")) {
		t.Errorf("got %q, %v; want the library's bytes again", got, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(lib), ".unpack-*")); len(left) > 0 {
		t.Errorf("temporary files left behind: %v", left)
	}
}

func TestUnpackLibrarySaysWhatIsInTheWay(t *testing.T) {
	b, err := bundle.Open(sample(7))
	if err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	file, taken := filepath.Join(scratch, "file"), filepath.Join(scratch, "taken")
	err = errors.Join(os.WriteFile(file, nil, 0o600), os.MkdirAll(filepath.Join(taken, "runtime-"+sha[:16], "lib.so"), 0o700))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		dir  string
		want inkpool.Code
	}{
		"the folder is a file":    {file, inkpool.CodeConflict},
		"its parent is a file":    {filepath.Join(file, "cache"), inkpool.CodeConflict},
		"the library is a folder": {taken, inkpool.CodeConflict},
		"no name can be so long":  {filepath.Join(scratch, strings.Repeat("x", 300)), inkpool.CodeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.UnpackLibrary(c.dir)
			if got := inkpool.CodeOf(err); got != c.want {
				t.Fatalf("got %q (%v), want %q", got, err, c.want)
			}
			if e := inkpool.AsError(err); e.Hint == "" || !strings.Contains(e.Message, c.dir) {
				t.Errorf("got %q, %q; want the place and what to do", e.Message, e.Hint)
			}
		})
	}
}

func TestPack(t *testing.T) {
	b, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	p, err := b.Pack()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Verify(t.Context()); err != nil {
		t.Errorf("got %v, want the files that were fetched", err)
	}
	if len(p.Files) != 4 || !p.Bundled {
		t.Errorf("got %+v, want three models and their dictionary", p.Files)
	}
	if data, err := p.ReadFile(p.OCR.Recognizer.Dictionary); err != nil || len(data) == 0 {
		t.Errorf("got a dictionary of %d bytes, %v", len(data), err)
	}
}

func TestPackOfABundleWithoutModels(t *testing.T) {
	b, err := bundle.Open(sample(7))
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Pack()
	if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
		t.Errorf("got %v, %v; want %q", p, err, inkpool.CodeModelCorrupt)
	}
}
