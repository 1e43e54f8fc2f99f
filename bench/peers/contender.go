package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/inkpool/inkpool/bench/peer"
)

// inkpoolName is what the others are compared with.
const inkpoolName = "Inkpool"

// contender is one program in one arrangement of processes and threads.
type contender struct {
	name      string
	how       string   // the arrangement, for people
	workers   int      // cores that it keeps busy
	processes int      // that share the pictures; each loads its own models
	argv      []string // a file that names the pictures, one per line, and rest follow
	rest      []string
	env       []string // added to the environment
	parse     func(out []byte, pictures []string) ([]reading, error)
	stops     bool // at the first picture that it cannot read
}

// openContenders lists the programs that are there; one that is missing is said on notes.
// Files that they need for a while go into scratch.
func openContenders(ctx context.Context, o options, scratch string, notes io.Writer) []contender {
	counts := []int{1}
	if o.workers > 1 {
		counts = append(counts, o.workers)
	}
	var all []contender
	for _, n := range counts {
		all = append(all, inkpool(o.program, n, scratch))
	}
	all = append(all,
		shipped("ppu-paddle-ocr", o.workers, "ppu.mjs"),
		shipped("ppu-paddle-ocr, per box", o.workers, "ppu.mjs", "--strategy", "per-box"),
		shipped("@gutenye/ocr-node", o.workers, "gutenye.mjs"))
	for _, n := range counts {
		all = append(all,
			manyProcesses("ppu-paddle-ocr, per box", n, "ppu.mjs", "--strategy", "per-box"),
			manyProcesses("@gutenye/ocr-node", n, "gutenye.mjs"))
	}
	known := peer.TesseractLanguages(ctx)
	for _, languages := range []string{"eng", "eng+chi_sim"} {
		if missing := without(strings.Split(languages, "+"), known); len(missing) > 0 {
			fmt.Fprintf(notes, "peers: tesseract %s is skipped: Debian's tesseract-ocr with %s is not installed\n", languages, strings.Join(missing, ", "))
			continue
		}
		for _, n := range counts {
			all = append(all, tesseract(languages, n))
		}
	}
	return all
}

// inkpool is the product as people run it, with a home of its own that it keeps for the
// whole comparison, as an installed program would.
func inkpool(program string, workers int, scratch string) contender {
	return contender{
		name: inkpoolName, how: fmt.Sprintf("%s, shared models", count(workers, "worker")), workers: workers, processes: 1,
		argv:  []string{program, "run", "--no-history", "--format", "jsonl", "--workers", strconv.Itoa(workers), "--files-from"},
		env:   []string{"INKPOOL_HOME=" + filepath.Join(scratch, "home")},
		parse: parseRows,
	}
}

// shipped is a peer as it comes: one process, in which the runtime takes as many threads as
// there are cores.
func shipped(name string, cores int, script ...string) contender {
	return contender{
		name: name, how: "as shipped: 1 process, its own threads", workers: cores, processes: 1,
		argv: node(script...), parse: parseRows,
	}
}

// manyProcesses is how all cores were kept busy before: processes of one thread each, each
// with its own models. It is also what costs these peers least CPU time, since no thread
// waits for another.
func manyProcesses(name string, processes int, script ...string) contender {
	return contender{
		name: name, how: fmt.Sprintf("%s × 1 thread", count(processes, "process")), workers: processes, processes: processes,
		argv: node(append(script, "--threads", "1")...), parse: parseRows,
	}
}

func node(script ...string) []string {
	return append([]string{"node", filepath.Join(peer.Folder, script[0])}, script[1:]...)
}

// tesseract is run as is usual for many pictures: one thread in each of as many
// processes as there are cores.
func tesseract(languages string, processes int) contender {
	return contender{
		name: "tesseract " + languages, how: fmt.Sprintf("%s × 1 thread", count(processes, "process")), workers: processes, processes: processes,
		argv: []string{"tesseract"}, rest: []string{"stdout", "-l", languages},
		env: []string{"OMP_THREAD_LIMIT=1"}, parse: parseFormFeeds, stops: true,
	}
}

// count is "1 worker", "2 workers", "2 processes".
func count(n int, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "s"):
		noun += "es"
	default:
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
