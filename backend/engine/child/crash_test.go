//go:build unix

package child_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/engine/child"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestCrashEndsWhatIsInFlightAndNothingElse(t *testing.T) {
	for word, said := range map[string]string{
		"kill":               "signal: killed",
		"segv":               "SIGSEGV",
		"abort":              "SIGABRT",
		"exit":               "last words",
		"bus:" + t.TempDir(): "SIGBUS",
	} {
		t.Run(word[:4], func(t *testing.T) {
			e := open(t, 0)
			beside := open(t, 0)
			if _, err := do(t.Context(), beside, "ok"); err != nil {
				t.Fatal(err)
			}
			neighbour := make(chan error)
			go func() { _, err := do(t.Context(), e, "wait"); neighbour <- err }()
			busy(t, e, 1)
			_, err := do(t.Context(), e, word)
			wantCode(t, err, inkpool.CodeEngineCrashed)
			if !strings.Contains(err.Error(), said) {
				t.Errorf("got %q, want %q in it", err, said)
			}
			if shown := inkpool.AsError(err).Message; strings.Contains(shown, said) {
				t.Errorf("got message %q, want nothing technical", shown)
			}
			wantCode(t, <-neighbour, inkpool.CodeEngineCrashed)
			if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil {
				t.Errorf("got %q, %v; want the next child to answer", got, err)
			}
			if got, other := e.Usage().Restarts, beside.Usage().Restarts; got != 1 || other != 0 {
				t.Errorf("got %d restarts, and %d of the engine beside; want 1 and 0", got, other)
			}
		})
	}
}

// 200 crashes with requests in flight: nothing is left of them, and every time there is
// another child within a second.
func TestCrashesLeaveNothing(t *testing.T) {
	crashes := 200
	if testing.Short() {
		crashes = 20
	}
	e := open(t, 0)
	if _, err := do(t.Context(), e, "ok"); err != nil {
		t.Fatal(err)
	}
	files, goroutines := openFiles(t), runtime.NumGoroutine()
	var took []time.Duration
	for i := range crashes {
		_, err := do(t.Context(), e, []string{"kill", "exit"}[i%2])
		wantCode(t, err, inkpool.CodeEngineCrashed)
		began := time.Now()
		if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil {
			t.Fatalf("got %q, %v; want ok", got, err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	t.Logf("to the first answer of another child: median %v, worst %v", took[crashes/2], took[crashes-1])
	if worst := took[crashes-1]; worst > 5*time.Second {
		t.Errorf("got another child after %v, want it within a second", worst)
	}
	if got := e.Usage().Restarts; got != crashes {
		t.Errorf("got %d restarts, want %d", got, crashes)
	}
	until(t, "goroutines have ended", func() bool { return runtime.NumGoroutine() <= goroutines })
	if got := openFiles(t); got > files {
		t.Errorf("got %d open files, want the %d that there were", got, files)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	e := open(t, 0)
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); !errors.Is(err, syscall.ECHILD) {
		t.Errorf("got process %d, %v; want no child left, not even a dead one", pid, err)
	}
	until(t, "goroutines have ended", func() bool { return runtime.NumGoroutine() <= goroutines })
	if got := openFiles(t); got > files {
		t.Errorf("got %d open files, want the %d that there were", got, files)
	}
}

// A child that cannot even start must not be started again and again.
func TestBrokenChildRests(t *testing.T) {
	var log strings.Builder
	e := openWith(t, child.Options{
		Command: command(asDead), Rest: time.Hour, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	for range 3 {
		_, err := do(t.Context(), e, "ok")
		wantCode(t, err, inkpool.CodeEngineCrashed)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := do(ctx, e, "ok"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want to wait for the next start until the end", err)
	}
	waiting := make(chan error)
	go func() { _, err := do(t.Context(), e, "ok"); waiting <- err }()
	u := e.Usage()
	if u.Restarts != 3 || len(u.Notices) != 1 || u.Notices[0].Code != inkpool.CodeEngineCrashed || u.Notices[0].Hint == "" {
		t.Errorf("got %d restarts and notices %v; want 3, and one of what to do", u.Restarts, u.Notices)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	wantCode(t, <-waiting, inkpool.CodeUnavailable)
	if got := strings.Count(log.String(), "illegal instruction"); got != 3 {
		t.Errorf("got the last words %d times in the log, want 3:\n%s", got, log.String())
	}
}

// A child that refuses to work says why; every start of another would come to the same.
func TestRefusingChildRests(t *testing.T) {
	var log strings.Builder
	e := openWith(t, child.Options{
		Command: command(asStub), Settings: engine.Settings{CacheDir: "nowhere"},
		Rest: time.Hour, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	for range 3 {
		_, err := do(t.Context(), e, "ok")
		wantCode(t, err, inkpool.CodeUnavailable)
		if shown := inkpool.AsError(err); shown.Message != "the models are damaged" || shown.Hint != "Fetch them again." {
			t.Errorf("got %q, hint %q; want the child's own words", shown.Message, shown.Hint)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := do(ctx, e, "ok"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want to wait for the next start until the end", err)
	}
	u := e.Usage()
	if u.Restarts != 3 || len(u.Notices) != 1 || u.Notices[0].Code != inkpool.CodeModelCorrupt || u.Notices[0].Hint != "Fetch them again." {
		t.Errorf("got %d restarts and notices %v; want 3, and the child's words", u.Restarts, u.Notices)
	}
	if got := strings.Count(log.String(), "engine started"); got != 3 {
		t.Errorf("got %d starts, want 3:\n%s", got, log.String())
	}
}

// From the fourth death in vain on it is the engine's doing, not that of the tasks.
func TestBrokenChildIsTriedAgain(t *testing.T) {
	e := openWith(t, child.Options{Command: command(asStub), Rest: time.Millisecond})
	for i := range 6 {
		want := inkpool.CodeEngineCrashed
		if i >= 3 {
			want = inkpool.CodeUnavailable
		}
		_, err := do(t.Context(), e, "kill")
		wantCode(t, err, want)
	}
	if got := len(e.Usage().Notices); got != 1 {
		t.Errorf("got %d notices, want 1", got)
	}
	if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil {
		t.Errorf("got %q, %v; want ok", got, err)
	}
	if got := e.Usage().Notices; len(got) != 0 {
		t.Errorf("got notices %v after an answer, want none", got)
	}
	_, err := do(t.Context(), e, "kill")
	wantCode(t, err, inkpool.CodeEngineCrashed)
}

// One bad file at the end of a job kills one child in company and another alone, and is
// blamed for both.
func TestPoisonIsBlamedTwice(t *testing.T) {
	for _, before := range []int{0, 1} { // answers
		e := open(t, 0)
		for range before {
			if _, err := do(t.Context(), e, "ok"); err != nil {
				t.Fatal(err)
			}
		}
		neighbour := make(chan error)
		go func() { _, err := do(t.Context(), e, "wait"); neighbour <- err }()
		busy(t, e, 1)
		for range inkpool.MaxCrashes {
			_, err := do(t.Context(), e, "kill")
			wantCode(t, err, inkpool.CodeEngineCrashed)
		}
		wantCode(t, <-neighbour, inkpool.CodeEngineCrashed)
	}
}

// A child that died while it drew a picture has died of that, as far as we know.
func TestPictureThatKillsIsBlamedAlone(t *testing.T) {
	e := open(t, 0)
	neighbour := make(chan error)
	go func() { _, err := do(t.Context(), e, "wait"); neighbour <- err }()
	busy(t, e, 1)
	_, err := e.Picture(t.Context(), inkpool.Task{Path: "kill"}, 0, 100)
	wantCode(t, err, inkpool.CodeEngineCrashed)
	wantCode(t, <-neighbour, inkpool.CodeUnavailable)
	if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil || e.Usage().Restarts != 1 {
		t.Errorf("got %q, %v, %d restarts; want another child", got, err, e.Usage().Restarts)
	}
}

// So has one that died while it counted pages: of files that nobody has begun to read.
func TestCountingThatKillsIsBlamedAlone(t *testing.T) {
	e := open(t, 0)
	neighbour := make(chan error)
	go func() { _, err := do(t.Context(), e, "wait"); neighbour <- err }()
	busy(t, e, 1)
	_, err := e.Pages(t.Context(), []string{"ok", "kill"}, nil)
	wantCode(t, err, inkpool.CodeEngineCrashed)
	wantCode(t, <-neighbour, inkpool.CodeUnavailable)
	counts, err := e.Pages(t.Context(), []string{"ok", "fail", "three"}, nil)
	if err != nil || len(counts) != 3 || counts[0].Pages != 2 || counts[2].Pages != 5 {
		t.Fatalf("got %+v, %v; want the answers of another child", counts, err)
	}
	if got := counts[1].Error; got == nil || got.Code != inkpool.CodeEncrypted || got.Hint != "Give it." {
		t.Errorf("got %+v, want what is wrong with one of the files", got)
	}
}

// Only of a child that was killed by somebody else do we say that memory may be short.
func TestHintOfShortMemory(t *testing.T) {
	for name, c := range map[string]struct {
		role, word string
		want       bool
	}{
		"killed by another":        {asStub, "kill", true},
		"died of a fault":          {asStub, "segv", false},
		"killed by us, for noise":  {asNoise, "ok", false},
		"ended before it answered": {asDead, "ok", false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := do(t.Context(), openWith(t, child.Options{Command: command(c.role)}), c.word)
			wantCode(t, err, inkpool.CodeEngineCrashed)
			if hint := inkpool.AsError(err).Hint; strings.Contains(hint, "memory") != c.want {
				t.Errorf("got hint %q, want memory in it: %v", hint, c.want)
			}
		})
	}
}

func TestWhatIsNoEngine(t *testing.T) {
	for name, c := range map[string]struct {
		opts child.Options
		want inkpool.Code
	}{
		"prints something":   {child.Options{Command: command(asNoise)}, inkpool.CodeEngineCrashed},
		"ends at once":       {child.Options{Command: command(asDead)}, inkpool.CodeEngineCrashed},
		"not there":          {child.Options{Command: []string{filepath.Join(t.TempDir(), "gone")}}, inkpool.CodeUnavailable},
		"cannot open models": {child.Options{Command: command(asStub), Settings: engine.Settings{CacheDir: "nowhere"}}, inkpool.CodeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := do(t.Context(), openWith(t, c.opts), "ok")
			wantCode(t, err, c.want)
			if shown := inkpool.AsError(err); shown.Message == "" || strings.Contains(shown.Message, "gone") {
				t.Errorf("got message %q, want one for people", shown.Message)
			}
		})
	}
}

// The parent is killed while its child is deep in native code.
func TestChildEndsWithItsParent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	parent := exec.CommandContext(t.Context(), os.Args[0], asParent, "lock:"+path)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the child is busy", func() bool { data, _ := os.ReadFile(path); return string(data) == "locked" })
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	locked := func() bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil }
	if locked() {
		t.Fatal("got the lock while the child lives")
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // killed
	until(t, "the child has ended", locked)
}

// Every way to end at once: nobody waits for ever, nobody gets the wrong answer.
func TestEverythingAtOnce(t *testing.T) {
	e := open(t, 20*time.Millisecond)
	words := []string{"ok", "wait", "kill", "fail", "ok", "hang", "ok", "print"}
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*time.Millisecond)
			defer cancel()
			word := words[i%len(words)]
			got, err := do(ctx, e, word)
			if err == nil && got != word {
				t.Errorf("got %q, want %q", got, word)
			}
			if code := inkpool.CodeOf(err); code == inkpool.CodeInternal {
				t.Errorf("%s: got %v", word, err)
			}
			_ = e.Usage()
		})
	}
	wg.Wait()
	if got, err := do(t.Context(), e, "ok"); got != "ok" || err != nil {
		t.Errorf("got %q, %v; want ok", got, err)
	}
}

func openFiles(t testing.TB) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("this system does not tell how many files are open")
	}
	return len(files)
}

// stateOf is the letter of a process's state in /proc.
func stateOf(t testing.TB, pid int) byte {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Skip("this system does not tell states of processes")
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	return (rest + "?")[0]
}
