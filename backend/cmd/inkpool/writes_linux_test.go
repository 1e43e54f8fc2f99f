//go:build amd64

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// atWrite is what is done while the program is killed at one of its writes.
type atWrite struct {
	args    []string                               // besides the files
	prepare func(t *testing.T, s site)             // once
	check   func(t *testing.T, s site, killed ran) // after each kill
}

// TestKilledAtEveryWrite kills the program when it is about to make its first, second, …
// call that writes, until it ends by itself. After each, everything must be as it was
// before the call or as it should be after it.
func TestKilledAtEveryWrite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: run it without -short")
	}
	for name, a := range map[string]atWrite{
		"first run": {
			args:  []string{"run", "--format", "jsonl", allFiles},
			check: wantJobOrNone,
		},
		"finish what another left": {
			args:    []string{"jobs", "resume", "--format", "jsonl"},
			prepare: leaveRunning,
			check:   wantJobOrNone,
		},
		"run into a new file": {
			args:  []string{"run", "--format", "jsonl", "--out", "out.jsonl", allFiles},
			check: wantNewFile,
		},
		"export over an old file": {
			args:    []string{"export", "1", "--format", "jsonl", "--out", "out.jsonl", "--force"},
			prepare: readAndExported,
			check:   wantReplacedFile,
		},
	} {
		t.Run(name, func(t *testing.T) { a.sweep(t) })
	}
}

const (
	allFiles  = "<files>" // in the arguments: the folder of files
	oldExport = "an old export\n"
)

// sweep kills the program at every call of renames, and at every one of writes or, unless
// in full, every forty-first.
func (a atWrite) sweep(t *testing.T) {
	original := newSite(t, "1.txt", "2.txt", "3.txt")
	original.pageTime = "1ms"
	if a.prepare != nil {
		a.prepare(t, original)
	}
	step := 41
	if inFull() {
		step = 1
	}
	a.killAt(t, original, renames(), 1)
	a.killAt(t, original, writes(), step)
}

// killAt kills the program at every step-th of calls.
func (a atWrite) killAt(t *testing.T, original site, calls map[uint64]string, step int) {
	t.Helper()
	landed := map[string]int{}
	total := 0
	for n := 1; ; n += step {
		s := original.copy(t)
		tr := tracer{calls: calls, killAt: n}
		killed := s.trace(t, &tr, a.args)
		if tr.killed == "" {
			break
		}
		landed[tr.killed]++
		total++
		a.check(t, s, killed)
		if t.Failed() {
			t.Fatalf("at call %d, %s", n, tr.killed)
		}
	}
	t.Logf("killed at %d writes: %v", total, landed)
	if total == 0 {
		t.Error("it was never killed")
	}
}

// copy makes a site with the same history and output, and the very same files.
func (s site) copy(t *testing.T) site {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Dir(s.home))); err != nil {
		t.Fatal(err)
	}
	s.home = filepath.Join(dir, "home")
	return s
}

// trace runs the program under a tracer.
func (s site) trace(t *testing.T, tr *tracer, args []string) ran {
	t.Helper()
	args = slices.Clone(args)
	if i := slices.Index(args, allFiles); i >= 0 {
		args[i] = s.files
	}
	c := s.command(t, args...)
	stdout, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	defer stdout.Close()
	c.Stdout = stdout
	tr.run(t, c)
	data, err := os.ReadFile(stdout.Name())
	if err != nil {
		t.Fatal(err)
	}
	return ran{stdout: string(data)}
}

// leaveRunning makes a job of which a program that died was reading the first file.
func leaveRunning(t *testing.T, s site) {
	s.submit(t)
	a := s.open(t, app.Options{})
	if _, ok, err := a.Store.ClaimTask(t.Context(), inkpool.Claim{Owner: "the dead"}); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

func readAndExported(t *testing.T, s site) {
	s.run(t, "run", s.files).want(t, 0, "")
	if err := os.WriteFile(s.out(), []byte(oldExport), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s site) out() string { return filepath.Join(filepath.Dir(s.home), "out.jsonl") }

// wantJobOrNone checks that the history has the whole job or nothing of it, with everything
// done that was reported, and that the next start finishes it.
func wantJobOrNone(t *testing.T, s site, killed ran) {
	reported := killed.pages(t)
	before, accepted := s.ledgerIfAny(t)
	if !accepted && len(reported) > 0 {
		t.Fatalf("%d pages were reported, and there is no job", len(reported))
	}
	before.wantNothingMadeUp(t, reported)
	s.run(t, "jobs", "resume").want(t, 0, "")
	after, still := s.ledgerIfAny(t)
	if still != accepted {
		t.Fatalf("the job is there: %v; it was before: %v", still, accepted)
	}
	if accepted {
		after.want(t, s.paths("1.txt", "2.txt", "3.txt"), stubText)
		after.wantNothingMadeUp(t, before.pages)
	}
}

// wantNewFile checks that the file is complete or not there.
func wantNewFile(t *testing.T, s site, killed ran) {
	wantJobOrNone(t, s, killed)
	s.wantFile(t, "")
}

// wantReplacedFile checks that the file is the old or the new one, and that the export can
// be repeated.
func wantReplacedFile(t *testing.T, s site, killed ran) {
	s.wantFile(t, oldExport)
	s.run(t, "export", "1", "--format", "jsonl", "--out", "out.jsonl", "--force").want(t, 0, "written: ")
	s.wantFile(t, "")
	s.ledger(t).want(t, s.paths("1.txt", "2.txt", "3.txt"), stubText)
}

func (s site) paths(names ...string) []string {
	var paths []string
	for _, n := range names {
		paths = append(paths, filepath.Join(s.files, n))
	}
	return paths
}

// wantFile checks that the output is either the old one (empty: there is none) or the new
// one, complete, and that nothing else has come into being but hidden files.
func (s site) wantFile(t *testing.T, old string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(s.home))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		known := slices.Contains([]string{"home", "files", "cache", filepath.Base(s.out())}, e.Name())
		if !known && !strings.HasPrefix(e.Name(), ".inkpool-") {
			t.Errorf("there is a file %s", e.Name())
		}
	}
	data, err := os.ReadFile(s.out())
	switch {
	case errors.Is(err, fs.ErrNotExist) && old == "", err == nil && old != "" && string(data) == old:
		return
	case err != nil:
		t.Fatal(err)
	}
	var texts, want []string
	for _, p := range (ran{stdout: string(data)}).pages(t) {
		texts = append(texts, p.Text)
	}
	for _, path := range s.paths("1.txt", "2.txt", "3.txt") {
		want = append(want, stubText(path))
	}
	if !slices.Equal(texts, want) {
		t.Errorf("got a file with %q, want it complete: %q", data, want)
	}
}
