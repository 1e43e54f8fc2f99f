//go:build unix

package child_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/engine/child"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// The first argument of the test binary, when it is run as something else than the tests.
const (
	asStub   = "engine"    // what an Engine starts by default: here a child whose worker is a stub
	asEngine = "as-engine" // a child with a real engine
	asNoise  = "as-noise"  // a program that prints what is no frame
	asDead   = "as-dead"   // a program that ends at once
	asParent = "as-parent" // a program that has a stub child do the task of its second argument
)

func TestMain(m *testing.M) {
	role := ""
	if len(os.Args) > 1 {
		role = os.Args[1]
	}
	switch role {
	case asStub:
		os.Exit(child.Main(openStub))
	case asEngine:
		os.Exit(child.Main(openEngine))
	case asNoise:
		fmt.Println("Usage: not an engine")
		select {}
	case asDead:
		fmt.Fprintln(os.Stderr, "illegal instruction")
		os.Exit(3)
	case asParent:
		runParent(os.Args[2])
	default:
		os.Exit(run(m))
	}
}

// cacheDir is where the runtime library is unpacked: one place for the whole test run,
// because a process can load only one. TestMain makes and removes it.
var cacheDir string

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "inkpool-child-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	cacheDir = dir
	// With the race detector, every process would wait a second at its end.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	return m.Run()
}

func openEngine(s engine.Settings) (child.Worker, error) {
	files, err := bundle.Embedded()
	return engine.New(engine.Options{Bundle: files, NoBundle: err, Settings: s}), nil
}

// runParent never returns.
func runParent(path string) {
	e := child.New(child.Options{Command: command(asStub)})
	_, err := e.Process(context.Background(), inkpool.Task{Path: path}, nil)
	panic(fmt.Sprint("the task has ended: ", err))
}

func command(role string) []string { return []string{os.Args[0], role} }

// open returns an Engine with a stub child; grace is for what does not stop.
func open(t testing.TB, grace time.Duration) *child.Engine {
	t.Helper()
	return openWith(t, child.Options{Command: command(asStub), Grace: grace})
}

func openWith(t testing.TB, opts child.Options) *child.Engine {
	t.Helper()
	e := child.New(opts)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// do runs a stub's task: the word says what it does, see stub.Process.
func do(ctx context.Context, e *child.Engine, word string) (string, error) {
	r, err := e.Process(ctx, inkpool.Task{ID: 7, Path: word}, nil)
	return r.Text, err
}

// busy waits until so many tasks have begun in the child.
func busy(t testing.TB, e *child.Engine, n int64) {
	t.Helper()
	until(t, fmt.Sprintf("%d tasks have begun", n), func() bool { return e.Usage().ReservedBytes == n })
}

// until waits for something that another process does.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func wantCode(t testing.TB, err error, want inkpool.Code) {
	t.Helper()
	if got := inkpool.CodeOf(err); got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}
