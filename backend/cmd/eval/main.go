// Eval measures how well programs read: it runs them on pictures and texts whose true text is
// known and prints their errors side by side, per set, per tag and overall, with the worst
// pages and the time that each took.
//
//	go run ./backend/cmd/eval [-data DIR] [-samples DIR] [-program FILE] [-peers] [-pred NAME=FILE]... [-only WORD,...] [-json]
//
// It reads the evaluation data, which is not part of the project, where there is some, and the
// project's own samples. See package score for what is measured. Run it from the top of the
// repository. It changes nothing there, and writes nothing into the history.
package main

import (
	"context"
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
	if err := evaluate(ctx, o, out, notes); err != nil {
		fmt.Fprintln(notes, "eval:", err)
		return exitFailed
	}
	return exitOK
}

// evaluate lets every reader read every collection and prints what came of it.
func evaluate(ctx context.Context, o options, out, notes io.Writer) error {
	collections, err := openCollections(o, notes)
	if err != nil {
		return err
	}
	readers, err := openReaders(o, notes)
	if err != nil {
		return err
	}
	var results []result
	for _, c := range collections {
		r, err := measure(ctx, c, readers)
		if err != nil {
			return err
		}
		if len(r.Readings) > 0 {
			results = append(results, r)
		}
	}
	if o.json {
		return printJSON(out, results)
	}
	return printTables(out, results)
}
