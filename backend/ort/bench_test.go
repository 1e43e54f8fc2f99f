package ort_test

import (
	"bytes"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
)

func BenchmarkRun(b *testing.B) {
	for name, c := range map[string]struct {
		model
		h, w int64
	}{
		"detector 960x704":  {detector, 960, 704},
		"classifier 48x192": {classifier, 48, 192},
		"recognizer 48x320": {recognizer, 48, 320},
	} {
		b.Run(name, func(b *testing.B) {
			s, in, out := c.load(b), input(1, c.h, c.w), c.outputFor(c.h, c.w)
			for b.Loop() {
				if err := s.Run(b.Context(), in, out); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRunGrowth shows what a run leaves behind in resident memory once the first runs
// have filled the arena. Ask for some hundreds of runs: -benchtime 500x.
func BenchmarkRunGrowth(b *testing.B) {
	s := recognizer.load(b)
	const widths = 60 // 32 to 504 pixels
	var in, out [widths][]infer.Tensor
	for i := range widths {
		w := int64(32 + 8*i)
		in[i], out[i] = input(1, 48, w), recognizer.outputFor(48, w)
	}
	run := func(i int) {
		i = i * 7 % widths // so that sizes alternate
		if err := s.Run(b.Context(), in[i], out[i]); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 2 * widths {
		run(i)
	}
	before := residentBytes(b)
	for i := 0; b.Loop(); i++ {
		run(i)
	}
	b.ReportMetric(float64(residentBytes(b)-before)/float64(b.N), "rss-B/op")
	runtime.KeepAlive(in) // or they would count as memory given back
	runtime.KeepAlive(out)
}

// residentBytes is how much memory of this process is in RAM, Go's garbage left out.
func residentBytes(b *testing.B) int {
	b.Helper()
	debug.FreeOSMemory()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Skip("this system does not tell resident memory")
	}
	pages, err := strconv.Atoi(string(bytes.Fields(data)[1]))
	if err != nil {
		b.Fatal(err)
	}
	return pages * os.Getpagesize()
}
