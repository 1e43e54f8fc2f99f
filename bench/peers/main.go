// Peers measures Inkpool against other OCR programs on the same pictures, in the same run and
// by the same means, and prints a table in Markdown.
//
//	go run ./bench/peers -images DIR [-rounds 3] [-limit N] [-workers N] [-program FILE] [-json]
//
// The programs take turns: in each round every one reads everything once, so that a machine
// that is busy for a while slows them all. Each is measured from outside, as a command that
// reads a list of pictures: CPU time of all its processes, time on the clock, and the peaks
// of their resident memory. Every measurement is the difference between two such commands,
// one that reads a few pictures and one that reads those and all others. So loading the
// models and getting warm costs nobody anything.
//
// The peers that come from npm are installed into this folder when they are missing, in the
// versions that package-lock.json pins. Run it from the top of the repository, after `make
// cli`. It writes nothing into the history.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: data goes to out, notes and errors to notes.
func run(ctx context.Context, args []string, out, notes io.Writer) int {
	o, err := parseOptions(args, notes)
	if err != nil {
		return exitUsage // the flag package has said why
	}
	if err := compare(ctx, o, out, notes); err != nil {
		fmt.Fprintln(notes, "peers:", err)
		return exitFailed
	}
	return exitOK
}

// compare measures all programs and prints what came of it.
func compare(ctx context.Context, o options, out, notes io.Writer) error {
	found, err := findPictures(o.images, o.limit, notes)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "peers-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if err := install(ctx, notes); err != nil {
		return err
	}
	contenders := openContenders(ctx, o, scratch, notes)
	rows, pictures, err := measure(ctx, contenders, found, o, scratch, notes)
	if err != nil {
		return err
	}
	r := report{Setting: describe(ctx, o, pictures, without(found, pictures)), Rows: rows}
	if err := r.addErrors(o.images, pictures); err != nil {
		return err
	}
	r.compareWith(inkpoolName)
	if o.json {
		return r.printJSON(out)
	}
	return r.printMarkdown(out)
}

// measure reads everything in every round. Pictures that a program cannot read are left out
// for all, and the rounds begin anew; the pictures that are left are returned, too.
func measure(ctx context.Context, contenders []contender, pictures []string, o options, scratch string, notes io.Writer) ([]row, []string, error) {
	for {
		if len(pictures) <= o.workers {
			return nil, nil, fmt.Errorf("%d pictures are too few for %d workers", len(pictures), o.workers)
		}
		rows, err := measureRounds(ctx, contenders, pictures, o, scratch, notes)
		var u unreadable
		if !errors.As(err, &u) {
			return rows, pictures, err
		}
		fmt.Fprintf(notes, "peers: left out for all: %v\n", u)
		pictures = without(pictures, u.pictures)
	}
}
