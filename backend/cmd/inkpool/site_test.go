//go:build unix

package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// inFull reports whether the tests that break things run at full length: hours, not seconds.
func inFull() bool { return os.Getenv("INKPOOL_SOAK") != "" }

// dice returns a source of chance, which $INKPOOL_SEED repeats.
func dice(t *testing.T) *rand.Rand {
	t.Helper()
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("INKPOOL_SEED"), strconv.FormatInt(time.Now().UnixNano(), 10)), 10, 64)
	if err != nil {
		t.Fatal("INKPOOL_SEED:", err)
	}
	t.Logf("INKPOOL_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// until waits for something that another process does.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// site is where programs are broken: a history, files to read, and a cache.
type site struct {
	home, files, cache string
	pageTime           string // of the stub; empty: the real engine reads
}

// newSite makes a site with a stub, and files of those names that hold nothing of interest.
func newSite(t *testing.T, names ...string) site {
	t.Helper()
	dir := t.TempDir()
	s := site{
		home: filepath.Join(dir, "home"), files: filepath.Join(dir, "files"), cache: filepath.Join(dir, "cache"),
		pageTime: "10ms",
	}
	if err := os.Mkdir(s.files, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if err := os.WriteFile(filepath.Join(s.files, n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// linkSamples fills the site with so many copies of those of the project's samples.
func (s site) linkSamples(t *testing.T, copies int, patterns ...string) {
	t.Helper()
	for _, pattern := range patterns {
		samples, err := filepath.Glob(filepath.Join("../../../samples", pattern))
		if err != nil || len(samples) == 0 {
			t.Fatalf("found %d samples like %s, %v", len(samples), pattern, err)
		}
		for _, sample := range samples {
			target, err := filepath.Abs(sample)
			for i := 0; i < copies && err == nil; i++ {
				err = os.Symlink(target, filepath.Join(s.files, fmt.Sprintf("%03d-%s", i, filepath.Base(sample))))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// quickSamples are pictures that take half a second each.
func quickSamples() []string {
	return []string{"poster.jpg", "slide.gif", "white-on-transparent.png"}
}

// command runs the program on the site, in the folder that the history is in.
func (s site) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), "inkpool", args...)
	c.Dir = filepath.Dir(s.home)
	c.Env = append(os.Environ(), environment(s.cache)...)
	c.Env = append(c.Env, "INKPOOL_HOME="+s.home)
	if s.pageTime != "" {
		c.Env = append(c.Env, stubVariable+"="+s.pageTime)
	}
	return c
}

// ran is a program that has ended.
type ran struct {
	code           int // 128 and more: killed by a signal
	stdout, stderr string
}

// run runs the program to its end.
func (s site) run(t *testing.T, args ...string) ran {
	t.Helper()
	return finish(t, s.command(t, args...))
}

func finish(t *testing.T, c *exec.Cmd) ran {
	t.Helper()
	var stdout, stderr strings.Builder
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return ran{code: exitCode(err), stdout: stdout.String(), stderr: stderr.String()}
}

// want checks how a program has ended and what it has said of it.
func (r ran) want(t *testing.T, code int, said string) {
	t.Helper()
	if r.code != code || !strings.Contains(r.stderr, said) {
		t.Errorf("got exit code %d and %q, want %d and %q", r.code, r.stderr, code, said)
	}
	if strings.Contains(r.stderr, "goroutine ") {
		t.Errorf("got a stack trace: %s", r.stderr)
	}
}

// pages are the complete lines of --format jsonl.
func (r ran) pages(t *testing.T) []view.Page {
	t.Helper()
	var pages []view.Page
	for line := range strings.Lines(r.stdout) {
		if !strings.HasSuffix(line, "\n") {
			break // cut off
		}
		var p view.Page
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatalf("%v: %.100s", err, line)
		}
		pages = append(pages, p)
	}
	return pages
}

// open opens the history of the site in this process, to prepare it.
func (s site) open(t *testing.T, opts app.Options) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), s.settings(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (s site) settings() config.Settings {
	// The engine would be this test otherwise.
	return config.Settings{Home: s.home, CacheDir: s.cache, Workers: 2, InProcess: true}
}

// submit makes a job of all files and leaves it to be done.
func (s site) submit(t *testing.T) {
	t.Helper()
	a := s.open(t, app.Options{})
	if _, err := a.Queue.Submit(t.Context(), inkpool.Request{Paths: []string{s.files}}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// beingMade reports whether who made the history was killed before it had a log to write
// ahead to: what is to be undone then only the next owner can undo.
func (s site) beingMade() bool {
	info, err := os.Stat(s.settings().DatabasePath() + "-journal")
	return err == nil && info.Size() > 0
}

// startReading starts to read all files. The program waits while nobody takes its pages.
func (s site) startReading(t *testing.T) (c *exec.Cmd, pages *bufio.Reader, stderr *strings.Builder) {
	t.Helper()
	c, stderr = s.command(t, "run", "--format", "jsonl", s.files), &strings.Builder{}
	c.Stderr = stderr
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewReader(out), stderr
}
