package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"eval":    main,
		"fakeocr": func() { os.Exit(fakeProgram()) },
		"node":    func() { os.Exit(fakeNode()) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("INKPOOL_DATA", "data")
			e.Setenv("GORACE", "atexit_sleep_ms=0") // else every command sleeps for a second under -race
			return nil
		},
	})
}

// fakeProgram stands in for Inkpool: what it reads from FILE is the content of FILE.read. A
// file without one fails, as a damaged picture would.
func fakeProgram() int {
	want := []string{"run", "--format", "jsonl", "--no-history", "--files-from"}
	if len(os.Args) != 7 || !slices.Equal(os.Args[1:6], want) {
		fmt.Fprintln(os.Stderr, "fakeocr: unexpected arguments", os.Args[1:])
		return 2
	}
	return readAll(os.Args[6], ".read")
}

// fakeNode stands in for the peer: what it reads from FILE is the content of FILE.peer.
func fakeNode() int {
	if len(os.Args) != 3 || os.Args[1] != "bench/peers/gutenye.mjs" {
		fmt.Fprintln(os.Stderr, "node: unexpected arguments", os.Args[1:])
		return 2
	}
	readAll(os.Args[2], ".peer")
	return 0
}

// readAll prints the content of each listed file's twin with the given suffix, as JSON lines.
// It returns 1 if a twin is missing, else 0.
func readAll(list, suffix string) (code int) {
	names, err := os.ReadFile(list)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 70
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for name := range strings.Lines(string(names)) {
		name = strings.TrimSuffix(name, "\n")
		text, err := os.ReadFile(name + suffix)
		if err != nil {
			fmt.Fprintln(os.Stderr, "cannot read", name)
			code = 1
		}
		row, _ := json.Marshal(map[string]string{"path": name, "text": string(text)}) // strings always encode
		fmt.Fprintf(out, "%s\n", row)
	}
	return code
}
