package engine_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// dataFiles lists the files of a part of the evaluation data, or skips the test.
func dataFiles(t *testing.T, name string) (list []string) {
	t.Helper()
	root := os.Getenv("INKPOOL_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, name)
	index, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Skipf("no evaluation data in %s: set INKPOOL_DATA to its folder", dir)
	}
	defer index.Close()
	lines := bufio.NewScanner(index)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var in struct{ File string }
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			t.Fatal(err)
		}
		list = append(list, filepath.Join(dir, in.File))
	}
	if lines.Err() != nil || len(list) == 0 {
		t.Fatalf("got %d entries, %v, want some", len(list), lines.Err())
	}
	return list
}

const (
	// perFile is what counting a file or reading a page may take.
	perFile = 30 * time.Second
	// somePages are read of every file: books take too long.
	somePages = 3
)

// Every real file, sound or broken, ends in text or in an error that is not our fault.
func TestEveryFileGetsAnAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	e := open(t, 2)
	for _, part := range []string{"bad_inputs", "pdf"} {
		t.Run(part, func(t *testing.T) {
			for _, path := range dataFiles(t, part) {
				readSome(t, e, path)
			}
		})
	}
}

// readSome counts the pages of a file and reads the first ones.
func readSome(t *testing.T, e *engine.Engine, path string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), perFile)
	defer cancel()
	counts, err := e.Pages(ctx, []string{path}, nil)
	if err != nil {
		t.Errorf("%s: got %v", path, err)
		return
	}
	if err := counts[0].Error; err != nil {
		wantTheirFault(t, path, err)
		return
	}
	for page := range min(somePages, max(1, counts[0].Pages)) {
		ctx, cancel := context.WithTimeout(t.Context(), perFile)
		defer cancel()
		if _, err := e.Process(ctx, inkpool.Task{Path: path, Page: page + 1}, nil); err != nil {
			wantTheirFault(t, path, err)
		}
	}
}

// wantTheirFault accepts the codes that say what is wrong with a file.
func wantTheirFault(t *testing.T, path string, err error) {
	t.Helper()
	switch inkpool.CodeOf(err) {
	case inkpool.CodeInvalid, inkpool.CodeUnsupportedFormat, inkpool.CodeTooLarge, inkpool.CodeEncrypted, inkpool.CodeOutOfMemory:
	default:
		t.Errorf("%s: got %v, want what is wrong with the file", path, err)
	}
}
