// Eval measures how well programs read: it runs them on pictures and texts whose true text is
// known and prints their errors side by side, per set, tag and language and overall, with
// the worst pages, what went wrong there, and the time that each took.
//
//	go run ./backend/cmd/eval [-data DIR] [-samples DIR] [-only WORD,...]
//		[-program FILE] [-peers NAME,...] [-pred NAME=FILE]...
//		[-html FILE] [-json | -markdown | -compare FILE]
//
// It reads the evaluation data, which is not part of the project, where there is some, and the
// project's own samples. See package score for what is measured. Run it from the top of the
// repository. It changes nothing there but build/eval, where it keeps what the peers have read,
// and writes nothing into the history.
//
// To judge a change to how pages are read:
//
//	go run ./backend/cmd/eval -json >before.json
//	go run ./backend/cmd/eval -compare before.json
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"

	"github.com/inkpool/inkpool/backend/score"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
	exitWorse  = 3 // with -compare: pages are read much worse than before
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
		if errors.Is(err, errWorse) {
			return exitWorse
		}
		return exitFailed
	}
	return exitOK
}

// evaluate lets every reader read every collection and prints what came of it.
func evaluate(ctx context.Context, o options, out, notes io.Writer) error {
	old, err := readOld(o.compare)
	if err != nil {
		return err
	}
	collections, err := openCollections(o, notes)
	if err != nil {
		return err
	}
	results, err := measureAll(ctx, o, collections, notes)
	if err != nil {
		return err
	}
	if o.html != "" {
		if err := writeHTML(ctx, o.html, results); err != nil {
			return err
		}
		fmt.Fprintf(notes, "eval: the worst pages are shown in %s\n", o.html)
	}
	switch {
	case o.compare != "":
		return printChanges(out, old, results)
	case o.json:
		return printJSON(out, results)
	case o.markdown:
		return printMarkdown(out, results)
	}
	return printTables(out, results)
}

// measureAll lets the readers that o names read the collections. One that none of them takes
// is left out.
func measureAll(ctx context.Context, o options, collections []collection, notes io.Writer) ([]result, error) {
	readers, err := openReaders(ctx, o, notes)
	if err != nil {
		return nil, err
	}
	dictionary, err := openDictionary(o.dictionary, notes)
	if err != nil {
		return nil, err
	}
	var results []result
	for _, c := range collections {
		r, err := measure(ctx, c, readers, dictionary)
		if err != nil {
			return nil, err
		}
		if len(r.Readings) > 0 {
			results = append(results, r)
		}
	}
	if len(results) == 0 {
		return nil, errors.New("no reader takes any of the pages")
	}
	return results, nil
}

// openDictionary reads what the bundled model can write; without the file nothing is known of
// that, which is said on notes.
func openDictionary(file string, notes io.Writer) (score.Dictionary, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(notes, "eval: no dictionary in %s: characters that it lacks are counted as misread\n", file)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return score.NewDictionary(string(data)), nil
}
