package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
)

// options are what the command line asks for.
type options struct {
	images  string // folder of pictures
	rounds  int
	limit   int // pictures to read at most; 0 for all
	workers int // cores that a program is to keep busy, beside the measurements with one
	program string
	json    bool
}

// parseOptions reads the command line; what is wrong with it is said on notes.
func parseOptions(args []string, notes io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	flags.SetOutput(notes)
	flags.StringVar(&o.images, "images", "", "folder of pictures")
	flags.IntVar(&o.rounds, "rounds", 3, "rounds; medians are printed")
	flags.IntVar(&o.limit, "limit", 0, "read only so many pictures; 0 reads all")
	flags.IntVar(&o.workers, "workers", runtime.NumCPU(), "cores to keep busy, beside the measurements with one")
	flags.StringVar(&o.program, "program", filepath.Join("build", "bin", "inkpool"), "Inkpool's headless binary")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if err := o.check(flags.Args()); err != nil {
		fmt.Fprintln(notes, "peers:", err)
		return o, err
	}
	return o, nil
}

func (o options) check(stray []string) error {
	switch {
	case len(stray) > 0:
		return fmt.Errorf("unexpected argument %q", stray[0])
	case o.images == "":
		return errors.New("give a folder of pictures with -images")
	case o.rounds < 1 || o.workers < 1 || o.limit < 0:
		return errors.New("-rounds and -workers count from 1, -limit from 0")
	}
	return nil
}
