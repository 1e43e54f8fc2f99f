package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/inkpool/inkpool/backend/score"
)

// reader is one program that is compared with others.
type reader interface {
	name() string
	version() string // "" if it is not known
	// takes tells whether there is something to compare for c.
	takes(c collection) bool
	// read reads all pages of c.
	read(ctx context.Context, c collection) (outcome, error)
}

// outcome is what a reader made of a collection.
type outcome struct {
	output []byte // JSON lines with path and text, and what else the reader says of a page
	cost   *cost  // nil if it is not known
}

// cost is what reading a collection took, from the start of the program to its end.
type cost struct {
	WallSeconds float64 `json:"wall_s"`
	CPUSeconds  float64 `json:"cpu_s"` // of all processes together
}

// openReaders finds the programs and the recorded predictions that o names, in the order of
// the columns: what is measured comes first, what it is compared with after it. The programs'
// own messages go to notes.
func openReaders(ctx context.Context, o options, notes io.Writer) ([]reader, error) {
	var readers []reader
	if o.program != "" {
		if _, err := exec.LookPath(o.program); err != nil {
			return nil, fmt.Errorf("%w: build it first, or give -program", err)
		}
		readers = append(readers, openInkpool(ctx, o.program, notes))
	}
	for _, r := range o.records {
		one, err := readRecord(r)
		if err != nil {
			return nil, err
		}
		readers = append(readers, one)
	}
	for _, name := range o.peers {
		p, err := openPeer(ctx, name, notes)
		if err != nil {
			return nil, err
		}
		if p == nil {
			continue
		}
		readers = append(readers, kept{rival: p, dir: o.cache, notes: notes})
	}
	if len(readers) == 0 {
		return nil, errors.New("no program to measure: give -program, -peers or -pred")
	}
	return readers, nil
}

// recorded are predictions that were made before.
type recorded struct {
	label       string
	output      []byte
	predictions *score.Predictions
}

func readRecord(r record) (recorded, error) {
	data, err := os.ReadFile(r.file)
	if err != nil {
		return recorded{}, err
	}
	p, err := score.ReadPredictions(bytes.NewReader(data))
	if err != nil {
		return recorded{}, fmt.Errorf("%s: %w", r.file, err)
	}
	return recorded{label: r.name, output: data, predictions: p}, nil
}

func (r recorded) name() string            { return r.label }
func (r recorded) version() string         { return "" }
func (r recorded) takes(c collection) bool { return r.predictions.Covers(c.pages) }

func (r recorded) read(context.Context, collection) (outcome, error) {
	return outcome{output: r.output}, nil
}
