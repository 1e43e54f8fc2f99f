//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Files over which the engine dies or hangs are set aside, and the others are read.
func TestPoisonedFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: run it without -short")
	}
	for _, c := range []struct {
		bad     string
		args    []string
		state   inkpool.State
		log     []string // of the bad file: attempt, what happened, and how long it took
		reason  string
		seconds int // that all files may take at most
	}{
		{
			bad: "00025-poison.png", state: inkpool.StateQuarantined,
			log:     []string{"attempt 1 requeued engine_crashed", `attempt 2 quarantined [0-9.]+ ms engine_crashed`},
			seconds: 10, reason: "the engine stopped unexpectedly",
		},
		{
			// The limit, the grace of 3 s that a task has to stop, and the time to start again.
			bad: "00025-hang.png", args: []string{"--timeout", "2s"}, state: inkpool.StateFailed,
			log:     []string{`attempt 1 failed 5[0-9]{3}\.[0-9] ms timeout`},
			seconds: 10, reason: "this page took too long and was stopped",
		},
	} {
		t.Run(c.bad, func(t *testing.T) {
			good := numbered(50)
			s := newSite(t, append([]string{c.bad}, good...)...)
			began := time.Now()
			r := s.run(t, append(append([]string{"run", "--workers", "2"}, c.args...), s.files)...)
			took := time.Since(began)
			r.want(t, 1, c.bad+"\": "+c.reason)
			if took > time.Duration(c.seconds)*time.Second {
				t.Errorf("it took %v, want at most %d s", took, c.seconds)
			}
			l := s.ledger(t)
			if d := l.in(inkpool.StateDone); !slices.Equal(d, good) {
				t.Errorf("done are %q, want all but %s", d, c.bad)
			}
			if bad := l.in(c.state); !slices.Equal(bad, []string{c.bad}) {
				t.Errorf("%s are %q, want %s", c.state, bad, c.bad)
			}
			s.wantLog(t, c.bad, c.log)
		})
	}
}

// wantLog checks what `jobs log` tells of a file.
func (s site) wantLog(t *testing.T, name string, want []string) {
	t.Helper()
	number := 1 + slices.IndexFunc(s.ledger(t).tasks, func(task inkpool.Task) bool { return filepath.Base(task.Path) == name })
	got := s.run(t, "jobs", "log", "1", fmt.Sprint(number))
	got.want(t, 0, "")
	log := strings.Join(strings.Fields(got.stdout), " ")
	for _, line := range want {
		if !regexp.MustCompile(line).MatchString(log) {
			t.Errorf("got the log\n%s\nwant in it %s", got.stdout, line)
		}
	}
}
