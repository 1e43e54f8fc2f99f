package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"peers":     main,
		"inkpool":   func() { os.Exit(fakeReader(os.Args[len(os.Args)-1])) },
		"node":      func() { os.Exit(fakeReader(os.Args[len(os.Args)-1])) },
		"tesseract": func() { os.Exit(fakeTesseract()) },
		"npm":       func() { fmt.Println("npm", strings.Join(os.Args[1:], " ")) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", "atexit_sleep_ms=0") // else every command sleeps for a second under -race
			return nil
		},
	})
}

// fakeReader stands in for Inkpool and for the scripts of the peers: what it reads from a
// picture is the picture's content. One that says "damaged" fails.
func fakeReader(list string) int {
	if list == "version" || list == "--version" {
		fmt.Println("1.2.3")
		return 0
	}
	code := 0
	for _, name := range listed(list) {
		row := map[string]string{"path": name, "text": content(name)}
		if row["text"] == "damaged" {
			row["error"], code = "this picture is damaged", 1
		}
		line, _ := json.Marshal(row) // strings always encode
		fmt.Printf("%s\n", line)
	}
	return code
}

// fakeTesseract knows English only, and stops at a picture that says "odd".
func fakeTesseract() int {
	switch {
	case os.Args[1] == "--list-langs":
		fmt.Println("List of available languages (1):\neng")
		return 0
	case os.Args[1] == "--version":
		fmt.Println("tesseract 5.0.0")
		return 0
	case os.Getenv("OMP_THREAD_LIMIT") != "1":
		fmt.Fprintln(os.Stderr, "tesseract: too many threads")
		return 2
	}
	for i, name := range listed(os.Args[1]) {
		text := content(name)
		if text == "odd" {
			fmt.Fprintln(os.Stderr, "Image file cannot be read!")
			return 1
		}
		if i > 0 {
			fmt.Print("\f")
		}
		fmt.Println(text)
	}
	return 0
}

func listed(list string) []string {
	return strings.Fields(content(list))
}

func content(name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(70)
	}
	return strings.TrimSpace(string(data))
}
