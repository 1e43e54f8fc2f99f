//go:build unix

// Text measures how fast Inkpool translates and labels texts, beside transformers.js with the
// same model files on the same texts, and prints a table in Markdown for each.
//
//	go run ./bench/text -models DIR [-kinds translation,labelling] [-rounds 3] [-sentences 96] [-texts 64]
//
// DIR has the folders "real" and "classifier" that bench/models/make.py writes; `make bench-text`
// does all of it. Each measurement is a process of its own, which loads the model, runs it a
// little to get warm, and then counts pieces of output or texts, seconds, and seconds of all its
// processor cores; peaks of resident memory include loading. The programs take turns, so that a
// machine that is busy for a while slows them all. Both translate greedily, because
// transformers.js knows no beams. In full precision they must give the same labels.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "text:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 2 && args[0] == "work" { // what compare starts
		return work(ctx, args[1])
	}
	flags := flag.NewFlagSet("text", flag.ContinueOnError)
	models := flags.String("models", "build/eval/models", "`folder` with the models")
	kinds := flags.String("kinds", translation+","+labelling, "what to measure")
	rounds := flags.Int("rounds", 3, "how often each program has its turn")
	count := flags.Int("sentences", 96, "how many sentences to translate")
	texts := flags.Int("texts", 64, "how many texts to label")
	if err := flags.Parse(args); err != nil {
		return err
	}
	data, err := os.ReadFile("bench/models/english.txt")
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(*models)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	for _, kind := range strings.Split(*kinds, ",") {
		t := task{Kind: kind, Models: folder}
		switch kind {
		case translation:
			t.Model, t.Texts = "real", sentences(lines, *count)
		case labelling:
			t.Model, t.Texts = "classifier", passages(lines, *texts)
		default:
			return fmt.Errorf("there is no kind %q", kind)
		}
		if err := compare(ctx, t, *rounds); err != nil {
			return err
		}
	}
	return nil
}

// sentences makes n different ones, of one and of two clauses in turn.
func sentences(lines []string, n int) []string {
	out := make([]string, n)
	for i := range out {
		first, second := lines[i%len(lines)], lines[(i*7+3)%len(lines)]
		if out[i] = first; i%2 == 1 || i >= len(lines) {
			out[i] = fmt.Sprintf("%s, and on page %d: %s", strings.TrimRight(first, ".?!"), i, second)
		}
	}
	return out
}

// passages makes n different texts of 20 to 60 words.
func passages(lines []string, n int) []string {
	out := make([]string, n)
	for i := range out {
		words := []string{fmt.Sprintf("%d.", i+1)}
		for k := i; len(words) < 20+i*13%32; k += 7 {
			words = append(words, strings.Fields(lines[k%len(lines)])...)
		}
		out[i] = strings.Join(words, " ")
	}
	return out
}

// contender is a program, and how it is run.
type contender struct {
	name    string
	task    task
	rounds  []figures
	labels  []scores // of the last round
	command func(task string) []string
}

func contenders(base task) ([]*contender, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	inkpool := func(task string) []string { return []string{self, "work", task} }
	peer := func(task string) []string { return []string{"node", "bench/text/peer.mjs", task} }
	var all []*contender
	for _, dtype := range []string{"fp32", "q8"} {
		add := func(name string, command func(string) []string, t task) {
			t.Kind, t.Models, t.Model, t.DType, t.Texts = base.Kind, base.Models, base.Model, dtype, base.Texts
			all = append(all, &contender{name: dtype + " | " + name, task: t, command: command})
		}
		cores := runtime.NumCPU()
		add("Inkpool, 1 worker", inkpool, task{Workers: 1})
		add(fmt.Sprintf("Inkpool, %d workers", cores), inkpool, task{Workers: cores})
		add("Inkpool, 8 workers", inkpool, task{Workers: 8})
		add("transformers.js, one by one", peer, task{Batch: 1})
		add("transformers.js, by 8", peer, task{Batch: 8})
		add("transformers.js, one by one, 1 thread", peer, task{Batch: 1, Threads: 1})
		add("transformers.js, by 8, 1 thread", peer, task{Batch: 8, Threads: 1})
	}
	return all, nil
}

func compare(ctx context.Context, base task, rounds int) error {
	all, err := contenders(base)
	if err != nil {
		return err
	}
	for n := range rounds {
		for _, c := range all {
			f, err := c.measure(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			fmt.Fprintf(os.Stderr, "round %d of %d: %s: %+v\n", n+1, rounds, c.name, f)
			c.rounds = append(c.rounds, f)
		}
	}
	if base.Kind == labelling {
		table(all, "text", "texts")
		return agree(all)
	}
	table(all, "piece", "pieces")
	return nil
}

// table prints medians; what is counted is called one and many.
func table(all []*contender, one, many string) {
	fmt.Printf("| model | program | %s/s | CPU ms/%s | peak RSS MB |\n", many, one)
	fmt.Println("|---|---|--:|--:|--:|")
	for _, c := range all {
		speed := c.median(func(f figures) float64 { return float64(f.Count) / f.Wall })
		cpu := c.median(func(f figures) float64 { return 1000 * f.CPU / float64(f.Count) })
		fmt.Printf("| %s | %.*f | %.2f | %.0f |\n", c.name, decimals(speed), speed, cpu, c.median(func(f figures) float64 { return f.PeakMB }))
	}
}

// decimals are as many as a speed has that say something.
func decimals(speed float64) int {
	if speed < 100 {
		return 1
	}
	return 0
}

func (c *contender) median(of func(figures) float64) float64 {
	values := make([]float64, len(c.rounds))
	for i, f := range c.rounds {
		values[i] = of(f)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// measure runs the program once.
func (c *contender) measure(ctx context.Context) (figures, error) {
	data, err := json.Marshal(c.task)
	if err != nil {
		return figures{}, err
	}
	argv := c.command(string(data))
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return figures{}, err
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	var got result
	err = json.Unmarshal(lines[len(lines)-1], &got)
	c.labels = got.Labels
	return got.figures, err
}
