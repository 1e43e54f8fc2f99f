//go:build linux

package child_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/engine/child"
)

// In the background every thread of the child is polite, those that come later too; and the
// out-of-memory killer takes the child before us.
func TestChildInTheBackground(t *testing.T) {
	for background, want := range map[bool]string{false: niceOf(t, "self", ""), true: "10"} {
		e := openWith(t, child.Options{Command: command(asStub), Background: background})
		if err := e.Warm(t.Context()); err != nil {
			t.Fatal(err)
		}
		pid := fmt.Sprint(e.Usage().Process)
		for i := range 20 { // starts threads
			if _, err := do(t.Context(), e, "print"); err != nil {
				t.Fatal(i, err)
			}
		}
		threads, err := os.ReadDir("/proc/" + pid + "/task")
		if err != nil || len(threads) < 2 {
			t.Fatalf("got %d threads, %v; want several", len(threads), err)
		}
		for _, thread := range threads {
			if got := niceOf(t, pid, "/task/"+thread.Name()); got != want {
				t.Errorf("background %v, thread %s: got nice %s, want %s", background, thread.Name(), got, want)
			}
		}
		if got, err := os.ReadFile("/proc/" + pid + "/oom_score_adj"); strings.TrimSpace(string(got)) != "500" {
			t.Errorf("got %q, %v; want 500", got, err)
		}
	}
}

// niceOf reads the priority of a process, or of one of its threads, from /proc.
func niceOf(t *testing.T, pid, thread string) string {
	t.Helper()
	data, err := os.ReadFile("/proc/" + pid + thread + "/stat")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), ") ") // the name may hold spaces
	return strings.Fields(rest)[16]               // field 19 of proc_pid_stat(5), the state being 3
}
