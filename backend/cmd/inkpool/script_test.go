package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/hub/hubtest"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
	"github.com/inkpool/inkpool/backend/view"
)

// TestMain puts a program called inkpool into the path that is this test binary, so that
// what scripts and tests run is the code under test, as a process of its own. An engine's
// process may be a stub, see serveStub; it never runs the tests, whatever it is called.
func TestMain(m *testing.M) {
	if app.IsEngine(os.Args[1:]) {
		os.Exit(serveEngine())
	}
	testscript.Main(m, map[string]func(){"inkpool": main})
}

// TestScripts runs testdata/script/*.txtar. Besides testscript's own commands there are
//
//	exits CODE PROGRAM ARG...   runs a program that must end with that exit code
//	jobs N                      the history in $INKPOOL_HOME must hold N jobs
//	pdf FILE TEXT...            writes a document with a page for each text; \n ends a line
//	tiff FILE PAGES             writes a TIFF of blank pages
//	lock FILE                   holds a lock on a file, as another Inkpool would
//	samepages FILE FILE         compares two files of JSON lines in everything but times
//	validjson FILE...           FILE must be JSON; stdout is one
//
// the condition [models], and $SAMPLES, the folder of the project's samples; $MARIAN and
// $SENTIMENT are folders of small models as Hugging Face has them, and $HUB is a hub that has
// them as Xenova/opus-mt-en-zh and someone/Feelings.
func TestScripts(t *testing.T) {
	samples, err := filepath.Abs("../../../samples")
	if err != nil {
		t.Fatal(err)
	}
	marian, sentiment := packtest.Marian(t), packtest.Sentiment(t)
	hub := hubtest.New(t)
	hub.PutFolder(t, "Xenova/opus-mt-en-zh", marian)
	hub.PutFolder(t, "someone/Feelings", sentiment)
	cache := t.TempDir() // the runtime library, 45 MB, is unpacked once for all scripts
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			for _, kv := range environment(cache) {
				k, v, _ := strings.Cut(kv, "=")
				e.Setenv(k, v)
			}
			e.Setenv("INKPOOL_HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("SAMPLES", samples)
			e.Setenv("HUB", hub.URL)
			e.Setenv("MARIAN", marian)
			e.Setenv("SENTIMENT", sentiment)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "models" {
				return false, errors.New("unknown condition")
			}
			return hasModels(), nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "jobs": jobs, "lock": lock,
			"samepages": samePages, "validjson": validJSON, "pdf": writePDF, "tiff": writeTIFF,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// environment is what every process under test gets. The race detector would otherwise
// wait for a second at every exit, and report a race with an exit code of ours.
func environment(cache string) []string {
	return []string{"XDG_CACHE_HOME=" + cache, "GORACE=atexit_sleep_ms=0 exitcode=99"}
}

func hasModels() bool {
	_, err := bundle.Embedded()
	return err == nil
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("got exit code %d, want %d", got, want)
	}
}

func jobs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: jobs N")
	}
	ts.Check(ts.Exec("inkpool", "jobs", "list", "--format", "json"))
	var listed []view.Job
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &listed))
	if got := strconv.Itoa(len(listed)); got != args[0] {
		ts.Fatalf("got %s jobs, want %s", got, args[0])
	}
}

func lock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lock FILE")
	}
	l := flock.New(ts.MkAbs(args[0]))
	if locked, err := l.TryLock(); !locked {
		ts.Fatalf("cannot lock %s: %v", args[0], err)
	}
	ts.Defer(func() { _ = l.Unlock() })
}

func validJSON(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		if valid := json.Valid([]byte(ts.ReadFile(name))); valid == neg {
			ts.Fatalf("%s: valid JSON is %v, want %v", name, valid, !neg)
		}
	}
}

func samePages(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: samepages FILE FILE")
	}
	if d := cmp.Diff(withoutTimes(ts.ReadFile(args[0])), withoutTimes(ts.ReadFile(args[1]))); d != "" {
		ts.Fatalf("%s and %s differ (-first +second):\n%s", args[0], args[1], d)
	}
}

// withoutTimes removes what two runs of the same pages may differ in.
func withoutTimes(jsonl string) string {
	return regexp.MustCompile(`,"ms":\{[^}]*\}`).ReplaceAllString(jsonl, "")
}
