//go:build unix

// Text measures how fast Inkpool translates, beside transformers.js with the same model files on
// the same sentences, and prints a table in Markdown.
//
//	go run ./bench/text -models DIR [-rounds 3] [-sentences 96]
//
// DIR has the folder "real" that bench/models/make.py writes; `make bench-text` does all of it.
// Each measurement is a process of its own, which loads the model, translates a little to get
// warm, and then counts pieces of output, seconds, and seconds of all its processor cores; peaks
// of resident memory include loading. The programs take turns, so that a machine that is busy
// for a while slows them all. Both search greedily, because transformers.js knows no beams.
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
	models := flags.String("models", "build/eval/models", "`folder` with the model \"real\"")
	rounds := flags.Int("rounds", 3, "how often each program has its turn")
	count := flags.Int("sentences", 96, "how many sentences")
	if err := flags.Parse(args); err != nil {
		return err
	}
	lines, err := os.ReadFile("bench/models/english.txt")
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(*models)
	if err != nil {
		return err
	}
	return compare(ctx, folder, sentences(strings.Split(strings.TrimSpace(string(lines)), "\n"), *count), *rounds)
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

// contender is a program, and how it is run.
type contender struct {
	name    string
	task    task
	rounds  []figures
	command func(task string) []string
}

func contenders(models string, sentences []string) ([]*contender, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	inkpool := func(task string) []string { return []string{self, "work", task} }
	peer := func(task string) []string { return []string{"node", "bench/text/peer.mjs", task} }
	var all []*contender
	for _, dtype := range []string{"fp32", "q8"} {
		base := task{Models: models, Model: "real", DType: dtype, Sentences: sentences}
		add := func(name string, command func(string) []string, workers, batch int) {
			t := base
			t.Workers, t.Batch = workers, batch
			all = append(all, &contender{name: dtype + " | " + name, task: t, command: command})
		}
		cores := runtime.NumCPU()
		add("Inkpool, 1 worker", inkpool, 1, 0)
		add(fmt.Sprintf("Inkpool, %d workers", cores), inkpool, cores, 0)
		add("Inkpool, 8 workers", inkpool, 8, 0)
		add("transformers.js, one by one", peer, 0, 1)
		add("transformers.js, by 8", peer, 0, 8)
	}
	return all, nil
}

func compare(ctx context.Context, models string, sentences []string, rounds int) error {
	all, err := contenders(models, sentences)
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
	fmt.Println("| model | program | pieces/s | CPU ms/piece | peak RSS MB |")
	fmt.Println("|---|---|--:|--:|--:|")
	for _, c := range all {
		speed := c.median(func(f figures) float64 { return float64(f.Tokens) / f.Wall })
		cpu := c.median(func(f figures) float64 { return 1000 * f.CPU / float64(f.Tokens) })
		fmt.Printf("| %s | %.0f | %.2f | %.0f |\n", c.name, speed, cpu, c.median(func(f figures) float64 { return f.PeakMB }))
	}
	return nil
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
	var f figures
	return f, json.Unmarshal(lines[len(lines)-1], &f)
}
