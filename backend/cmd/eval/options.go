package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/score"
)

// options are what the command line asks for.
type options struct {
	data       string   // folder with an index.jsonl
	samples    string   // folder with a score.TruthFolder
	program    string   // Inkpool's headless binary; "" runs none
	peers      []string // names of other programs to run
	cache      string   // folder for what the peers read; "" keeps nothing
	records    []record
	dictionary string   // what the bundled model can write, one entry per line
	only       []string // sets, tags, languages and files to evaluate; none for all
	html       string   // file for the report; "" for none
	compare    string   // file that json printed before; "" for none
	markdown   bool
	json       bool
}

// record is a file of predictions that some program has made before.
type record struct{ name, file string }

// parseOptions reads the command line; what is wrong with it is said on notes.
func parseOptions(args []string, notes io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("eval", flag.ContinueOnError)
	flags.SetOutput(notes)
	flags.StringVar(&o.data, "data", defaultData(), "folder with an index.jsonl and its pictures")
	flags.StringVar(&o.samples, "samples", "samples", "folder of samples with their truth")
	flags.StringVar(&o.program, "program", filepath.Join("build", "bin", "inkpool"), "program to measure; empty for none")
	flags.Func("peers", "other programs to run, as `NAME,NAME`, or all: "+strings.Join(knownPeers(), ", "), o.addPeers)
	flags.StringVar(&o.cache, "cache", filepath.Join("build", "eval"), "folder for what the peers read; empty to read anew")
	flags.StringVar(&o.dictionary, "dictionary", filepath.Join(modelsFolder, "keys.txt"), "characters that the model knows, one per line")
	flags.Func("only", "evaluate only the pages of these sets, tags, languages or files, as `WORD,WORD`", func(s string) error {
		o.only = strings.Split(s, ",")
		return nil
	})
	flags.StringVar(&o.html, "html", "", "write a report with the worst pages into this file")
	flags.StringVar(&o.compare, "compare", "", "print what has changed since -json printed this file, and fail if pages got much worse")
	flags.BoolVar(&o.markdown, "markdown", false, "print the tables of docs/benchmarks.md")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.Func("pred", "predictions made before, as `NAME=FILE` of JSON lines; may be repeated", func(s string) error {
		name, file, ok := strings.Cut(s, "=")
		if !ok || name == "" || file == "" {
			return errors.New("want NAME=FILE")
		}
		o.records = append(o.records, record{name, file})
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		err := fmt.Errorf("unexpected argument %q", flags.Arg(0))
		fmt.Fprintln(notes, "eval:", err)
		return o, err
	}
	return o, nil
}

// addPeers adds the peers of a list of names.
func (o *options) addPeers(list string) error {
	if list == "all" {
		o.peers = knownPeers()
		return nil
	}
	for name := range strings.SplitSeq(list, ",") {
		if !slices.Contains(knownPeers(), name) {
			return fmt.Errorf("no peer is called %q", name)
		}
		o.peers = append(o.peers, name)
	}
	return nil
}

// choose returns those of pages that o.only asks for.
func (o options) choose(pages []score.Page) []score.Page {
	if len(o.only) == 0 {
		return pages
	}
	return slices.DeleteFunc(pages, func(p score.Page) bool {
		names := append([]string{p.Set, p.Lang, p.File}, p.Tags...)
		return !slices.ContainsFunc(names, func(name string) bool { return slices.Contains(o.only, name) })
	})
}

// defaultData is the folder ocr of the evaluation data: where INKPOOL_DATA says, or beside
// the repository.
func defaultData() string {
	if dir := os.Getenv("INKPOOL_DATA"); dir != "" {
		return filepath.Join(dir, "ocr")
	}
	return filepath.Join("..", "shared", "data", "ocr")
}
