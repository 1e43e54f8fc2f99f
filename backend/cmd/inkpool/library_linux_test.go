package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// The runtime library is mapped into the engine's process: when its file loses its content,
// the engine dies. The next one finds neither the library nor the saved models as they
// should be, makes them anew, and everything is read.
func TestCacheTruncatedUnderTheEngine(t *testing.T) {
	s := samplesSite(t)
	r := s.harmMidway(t, func(string) error { return truncateAll(s.cache) })
	r.want(t, 0, "")
	l := s.ledger(t)
	if l.has("requeued", string(inkpool.CodeEngineCrashed)) == 0 {
		t.Error("the engine has not died")
	}
	if done := len(l.in(inkpool.StateDone)); done != len(l.tasks) {
		t.Errorf("%d of %d are done", done, len(l.tasks))
	}
	if info, err := os.Stat(s.library(t)); err != nil || info.Size() == 0 {
		t.Errorf("got %v, %v; want the library unpacked anew", info, err)
	}
}

// truncateAll takes the content of all files below a folder.
func truncateAll(folder string) error {
	return filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		return os.Truncate(path, 0)
	})
}

// Where it cannot be unpacked anew, people are told why and what to do.
func TestLibraryGoneForGood(t *testing.T) {
	s := samplesSite(t)
	r := s.harmMidway(t, func(library string) error {
		folder := filepath.Dir(library)
		return errors.Join(os.Truncate(library, 0), os.Rename(folder, folder+".gone"), os.WriteFile(folder, nil, 0o600))
	})
	r.want(t, 1, "the runtime library cannot be unpacked in "+s.cache)
	if !strings.Contains(r.stderr, "XDG_CACHE_HOME") {
		t.Errorf("got %q, want it to say what to do", r.stderr)
	}
}

// samplesSite is a site with a real engine and a few pictures.
func samplesSite(t *testing.T) site {
	t.Helper()
	if testing.Short() || !hasModels() {
		t.Skip("takes seconds and needs the models: run it without -short, after make setup")
	}
	s := newSite(t)
	s.pageTime = ""
	s.linkSamples(t, 2, quickSamples()...)
	return s
}

// library is the file of the runtime library, once there is one.
func (s site) library(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(s.cache, "inkpool", "runtime-*", "*.so*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("found the libraries %q, %v; want one", found, err)
	}
	return found[0]
}

// harmMidway does harm to the library when the first page has been read, and returns how
// all ended.
func (s site) harmMidway(t *testing.T, harm func(library string) error) ran {
	t.Helper()
	c, pages, stderr := s.startReading(t)
	first, err := pages.ReadString('\n')
	if err != nil {
		t.Fatalf("no page came: %v, %s", err, stderr.String())
	}
	if err := harm(s.library(t)); err != nil {
		t.Error(err)
	}
	rest, err := io.ReadAll(pages)
	if err != nil {
		t.Error(err)
	}
	return ran{code: exitCode(c.Wait()), stdout: first + string(rest), stderr: stderr.String()}
}
