package main

import (
	"bufio"
	"cmp"
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

		"tesseract": func() { os.Exit(fakeTesseract()) },
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
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println("inkpool 1.2.3 linux/amd64")
		return 0
	}
	want := []string{"run", "--format", "jsonl", "--no-history", "--files-from"}
	if len(os.Args) != 7 || !slices.Equal(os.Args[1:6], want) {
		fmt.Fprintln(os.Stderr, "fakeocr: unexpected arguments", os.Args[1:])
		return 2
	}
	return readAll(os.Args[6], ".read")
}

// fakeNode stands in for the peers from npm: what they read from FILE is the content of
// FILE.gutenye and FILE.ppu.
func fakeNode() int {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "node: unexpected arguments", os.Args[1:])
		return 2
	}
	switch os.Args[1] {
	case "bench/peers/gutenye.mjs":
		readAll(os.Args[2], ".gutenye")
	case "bench/peers/ppu.mjs":
		readAll(os.Args[2], ".ppu")
	default:
		fmt.Fprintln(os.Stderr, "node: cannot find", os.Args[1])
		return 1
	}
	return 0
}

// fakeTesseract stands in for the peer of that name: what it reads from FILE in a LANGUAGE is
// the content of FILE.LANGUAGE.
func fakeTesseract() int {
	switch args := os.Args[1:]; {
	case slices.Equal(args, []string{"--version"}):
		fmt.Println("tesseract 5.3.0\n leptonica-1.82.0")
	case slices.Equal(args, []string{"--list-langs"}):
		fmt.Println("List of available languages:\n" + strings.ReplaceAll(cmp.Or(os.Getenv("FAKE_LANGUAGES"), "chi_sim eng osd"), " ", "\n"))
	case len(args) == 4 && args[1] == "stdout" && args[2] == "-l":
		text, err := os.ReadFile(args[0] + "." + args[3])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Printf("%s\f", text)
	default:
		fmt.Fprintln(os.Stderr, "tesseract: unexpected arguments", args)
		return 2
	}
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
