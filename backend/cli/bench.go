package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
)

// benchFlags are the flags of `inkpool bench`.
type benchFlags struct {
	images  string
	workers []int
	repeat  int
	json    bool
}

func (d *door) benchCommand() *cobra.Command {
	f := benchFlags{}
	c := &cobra.Command{
		Use: "bench --images DIR", Short: "Measure how fast and with how much memory pictures are read",
		Long: "Reads all pictures of a folder with each number of workers, and prints what it took: each time\n" +
			"with a fresh engine, after its models were loaded and warmed, and nothing is kept. With --repeat\n" +
			"the numbers of workers take turns, and the round of median speed is printed.",
		Example: "  inkpool bench --images scans --workers 1,2,4 --repeat 3",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return d.bench(c.Context(), f) },
	}
	c.Flags().StringVar(&f.images, "images", "", "folder of pictures")
	c.Flags().IntSliceVar(&f.workers, "workers", []int{1, d.settings.Workers}, "numbers of cores to use at once")
	c.Flags().IntVar(&f.repeat, "repeat", 1, "rounds")
	c.Flags().BoolVar(&f.json, "json", false, "one JSON object a line")
	d.addBenchEngineFlags(c)
	return c
}

// addBenchEngineFlags adds the flags of the engine but --workers, of which there are many.
func (d *door) addBenchEngineFlags(c *cobra.Command) {
	var rest cobra.Command
	d.addEngineFlags(&rest)
	for _, name := range []string{"memory", "device", "in-process", "plain"} {
		c.Flags().AddFlag(rest.Flags().Lookup(name))
	}
}

func (d *door) bench(ctx context.Context, f benchFlags) error {
	if f.images == "" || f.repeat < 1 || slices.Min(append(slices.Clone(f.workers), 1)) < 1 {
		return usageError{fmt.Errorf("--images is a folder of pictures, --workers and --repeat count from 1")}
	}
	rounds, failed := map[int][]app.Measured{}, false
	for range f.repeat {
		for _, n := range f.workers {
			settings := d.settings
			settings.Workers = n
			m, err := app.Measure(ctx, settings, f.images)
			if err != nil {
				return err
			}
			rounds[n] = append(rounds[n], m)
			failed = failed || m.Failed > 0
			if len(m.Notices) > 0 { // the figures would be those of another device
				return m.Notices[0]
			}
		}
	}
	var rows []app.Measured
	for _, n := range f.workers {
		rows = append(rows, median(rounds[n]))
	}
	show := d.printMeasured
	if f.json {
		show = d.printMeasuredJSON
	}
	if err := show(rows); err != nil {
		return err
	}
	if failed {
		d.note("inkpool: some files could not be read; the figures are of the others")
		return failedInputs{exitSomeFailed}
	}
	return nil
}

// median is the round of median speed, with the highest memory of all.
func median(rounds []app.Measured) app.Measured {
	slices.SortFunc(rounds, func(a, b app.Measured) int { return cmp.Compare(a.Seconds, b.Seconds) })
	m := rounds[len(rounds)/2]
	for _, r := range rounds {
		m.RSSPeakMB, m.RSSEndMB = max(m.RSSPeakMB, r.RSSPeakMB), max(m.RSSEndMB, r.RSSEndMB)
	}
	return m
}

func (d *door) printMeasuredJSON(rows []app.Measured) error {
	e := json.NewEncoder(d.stdout)
	for _, r := range rows {
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

func (d *door) printMeasured(rows []app.Measured) error {
	w := tabwriter.NewWriter(d.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	if _, err := fmt.Fprintln(w, "workers\tslots\tpages\tseconds\tpages/s\tCPU s/page\tof it inference\tpeak MB\tend MB\tsessions\ttext\t"); err != nil {
		return err
	}
	for _, r := range rows {
		_, err := fmt.Fprintf(w, "%d\t%d\t%d\t%.2f\t%.2f\t%.3f\t%.0f %%\t%.0f\t%.0f\t%d\t%.12s\t\n", r.Workers, r.Slots, r.Pages, r.Seconds,
			r.PagesPerS, r.CPUPerPage, 100*r.InferShare, r.RSSPeakMB, r.RSSEndMB, r.Sessions, r.TextSHA256)
		if err != nil {
			return err
		}
	}
	return w.Flush()
}
