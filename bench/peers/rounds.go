package main

import (
	"context"
	"fmt"
	"io"

	"github.com/inkpool/inkpool/backend/score"
)

// row is one contender's results. Figures that are not known are 0.
type row struct {
	Name       string         `json:"name"`
	How        string         `json:"how"`
	Workers    int            `json:"workers"` // cores that it keeps busy
	Rounds     []round        `json:"rounds"`
	CPUPerPage float64        `json:"cpu_s_per_page"` // this and the next: median over the rounds
	PagesPerS  float64        `json:"pages_per_s"`
	PeakMB     float64        `json:"rss_peak_mb"`       // the highest of all rounds
	CPURatio   float64        `json:"inkpool_cpu_ratio"` // Inkpool's CPU time per page over this one's; median of the rounds' ratios
	Speedup    float64        `json:"inkpool_speedup"`   // Inkpool's pages per second over this one's, likewise
	Errors     *score.Measure `json:"errors,omitempty"`  // absent where the true texts are not known
	readings   []reading
}

// round is what reading the pictures of one round took, without loading the models. A figure
// is 0 where few pages on a busy machine took no longer than fewer: then it is not known.
type round struct {
	CPUPerPage float64 `json:"cpu_s_per_page"`
	PagesPerS  float64 `json:"pages_per_s"`
	PeakMB     float64 `json:"rss_peak_mb"` // 1 MB = 10⁶ bytes
}

// measureRounds lets all contenders read the pictures once in each round.
func measureRounds(ctx context.Context, contenders []contender, pictures []string, o options, scratch string, notes io.Writer) ([]row, error) {
	rows := make([]row, len(contenders))
	for i, c := range contenders {
		rows[i] = row{Name: c.name, How: c.how, Workers: c.workers}
	}
	for n := range o.rounds {
		for turn := range contenders {
			i := (turn + n) % len(contenders) // so that a round begins with another one each time
			r, readings, err := contenders[i].measure(ctx, pictures, o.workers, scratch)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(notes, "round %d of %d: %s, %s: %.3f CPU s/page, %.2f pages/s, %.0f MB\n", n+1, o.rounds,
				contenders[i].name, contenders[i].how, r.CPUPerPage, r.PagesPerS, r.PeakMB)
			rows[i].Rounds = append(rows[i].Rounds, r)
			rows[i].readings = readings
		}
	}
	return rows, nil
}

// measure takes the difference between two passes: one over the first pictures, as many as
// there may be workers so that all of them get warm, and one over all pictures.
func (c contender) measure(ctx context.Context, pictures []string, workers int, scratch string) (round, []reading, error) {
	start, err := c.read(ctx, pictures[:workers], scratch)
	if err != nil {
		return round{}, nil, err
	}
	whole, err := c.read(ctx, pictures, scratch)
	if err != nil {
		return round{}, nil, err
	}
	return difference(start, whole, len(pictures)-workers), whole.readings, nil
}

// difference is what the pages took that only whole has read.
func difference(start, whole pass, pages int) round {
	r := round{PeakMB: float64(whole.peak) / 1e6}
	if cpu := whole.cpu - start.cpu; cpu > 0 {
		r.CPUPerPage = cpu.Seconds() / float64(pages)
	}
	if wall := whole.wall - start.wall; wall > 0 {
		r.PagesPerS = float64(pages) / wall.Seconds()
	}
	return r
}
