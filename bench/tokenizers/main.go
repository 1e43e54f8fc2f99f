// Tokenizers compares package tokenize with the programs that it has to agree with, text by
// text: the Rust tokenizers of Hugging Face, through npm, and C++ SentencePiece, through
// Debian's python3-sentencepiece.
//
//	go run ./bench/tokenizers [-data DIR] [-update DIR] [-v N]
//
// The tokenizers are those of the evaluation data, where it is, and small ones that are
// trained for the purpose in every combination that models have; so are those that the
// tests keep golden ids of, which -update writes. Run it from the top of the repository. It
// leaves with 1 when anything differs, and with 0, saying so, where the programs are not
// there.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "tokenizers:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	data   string // evaluation data
	update string // where golden files go; "": nowhere
	show   int    // how many differences of each tokenizer are printed
}

func parseOptions(args []string, notes io.Writer) (options, error) {
	var o options
	data := os.Getenv("INKPOOL_DATA")
	if data == "" {
		data = filepath.Join("..", "shared", "data")
	}
	flags := flag.NewFlagSet("tokenizers", flag.ContinueOnError)
	flags.SetOutput(notes)
	flags.StringVar(&o.data, "data", data, "folder of the evaluation data")
	flags.StringVar(&o.update, "update", "", "write golden files to this `folder`")
	flags.IntVar(&o.show, "v", 3, "print `N` differences of each tokenizer")
	return o, flags.Parse(args)
}

func run(args []string, out, notes io.Writer) error {
	o, err := parseOptions(args, notes)
	if err != nil {
		return err
	}
	if missing := missingPrograms(); missing != "" {
		fmt.Fprintln(notes, "skipped:", missing)
		return nil
	}
	scratch, err := os.MkdirTemp("", "tokenizers-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if o.update != "" {
		return updateGolden(scratch, o.update)
	}
	texts := readTexts(o.data, notes)
	contenders, err := allContenders(o.data, scratch, texts.training())
	if err != nil {
		return err
	}
	return compareAll(contenders, texts, o.show, out, notes)
}

// compareAll prints a table, and fails when anything natural differs.
func compareAll(contenders []contender, t texts, show int, out, notes io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "tokenizer\ttexts\tids\tplaces\tsegments\tdecoded\tMB/s\treference")
	differs := false
	for _, c := range contenders {
		for _, kind := range []struct {
			name  string
			texts []string
		}{{"natural", t.natural}, {"tricky", t.tricky}} {
			r, err := c.compare(kind.texts, show, notes)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			fmt.Fprintf(table, "%s\t%d %s\t%d\t%d\t%d\t%d\t%.1f\t%.1f\n", c.name, r.texts, kind.name, r.ids, r.places, r.segments, r.decoded, r.speed, r.referenceSpeed)
			differs = differs || kind.name == "natural" && r.ids+r.places+r.segments+r.decoded > 0
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if differs {
		return errors.New("natural texts differ")
	}
	return nil
}
