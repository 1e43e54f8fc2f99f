//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/inkpool/inkpool/backend/view"
)

// How programs are stopped half-way without a clock: nobody reads what they print, so that
// they wait when the pipe is full (64 KiB on Linux) and a fixed number of pages is ahead of
// it. Pages is more than both together.
const (
	pages     = 150
	pageBytes = 8 << 10
)

// program is a process that runs the program under test.
type program struct {
	*exec.Cmd
	stdout *bufio.Reader
	stderr bytes.Buffer
	close  func() error // of our end of its standard output
}

// home is a history of its own, and a folder with pages to read.
type home struct{ dir, scans string }

func newHome(t *testing.T) home {
	t.Helper()
	h := home{dir: t.TempDir(), scans: filepath.Join(t.TempDir(), "scans")}
	if err := os.Mkdir(h.scans, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range pages {
		text := fmt.Sprintf("page %d\n", i) + strings.Repeat("x", pageBytes)
		if err := os.WriteFile(filepath.Join(h.scans, fmt.Sprintf("%d.txt", i)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h home) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command("inkpool", args...)
	c.Dir = filepath.Dir(h.scans)
	c.Env = append(os.Environ(), environment(t.TempDir())...)
	c.Env = append(c.Env, "INKPOOL_HOME="+h.dir)
	return c
}

// start starts the program and returns when it has printed a page.
func (h home) start(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{Cmd: h.command(t, args...)}
	p.Stderr = &p.stderr
	out, err := p.StdoutPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() }) // when the test ends before it
	p.stdout, p.close = bufio.NewReader(out), out.Close
	if _, err := p.stdout.ReadString('\n'); err != nil {
		t.Fatalf("no page came: %v, %s", err, p.stderr.String())
	}
	return p
}

// wantExit reads what is still coming and checks how the program ends; a signal that killed
// it counts as 128 and its number.
func (p *program) wantExit(t *testing.T, want int) {
	t.Helper()
	_, _ = io.Copy(io.Discard, p.stdout)
	if got := exitCode(p.Wait()); got != want {
		t.Errorf("got exit code %d, want %d: %s", got, want, p.stderr.String())
	}
	if strings.Contains(p.stderr.String(), "goroutine") {
		t.Errorf("got a stack trace: %s", p.stderr.String())
	}
}

func exitCode(err error) int {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 0
	}
	if status := exit.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal())
	}
	return exit.ExitCode()
}

// lines returns what a command that must succeed prints, line by line.
func (h home) lines(t *testing.T, args ...string) []string {
	t.Helper()
	c := h.command(t, args...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("inkpool %q: %v: %s", args, err, stderr.String())
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// wantComplete checks that lines are all pages, done, each once and in order.
func wantComplete(t *testing.T, lines []string) {
	t.Helper()
	if len(lines) != pages {
		t.Errorf("got %d pages, want %d", len(lines), pages)
	}
	for i, line := range lines {
		var p view.Page
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("page %d\n", i); p.Status != "done" || !strings.HasPrefix(p.Text, want) {
			t.Errorf("line %d: got %s, %.10q; want it done, %q", i, p.Status, p.Text, want)
		}
	}
}

func TestStoppedRunGoesOn(t *testing.T) {
	goesOn := regexp.MustCompile(fmt.Sprintf("^inkpool: stopped; [1-9][0-9]* of %d are left: `inkpool jobs resume 1 --format jsonl` goes on\n$", pages))
	for name, c := range map[string]struct {
		stop func(*program) error
		want int
		told bool
	}{
		"Ctrl-C":            {func(p *program) error { return p.Process.Signal(os.Interrupt) }, 130, true},
		"SIGTERM":           {func(p *program) error { return p.Process.Signal(syscall.SIGTERM) }, 143, true},
		"reader has gone":   {func(p *program) error { return p.close() }, 0, true},
		"killed by kill -9": {func(p *program) error { return p.Process.Kill() }, 137, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(t)
			p := h.start(t, "run", "--workers", "2", "--format", "jsonl", "scans")
			if err := c.stop(p); err != nil {
				t.Fatal(err)
			}
			p.wantExit(t, c.want)
			if c.told != goesOn.MatchString(p.stderr.String()) {
				t.Errorf("got %q on standard error, want it to say how to go on: %v", p.stderr.String(), c.told)
			}
			before := done(h.lines(t, "jobs", "show", "1", "--format", "jsonl"))
			if len(before) == 0 || len(before) == pages {
				t.Fatalf("%d of %d pages were done: it was not stopped half-way", len(before), pages)
			}
			after := h.lines(t, "jobs", "resume", "1", "--format", "jsonl")
			wantComplete(t, after)
			wantSubset(t, before, after)
			wantComplete(t, h.lines(t, "jobs", "show", "1", "--format", "jsonl"))
		})
	}
}

// done returns the lines of pages that are done.
func done(lines []string) []string {
	var d []string
	for _, line := range lines {
		if strings.Contains(line, `"status":"done"`) {
			d = append(d, line)
		}
	}
	return d
}

// wantSubset checks that pages which were done have stayed as they were, down to the time
// that they took: they have not been read again.
func wantSubset(t *testing.T, before, after []string) {
	t.Helper()
	all := map[string]bool{}
	for _, line := range after {
		all[line] = true
	}
	for _, line := range before {
		if !all[line] {
			t.Errorf("a page that was done has changed: %.100s…", line)
		}
	}
}

// resume without a job finishes whatever was left, oldest first.
func TestResumeOfEverything(t *testing.T) {
	h := newHome(t)
	for range 2 {
		p := h.start(t, "run", "--format", "jsonl", "scans")
		_ = p.Process.Signal(os.Interrupt)
		p.wantExit(t, 130)
	}
	h.lines(t, "run", "scans/0.txt") // nothing is left of this one
	lines := h.lines(t, "jobs", "resume", "--format", "jsonl")
	if len(lines) != 2*pages {
		t.Fatalf("got %d lines, want %d", len(lines), 2*pages)
	}
	wantComplete(t, lines[:pages])
	wantComplete(t, lines[pages:])
}

// A file of --out comes into being complete or not at all. Here the program waits because
// nobody reads what it says about inputs that are missing.
func TestStoppedRunLeavesNoHalfFile(t *testing.T) {
	h := newHome(t)
	args := []string{"run", "--format", "jsonl", "--out", "out.jsonl"}
	for i := range 1000 {
		args = append(args, fmt.Sprintf("missing-%d-%s", i, strings.Repeat("x", 100)))
	}
	c := h.command(t, append(args, "scans")...)
	stderr, err := c.StderrPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(stderr)
	if _, err := said.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(said)
	if err != nil {
		t.Fatal(err)
	}
	if got := exitCode(c.Wait()); got != 130 || !bytes.Contains(rest, []byte("goes on")) {
		t.Errorf("got exit code %d and %.300q, want 130 and how to go on", got, rest[max(0, len(rest)-300):])
	}
	entries, err := os.ReadDir(c.Dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v; want nothing but the scans", entries, err)
	}
}
