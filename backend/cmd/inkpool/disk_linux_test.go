package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// numbered are so many names of files, in order.
func numbered(n int) []string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("%05d.txt", i))
	}
	return names
}

// TestFailingDisk has the system fail every write to the log of the history, from the first,
// the forty-first, … of each thread on. What was reported must be true, and with a disk in order
// again everything is finished.
func TestFailingDisk(t *testing.T) {
	strace := findStrace(t)
	step := 40
	if inFull() {
		step = 1
	}
	for fault, want := range map[string]struct {
		code int
		said string
	}{
		"EIO":    {74, "inkpool: the disk could not read or write the history. Check that the disk"},
		"ENOSPC": {74, "inkpool: the disk that holds the history is full. Free some space"},
	} {
		t.Run(fault, func(t *testing.T) {
			landed := 0
			for n := 1; ; n += step {
				s := newSite(t, numbered(12)...)
				failed, hit := s.runFailing(t, strace, fault, n)
				if !hit {
					failed.want(t, 0, "")
					break
				}
				landed++
				failed.want(t, want.code, want.said)
				s.wantFinished(t, failed, stubText)
				if t.Failed() {
					t.Fatalf("from write %d on", n)
				}
			}
			t.Logf("failed in %d places", landed)
			if landed == 0 {
				t.Error("it never failed")
			}
		})
	}
}

// findStrace skips the test where strace is missing or may not trace.
func findStrace(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("takes seconds: run it without -short")
	}
	strace, err := exec.LookPath("strace")
	if err == nil {
		err = exec.CommandContext(t.Context(), strace, "-o", os.DevNull, "true").Run()
	}
	if err != nil {
		t.Skip("strace cannot be used here:", err)
	}
	return strace
}

// runFailing reads the files while every write to the log of the history fails, from the
// nth of each thread on, and says whether any has.
func (s site) runFailing(t *testing.T, strace, fault string, n int) (ran, bool) {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	c := s.command(t, "run", "--format", "jsonl", s.files)
	const calls = "pwrite64,fsync,fdatasync"
	c.Args = append([]string{strace, "-f", "-qq", "-o", trace, "-P", filepath.Join(s.home, "history.db-wal"),
		"-e", "trace=" + calls, "-e", fmt.Sprintf("inject=%s:error=%s:when=%d+", calls, fault, n)}, c.Args...)
	c.Path = strace
	r := finish(t, c)
	log, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	return r, strings.Contains(string(log), "(INJECTED)")
}

// wantFinished checks what a program that failed has reported, and that the next one, with
// nothing in its way, finishes the job.
func (s site) wantFinished(t *testing.T, failed ran, text func(string) string) {
	t.Helper()
	l, accepted := s.ledgerIfAny(t)
	l.wantNothingMadeUp(t, failed.pages(t))
	if !accepted {
		return
	}
	s.run(t, "jobs", "resume").want(t, 0, "")
	s.ledger(t).want(t, s.allPaths(t), text)
}

// allPaths are the files in their order.
func (s site) allPaths(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(s.files)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, e := range entries {
		paths = append(paths, filepath.Join(s.files, e.Name()))
	}
	return paths
}

// smallDisk makes a disk of that many bytes, or skips the test where it cannot.
func smallDisk(t *testing.T, bytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skip("a small disk cannot be made here, which takes root:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill leaves so much room on the disk of dir. The result is what to remove.
func fill(t *testing.T, dir string, room uint64) string {
	t.Helper()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "ballast")
	free := disk.Bavail * uint64(disk.Bsize)
	if err := os.WriteFile(ballast, make([]byte, free-min(free, room)), 0o600); err != nil {
		t.Fatal(err)
	}
	return ballast
}

const diskBytes = 8 << 20 // enough for the job of the tests below

// A full disk ends a command; with space back the next one finishes.
func TestFullDisk(t *testing.T) {
	for _, room := range []uint64{0, 100 << 10, 500 << 10} {
		t.Run(fmt.Sprintf("%d kB free", room>>10), func(t *testing.T) {
			s := newSite(t, numbered(200)...)
			s.pageTime = "0s"
			disk := smallDisk(t, diskBytes)
			s.home = filepath.Join(disk, "home")
			s.submit(t)
			ballast := fill(t, disk, room)
			failed := s.run(t, "jobs", "resume", "--format", "jsonl")
			failed.want(t, 74, "the disk that holds the history is full. Free some space")
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			if done := len(s.ledger(t).in(inkpool.StateDone)); done == 200 || done == 0 && room > 400<<10 {
				t.Errorf("%d of 200 were done: the disk was not full half-way", done)
			}
			s.wantFinished(t, failed, stubText)
		})
	}
}

// An output that does not fit leaves nothing behind.
func TestFullDiskOfOutput(t *testing.T) {
	s := newSite(t, numbered(200)...)
	s.pageTime = "0s"
	s.run(t, "run", s.files).want(t, 0, "")
	disk := smallDisk(t, diskBytes)
	fill(t, disk, 8<<10)
	out := filepath.Join(disk, "out.jsonl")
	s.run(t, "export", "1", "--format", "jsonl", "--out", out).want(t, 74, "is full")
	entries, err := os.ReadDir(disk)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v; want nothing but the ballast", entries, err)
	}
}

// A window waits for a full disk to be cleared and goes on by itself.
func TestFullDiskUnderTheWindow(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: run it without -short")
	}
	const files = 200
	s := newSite(t)
	for _, name := range numbered(files) {
		if err := os.WriteFile(filepath.Join(s.files, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	disk := smallDisk(t, diskBytes)
	s.home = filepath.Join(disk, "home")
	a := s.open(t, app.Options{Resident: true})
	j, err := a.Queue.Submit(t.Context(), inkpool.Request{Paths: []string{s.files}})
	if err != nil {
		t.Fatal(err)
	}
	ballast := fill(t, disk, 300<<10)
	done := func() int {
		now, err := a.Store.Job(t.Context(), j.ID)
		if err != nil {
			t.Fatal(err)
		}
		return now.Counts.Done
	}
	a.Queue.Start()
	stuckAt := stuck(t, done)
	if stuckAt == files {
		t.Fatal("the disk was not full")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	freed := time.Now()
	until(t, "it goes on", func() bool { return done() > stuckAt })
	took := time.Since(freed)
	until(t, "all is done", func() bool { return done() == files })
	t.Logf("full after %d of %d; went on %v after there was space", stuckAt, files, took.Round(time.Millisecond))
	if took > 10*time.Second {
		t.Errorf("it went on %v after there was space, want 10s", took)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	s.ledger(t).want(t, s.allPaths(t), filepath.Base)
}

// stuck waits until a count does not grow any more: for a moment or, in full, for so long
// that whoever waits for it looks but rarely.
func stuck(t *testing.T, count func() int) int {
	t.Helper()
	patience := time.Second
	if inFull() {
		patience = 10 * time.Second
	}
	last, since := count(), time.Now()
	until(t, "nothing moves", func() bool {
		if now := count(); now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > patience
	})
	return last
}

// A home that may not be written is said to be so before anything is read.
func TestReadOnlyDisk(t *testing.T) {
	s := newSite(t, "1.txt")
	disk := smallDisk(t, diskBytes)
	s.home = filepath.Join(disk, "home")
	s.run(t, "run", s.files).want(t, 0, "")
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"run", s.files}, {"jobs", "resume"}} {
		r := s.run(t, args...)
		r.want(t, 77, "inkpool: Inkpool cannot write to "+s.home)
		if r.stdout != "" {
			t.Errorf("got %q on standard output, want nothing", r.stdout)
		}
	}
}
