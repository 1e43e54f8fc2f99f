package sqlite_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var everyCall = flag.Bool("every-call", false, "inject faults at every call, not at every thirteenth")

// faults are what the system does at a call that changes a file.
var faults = []struct{ name, calls, fault string }{
	{"kill", "pwrite64,write,fdatasync,fsync,ftruncate,rename,renameat,unlink,unlinkat", "signal=KILL"},
	{"I/O error", "pwrite64,fdatasync,fsync,ftruncate", "error=EIO"},
	{"full disk", "pwrite64,fdatasync,fsync,ftruncate", "error=ENOSPC"},
}

// sweep runs test once for each fault at the first, the 14th, the 27th … call up to last,
// as each thread of the process counts them. command is this program under strace, which injects the fault: Go bypasses
// libraries that are preloaded for that.
func sweep(t *testing.T, last int, test func(t *testing.T, command *exec.Cmd)) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	strace, err := exec.LookPath("strace")
	if err == nil {
		err = exec.CommandContext(t.Context(), strace, "-o", os.DevNull, os.Args[0], "-test.list", "^$").Run()
	}
	if err != nil {
		t.Skip("strace cannot be used here:", err)
	}
	step := 13
	if *everyCall {
		step = 1
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			for n := 1; n <= last; n += step {
				inject := fmt.Sprintf("inject=%s:%s:when=%d", f.calls, f.fault, n)
				test(t, exec.CommandContext(t.Context(),
					strace, "-f", "-o", os.DevNull, "-e", "trace="+f.calls, "-e", inject, os.Args[0]))
				if t.Failed() {
					t.Fatalf("at call %d", n)
				}
			}
		})
	}
}

// TestFaultSweep lets a fault end a process that works on a history. The first 95 calls or
// so make the history and migrate it, the later ones add and end tasks. Whatever happens,
// the history opens again, is sound, and holds all that was accepted.
func TestFaultSweep(t *testing.T) {
	sweep(t, 140, func(t *testing.T, command *exec.Cmd) {
		wantSurvives(t, filepath.Join(t.TempDir(), "history.db"), command)
	})
}

// TestFaultSweepMigration does the same to a process that brings an old history up to date,
// which takes some 95 calls, the first half of them for the copy.
func TestFaultSweepMigration(t *testing.T) {
	old := readFile(t, oldHistory(t))
	sweep(t, 100, func(t *testing.T, command *exec.Cmd) {
		path := filepath.Join(t.TempDir(), "history.db")
		writeFile(t, path, old)
		wantSurvives(t, path, command)
		s := mustOpen(t, path)
		if got := dump(t, s, 1); len(got.Tasks) != 8 || len(got.Logs[0]) != 2 {
			t.Errorf("got %d tasks, %d lines of log, want 8 and 2", len(got.Tasks), len(got.Logs[0]))
		}
		closeStore(t, s)
		if _, err := os.Stat(path + ".before-0004"); err != nil {
			t.Errorf("the copy of the old history: %v", err)
		}
	})
}

// TestFaultSweepGoesOn lets a process go on after the fault.
func TestFaultSweepGoesOn(t *testing.T) {
	landed := 0
	sweep(t, 60, func(t *testing.T, command *exec.Cmd) {
		path := filepath.Join(t.TempDir(), "history.db")
		closeStore(t, mustOpen(t, path))
		var out, problem bytes.Buffer
		command.Stdout, command.Stderr = &out, &problem
		command.Env = append(os.Environ(), killedHistory+"="+path, goesOn+"=1")
		err := command.Run()
		if killed := strings.Contains(t.Name(), "kill"); (err != nil) != killed {
			t.Fatalf("got %v\n%s", err, problem.String())
		}
		landed += strings.Count(problem.String(), "disk")
		wantHolds(t, path, out.String())
	})
	if landed == 0 && !t.Failed() {
		t.Error("no fault was noticed: the test tests nothing")
	}
}

// wantSurvives runs cmd, which works on the history at path until a fault ends it.
func wantSurvives(t *testing.T, path string, cmd *exec.Cmd) {
	t.Helper()
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	cmd.Env = append(os.Environ(), killedHistory+"="+path)
	err := cmd.Run()
	if exit := new(exec.ExitError); !errors.As(err, &exit) || strings.Contains(problem.String(), "nobody killed") {
		t.Fatalf("the fault did not land: %v\n%s", err, problem.String())
	}
	wantHolds(t, path, out.String())
}

// wantHolds checks that the history at path is sound and holds all that a process printed.
func wantHolds(t *testing.T, path, printed string) {
	t.Helper()
	accepted := map[string]string{}
	for line := range strings.Lines(printed) {
		if whole, ok := strings.CutSuffix(line, "\n"); ok {
			accept(accepted, whole)
		}
	}
	s := mustOpen(t, path)
	wantIntegrity(t, s)
	wantAccepted(t, s, accepted)
	closeStore(t, s)
}
