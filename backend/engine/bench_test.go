package engine_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// In the environment, these make the test binary read the samples with so many workers, the
// runtime library unpacked in that folder, and print what it took: a peak of memory means
// something in a fresh process only.
const (
	benchWorkers = "INKPOOL_BENCH_WORKERS"
	benchCache   = "INKPOOL_BENCH_CACHE"
)

// BenchmarkPages reads all pictures among the samples with 1, 2 and 8 workers, each time in
// a process of its own, one after the other within each iteration, so that whatever else
// the machine does hits all of them alike. It reports medians: pages a second and peak
// memory for each number, how much faster two workers are than one, and how much more
// memory eight take. Loading the models is not counted.
//
//	go test ./backend/engine -run none -bench Pages -benchtime 5x
func BenchmarkPages(b *testing.B) {
	if err := open(b, 1).Warm(b.Context()); err != nil { // unpacks the library
		b.Fatal(err)
	}
	counts := []int{1, 2, 8}
	rates, peaks := map[int][]float64{}, map[int][]float64{}
	var faster, larger []float64
	for b.Loop() {
		for _, n := range counts {
			rate, peak := benchChild(b, n)
			rates[n], peaks[n] = append(rates[n], rate), append(peaks[n], peak)
		}
		last := len(rates[1]) - 1
		faster = append(faster, rates[2][last]/rates[1][last])
		larger = append(larger, peaks[8][last]/peaks[1][last])
	}
	for _, n := range counts {
		b.ReportMetric(median(rates[n]), fmt.Sprintf("pages/s-%dw", n))
		b.ReportMetric(median(peaks[n]), fmt.Sprintf("peakMB-%dw", n))
	}
	b.ReportMetric(median(faster), "rate-2w:1w")
	b.ReportMetric(median(larger), "peak-8w:1w")
	b.ReportMetric(0, "ns/op") // of three different things
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

// benchChild runs this test binary as a child that reads the samples.
func benchChild(b *testing.B, workers int) (pagesPerSecond, peakMB float64) {
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
	if _, err := fmt.Sscan(string(out), &pagesPerSecond, &peakMB); err != nil {
		b.Fatalf("%d workers said %q: %v", workers, out, err)
	}
	return pagesPerSecond, peakMB
}

// runBenchChild prints pages a second and peak megabytes; it returns the exit status.
func runBenchChild(workers, cache string) int {
	n, err := strconv.Atoi(workers)
	if err == nil {
		err = readSamples(context.Background(), n, cache)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func readSamples(ctx context.Context, workers int, cache string) error {
	files, err := bundle.Embedded()
	if err != nil {
		return err
	}
	e := engine.New(engine.Options{Bundle: files, CacheDir: cache, Workers: workers})
	if err := e.Warm(ctx); err != nil {
		return err
	}
	tasks, err := pictures()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := processAll(ctx, e, tasks); err != nil {
		return err
	}
	rate := float64(len(tasks)) / time.Since(began).Seconds()
	peak, err := statusKB("VmHWM")
	if err != nil {
		return err
	}
	_, err = fmt.Println(rate, float64(peak)/1024)
	return err
}

// pictures are the samples that are pictures.
func pictures() (tasks []inkpool.Task, err error) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "samples", "*.*"))
	for _, path := range paths {
		if ext := filepath.Ext(path); ext != ".txt" && filepath.Base(path) != ext {
			tasks = append(tasks, task(path))
		}
	}
	return tasks, err
}

// processAll keeps as many tasks at work as the engine wants.
func processAll(ctx context.Context, e *engine.Engine, tasks []inkpool.Task) error {
	waiting := make(chan inkpool.Task)
	failed := make(chan error, len(tasks))
	var wg sync.WaitGroup
	for range e.InFlight() {
		wg.Go(func() {
			for t := range waiting {
				if _, err := e.Process(ctx, t); err != nil {
					failed <- fmt.Errorf("%s: %w", t.Path, err)
				}
			}
		})
	}
	for _, t := range tasks {
		waiting <- t
	}
	close(waiting)
	wg.Wait()
	close(failed)
	return <-failed
}
