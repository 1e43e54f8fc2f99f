package engine_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// share is how long pages took to decode, and in all.
type share struct{ decode, whole time.Duration }

func (s *share) add(other share) { s.decode, s.whole = s.decode+other.decode, s.whole+other.whole }

func (s share) percent() float64 { return 100 * float64(s.decode) / float64(s.whole) }

// BenchmarkDecodeShare reads pictures with one slot and reports which part of the time is
// spent on decoding them, in percent: over all, and by the ending of their names. Of each
// page it takes the median over the rounds. With -v it lists the pages that cost most.
//
//	INKPOOL_BENCH_IMAGES=… go test ./backend/engine -run none -bench DecodeShare -benchtime 3x -v
func BenchmarkDecodeShare(b *testing.B) {
	tasks, err := pictures()
	if err != nil {
		b.Fatal(err)
	}
	e := open(b, 1)
	rounds := map[string][]share{}
	for b.Loop() {
		sum := sha256.New()
		for _, task := range tasks {
			if err := e.Warm(b.Context()); err != nil {
				b.Fatal(err)
			}
			r, err := e.Process(b.Context(), task, nil)
			if e := (*inkpool.Error)(nil); errors.As(err, &e) {
				continue // a file that is to be refused
			}
			rounds[task.Path] = append(rounds[task.Path], share{r.Timing.Decode, r.Timing.Infer})
			fmt.Fprintf(sum, "%s\x00", r.Text)
		}
		b.Logf("texts: %x", sum.Sum(nil)[:4])
	}
	b.ReportMetric(0, "ns/op") // of many different things
	reportShares(b, medians(rounds))
}

// medians are those of each page, by decoding time.
func medians(rounds map[string][]share) map[string]share {
	out := map[string]share{}
	for path, all := range rounds {
		slices.SortFunc(all, func(a, b share) int { return int(a.decode - b.decode) })
		out[path] = all[len(all)/2]
	}
	return out
}

// reportShares reports the share of each kind of file and of all, and lists the dearest pages.
func reportShares(b *testing.B, pages map[string]share) {
	var all share
	kinds := map[string]*share{}
	for path, page := range pages {
		ext := filepath.Ext(path)[1:]
		if kinds[ext] == nil {
			kinds[ext] = new(share)
		}
		kinds[ext].add(page)
		all.add(page)
	}
	for ext, kind := range kinds {
		b.ReportMetric(kind.percent(), "%-"+ext)
	}
	b.ReportMetric(all.percent(), "%-all")
	dearest := slices.SortedFunc(maps.Keys(pages), func(x, y string) int { return int(pages[y].decode - pages[x].decode) })
	for _, path := range dearest[:min(len(dearest), 20)] {
		p := pages[path]
		b.Logf("%6.0f of %6.0f ms, %3.0f %%: %s", p.decode.Seconds()*1000, p.whole.Seconds()*1000, p.percent(), path)
	}
}
