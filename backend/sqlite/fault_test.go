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

var everyCall = flag.Bool("every-call", false, "inject faults at every call, not at every seventh")

// TestFaultSweep lets the system fail at the first, the eighth, the fifteenth … call that
// changes a file: by killing the process there, by an I/O error, by a full disk. The first
// 40 calls make the history and migrate it, the later ones add and end tasks. Whatever
// happens, the history opens again, is sound, and holds all that was accepted.
//
// strace injects the faults, since Go bypasses libraries that are preloaded for that.
func TestFaultSweep(t *testing.T) {
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
	step := 7
	if *everyCall {
		step = 1
	}
	for _, f := range []struct{ name, calls, fault string }{
		{"kill", "pwrite64,write,fdatasync,fsync,ftruncate,unlink,unlinkat", "signal=KILL"},
		{"I/O error", "pwrite64,fdatasync,fsync,ftruncate", "error=EIO"},
		{"full disk", "pwrite64,fdatasync,fsync,ftruncate", "error=ENOSPC"},
	} {
		t.Run(f.name, func(t *testing.T) {
			for n := 1; n <= 70; n += step {
				path := filepath.Join(t.TempDir(), "history.db")
				inject := fmt.Sprintf("inject=%s:%s:when=%d", f.calls, f.fault, n)
				wantSurvives(t, path, exec.CommandContext(t.Context(),
					strace, "-f", "-o", os.DevNull, "-e", "trace="+f.calls, "-e", inject, os.Args[0]))
				if t.Failed() {
					t.Fatalf("at call %d", n)
				}
			}
		})
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
	accepted := map[string]string{}
	for line := range strings.Lines(out.String()) {
		if whole, ok := strings.CutSuffix(line, "\n"); ok {
			accept(accepted, whole)
		}
	}
	s := mustOpen(t, path)
	wantIntegrity(t, s)
	wantAccepted(t, s, accepted)
	closeStore(t, s)
}
