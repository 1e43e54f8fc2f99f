package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/inkpool/inkpool/bench/peer"
)

// program is a reader that is run once for all files. Its last argument is a file that names
// them, one per line; it prints JSON lines with path and text.
type program struct {
	label     string
	versions  string
	argv      []string
	readsText bool // takes plain texts, not only pictures
	failsWith int  // exit code that says only that some files could not be read; 0 for none
	notes     io.Writer
}

func openInkpool(ctx context.Context, path string, notes io.Writer) program {
	return program{
		label: "inkpool", versions: peer.Version(ctx, path, "version"), readsText: true, failsWith: 1, notes: notes,
		argv: []string{path, "run", "--format", "jsonl", "--no-history", "--files-from"},
	}
}

func (p program) name() string            { return p.label }
func (p program) version() string         { return p.versions }
func (p program) takes(c collection) bool { return p.readsText || !c.texts }

func (p program) read(ctx context.Context, c collection) (outcome, error) {
	return p.run(ctx, c.files())
}

// run reads files. An interrupted run fails.
func (p program) run(ctx context.Context, files []string) (outcome, error) {
	list, err := writeList(files)
	if err != nil {
		return outcome{}, err
	}
	defer os.Remove(list)
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, p.argv[0], slices.Concat(p.argv[1:], []string{list})...)
	cmd.Stdout, cmd.Stderr = &out, p.notes
	spent, err := runTimed(cmd)
	if err != nil && !p.tolerates(err) {
		return outcome{}, fmt.Errorf("run %s: %w", p.label, err)
	}
	return outcome{output: out.Bytes(), cost: spent}, nil
}

// runTimed runs a command to its end.
func runTimed(cmd *exec.Cmd) (*cost, error) {
	began := time.Now()
	err := cmd.Run()
	spent := &cost{WallSeconds: time.Since(began).Seconds()}
	if s := cmd.ProcessState; s != nil {
		spent.CPUSeconds = (s.UserTime() + s.SystemTime()).Seconds()
	}
	return spent, err
}

func (p program) tolerates(err error) bool {
	var exit *exec.ExitError
	return p.failsWith != 0 && errors.As(err, &exit) && exit.ExitCode() == p.failsWith
}

// writeList writes the file that names files, which the caller removes.
func writeList(files []string) (string, error) {
	f, err := os.CreateTemp("", "eval-*.txt")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(strings.Join(files, "\n") + "\n")
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("write list of files: %w", err)
	}
	return f.Name(), nil
}
