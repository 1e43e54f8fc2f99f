package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/inkpool/inkpool/backend/score"
)

// peersFolder holds the other programs, from the top of the repository.
const peersFolder = "bench/peers"

// reader is one program that is compared with others.
type reader interface {
	name() string
	// takes tells whether there is something to compare for c.
	takes(c collection) bool
	// read reads all pages of c; the cost is nil if it is not known.
	read(ctx context.Context, c collection) (*score.Predictions, *cost, error)
}

// cost is what reading a collection took, from the start of the program to its end.
type cost struct {
	WallSeconds float64 `json:"wall_s"`
	CPUSeconds  float64 `json:"cpu_s"` // of all processes together
}

// openReaders finds the programs and the recorded predictions that o names. The programs'
// own messages go to notes.
func openReaders(o options, notes io.Writer) ([]reader, error) {
	var readers []reader
	if o.program != "" {
		if _, err := exec.LookPath(o.program); err != nil {
			return nil, fmt.Errorf("%w: build it first, or give -program", err)
		}
		readers = append(readers, inkpool(o.program, notes))
	}
	if o.peers {
		if _, err := os.Stat(filepath.Join(peersFolder, "node_modules")); err != nil {
			return nil, fmt.Errorf("the peers are not installed: run npm ci --ignore-scripts in %s", peersFolder)
		}
		readers = append(readers, gutenye(notes))
	}
	for _, r := range o.records {
		p, err := readRecord(r.file)
		if err != nil {
			return nil, err
		}
		readers = append(readers, recorded{label: r.name, predictions: p})
	}
	if len(readers) == 0 {
		return nil, errors.New("no program to measure: give -program, -peers or -pred")
	}
	return readers, nil
}

func readRecord(file string) (*score.Predictions, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := score.ReadPredictions(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// recorded are predictions that were made before.
type recorded struct {
	label       string
	predictions *score.Predictions
}

func (r recorded) name() string            { return r.label }
func (r recorded) takes(c collection) bool { return r.predictions.Covers(c.pages) }

func (r recorded) read(context.Context, collection) (*score.Predictions, *cost, error) {
	return r.predictions, nil, nil
}

// program is a reader that is run. Its last argument is a file that names the files to read,
// one per line; it prints JSON lines with path and text.
type program struct {
	label     string
	argv      []string
	readsText bool // takes plain texts, not only pictures
	failsWith int  // exit code that says only that some files could not be read; 0 for none
	notes     io.Writer
}

func inkpool(path string, notes io.Writer) program {
	argv := []string{path, "run", "--format", "jsonl", "--no-history", "--files-from"}
	return program{label: "inkpool", argv: argv, readsText: true, failsWith: 1, notes: notes}
}

func gutenye(notes io.Writer) program {
	return program{label: "gutenye", argv: []string{"node", peersFolder + "/gutenye.mjs"}, notes: notes}
}

func (p program) name() string            { return p.label }
func (p program) takes(c collection) bool { return p.readsText || !c.texts }

func (p program) read(ctx context.Context, c collection) (*score.Predictions, *cost, error) {
	list, err := writeList(c.files())
	if err != nil {
		return nil, nil, err
	}
	defer os.Remove(list)

	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, p.argv[0], slices.Concat(p.argv[1:], []string{list})...)
	cmd.Stdout, cmd.Stderr = &out, p.notes
	began := time.Now()
	if err := cmd.Run(); err != nil && !p.tolerates(err) {
		return nil, nil, fmt.Errorf("run %s: %w", p.label, err)
	}
	spent := &cost{WallSeconds: time.Since(began).Seconds()}
	spent.CPUSeconds = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	predictions, err := score.ReadPredictions(&out)
	if err != nil {
		return nil, nil, fmt.Errorf("output of %s: %w", p.label, err)
	}
	return predictions, spent, nil
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
