package engine_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// In the environment, these make the test binary read pictures with so many workers, the
// runtime library unpacked in that folder, and print what it took: a peak of memory means
// something in a fresh process only.
const (
	benchWorkers = "INKPOOL_BENCH_WORKERS"
	benchCache   = "INKPOOL_BENCH_CACHE"
)

// In the environment, these choose what the benchmarks read: the pictures in folders below
// this one (default: the samples), so many times (default: once).
const (
	benchImages = "INKPOOL_BENCH_IMAGES"
	benchRepeat = "INKPOOL_BENCH_REPEAT"
)

// benchRow is what a child took.
type benchRow struct {
	Rate   float64 // pages a second
	PeakMB float64
	EndMB  float64 // some seconds after the last page
	Hash   string  // of all texts

	AlongMB []float64 // after every 200 pages
}

// BenchmarkPages reads pictures with 1, 2 and 8 workers, each time in a process of its own,
// one after the other within each iteration, so that whatever else the machine does hits all
// of them alike. It reports medians: pages a second and peak memory for each number, how
// much faster two workers are than one, and how much more memory eight take. Loading the
// models is not counted.
//
//	go test ./backend/engine -run none -bench Pages -benchtime 5x
func BenchmarkPages(b *testing.B) {
	if err := open(b, 1).Warm(b.Context()); err != nil { // unpacks the library
		b.Fatal(err)
	}
	counts := []int{1, 2, 8}
	rows := map[int][]benchRow{}
	var faster, larger []float64
	for b.Loop() {
		for _, n := range counts {
			rows[n] = append(rows[n], benchChild(b, n))
		}
		last := len(rows[1]) - 1
		faster = append(faster, rows[2][last].Rate/rows[1][last].Rate)
		larger = append(larger, rows[8][last].PeakMB/rows[1][last].PeakMB)
	}
	for _, n := range counts {
		var rates, peaks, ends []float64
		for _, r := range rows[n] {
			rates, peaks, ends = append(rates, r.Rate), append(peaks, r.PeakMB), append(ends, r.EndMB)
			if r.Hash != rows[1][0].Hash {
				b.Errorf("%d workers: the texts differ from those of one", n)
			}
		}
		b.ReportMetric(median(rates), fmt.Sprintf("pages/s-%dw", n))
		b.ReportMetric(median(peaks), fmt.Sprintf("peakMB-%dw", n))
		b.ReportMetric(median(ends), fmt.Sprintf("endMB-%dw", n))
	}
	b.ReportMetric(median(faster), "rate-2w:1w")
	b.ReportMetric(median(larger), "peak-8w:1w")
	b.ReportMetric(0, "ns/op") // of three different things
}

// BenchmarkLonePage reads one page at a time, in turn with one slot and with all. It
// reports the median of each in milliseconds, and that of their ratios.
//
//	INKPOOL_BENCH_IMAGES=… go test ./backend/engine -run none -bench LonePage -benchtime 5x
func BenchmarkLonePage(b *testing.B) {
	engines := []*engine.Engine{open(b, 1), open(b, runtime.GOMAXPROCS(0))}
	tasks, err := pictures()
	if err != nil {
		b.Fatal(err)
	}
	var ms [2][]float64
	var ratios []float64
	for b.Loop() {
		for _, task := range tasks {
			for i, e := range engines {
				if err := e.Warm(b.Context()); err != nil {
					b.Fatal(err)
				}
				r, err := e.Process(b.Context(), task, nil)
				if err != nil {
					b.Fatal(err)
				}
				ms[i] = append(ms[i], 1000*r.Timing.Total.Seconds())
			}
			last := len(ms[0]) - 1
			ratios = append(ratios, ms[0][last]/ms[1][last])
		}
	}
	b.ReportMetric(median(ms[0]), "ms-1slot")
	b.ReportMetric(median(ms[1]), "ms-all")
	b.ReportMetric(median(ratios), "1slot:all")
	b.ReportMetric(0, "ns/op") // of two different things
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

// benchChild runs this test binary as a child that reads the pictures.
func benchChild(b *testing.B, workers int) (row benchRow) {
	b.Helper()
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), exe)
	cmd.Env = append(os.Environ(), benchWorkers+"="+strconv.Itoa(workers), benchCache+"="+cacheDir)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%d workers: %v", workers, err)
	}
	if err := json.Unmarshal(out, &row); err != nil {
		b.Fatalf("%d workers said %q: %v", workers, out, err)
	}
	return row
}

// runBenchChild prints what reading the pictures took; it returns the exit status.
func runBenchChild(workers, cache string) int {
	n, err := strconv.Atoi(workers)
	if err == nil {
		err = readPictures(context.Background(), n, cache)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func readPictures(ctx context.Context, workers int, cache string) error {
	files, err := bundle.Embedded()
	if err != nil {
		return err
	}
	settings := engine.Settings{CacheDir: cache, Workers: workers}
	settings.LimitGarbage(ctx)
	e := engine.New(engine.Options{Bundle: files, Settings: settings})
	if err := e.Warm(ctx); err != nil {
		return err
	}
	tasks, err := pictures()
	if err != nil {
		return err
	}
	began := time.Now()
	hash, along, err := processAll(ctx, e, tasks)
	if err != nil {
		return err
	}
	row := benchRow{Rate: float64(len(tasks)) / time.Since(began).Seconds(), Hash: hash, AlongMB: along}
	row.PeakMB = float64(e.Usage().PeakBytes) / (1 << 20)
	time.Sleep(5 * time.Second) // until the engine has given memory back
	row.EndMB = float64(e.Usage().ResidentBytes) / (1 << 20)
	return json.NewEncoder(os.Stdout).Encode(row)
}

// pictures are those to read.
func pictures() (tasks []inkpool.Task, err error) {
	root := os.Getenv(benchImages)
	if root == "" {
		root = filepath.Join("..", "..", "samples")
	}
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch filepath.Ext(path) {
		case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".bmp":
			tasks = append(tasks, task(path))
		}
		return err
	})
	if n, _ := strconv.Atoi(os.Getenv(benchRepeat)); n > 1 {
		tasks = slices.Repeat(tasks, n)
	}
	return tasks, err
}

// processAll keeps as many tasks at work as the engine wants, and returns a hash of all
// texts in the order of the tasks, and the resident memory after every 200 of them.
func processAll(ctx context.Context, e *engine.Engine, tasks []inkpool.Task) (hash string, alongMB []float64, err error) {
	texts, errs := make([]string, len(tasks)), make([]error, len(tasks))
	next := make(chan int)
	var wg sync.WaitGroup
	for range e.InFlight() {
		wg.Go(func() {
			for i := range next {
				r, err := e.Process(ctx, tasks[i], nil)
				texts[i], errs[i] = r.Text, err
			}
		})
	}
	for i := range tasks {
		next <- i
		if (i+1)%200 == 0 {
			alongMB = append(alongMB, float64(e.Usage().ResidentBytes)/(1<<20))
		}
	}
	close(next)
	wg.Wait()
	sum := sha256.New()
	for _, text := range texts {
		fmt.Fprintf(sum, "%s\x00", text)
	}
	return hex.EncodeToString(sum.Sum(nil)), alongMB, errors.Join(errs...)
}
