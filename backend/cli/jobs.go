package cli

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

func (d *door) jobsCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "jobs", Short: "Look at the history; pause, go on with, repeat and remove what is in it",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(d.jobsListCommand(), d.jobsShowCommand(), d.jobsLogCommand(), d.jobsResumeCommand(), d.jobsDoCommand())
	c.AddCommand(d.steerCommands()...)
	return c
}

func (d *door) jobsListCommand() *cobra.Command {
	var format string
	var limit int
	c := &cobra.Command{
		Use: "list", Short: "List jobs, newest first",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return d.listJobs(c.Context(), format, limit) },
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	c.Flags().IntVar(&limit, "limit", 0, "how many at most; 0 is all")
	return c
}

func (d *door) listJobs(ctx context.Context, format string, limit int) error {
	if limit < 0 {
		return usageError{fmt.Errorf("--limit is how many to list, not %d", limit)}
	}
	show := d.printJobs
	switch format {
	case "text":
	case "json":
		show = d.printJobsJSON
	default:
		return usageError{fmt.Errorf("--format is text or json, not %q", format)}
	}
	listed := []view.Job{} // an empty history is an empty array
	err := d.withHistory(ctx, func(store inkpool.Store) error {
		jobs, err := newestJobs(ctx, store, limit)
		for _, j := range jobs {
			listed = append(listed, view.OfJob(j))
		}
		return err
	})
	if err != nil && inkpool.CodeOf(err) != inkpool.CodeNotFound { // no history yet is an empty one
		return err
	}
	return show(listed)
}

// newestJobs returns up to limit jobs, newest first, or all when limit is 0.
func newestJobs(ctx context.Context, store inkpool.Store, limit int) ([]inkpool.Job, error) {
	var jobs []inkpool.Job
	for before := inkpool.JobID(0); ; before = jobs[len(jobs)-1].ID {
		n := 500 // at a time
		if limit > 0 {
			n = min(n, limit-len(jobs))
		}
		more, err := store.Jobs(ctx, before, n)
		if err != nil || len(more) == 0 {
			return jobs, err
		}
		jobs = append(jobs, more...)
	}
}

func (d *door) printJobsJSON(jobs []view.Job) error {
	return d.printJSON(jobs)
}

func (d *door) printJobs(jobs []view.Job) error {
	w := tabwriter.NewWriter(d.stdout, 0, 0, 2, ' ', 0)
	for _, j := range jobs {
		created := time.UnixMilli(j.CreatedAtMs).Format("2006-01-02 15:04")
		count := fmt.Sprintf("%d of %d", j.Done, j.Tasks)
		if j.Failed > 0 { // "failed  11 of 21" alone reads as if 11 had
			count += fmt.Sprintf(", %d failed", j.Failed)
		}
		if _, err := fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%q\n", j.ID, created, j.State, count, j.Title); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (d *door) jobsShowCommand() *cobra.Command {
	var o output
	var as inkpool.Layout
	c := &cobra.Command{
		Use: "show JOB", Short: "Print what a job has read",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return d.exportJob(c.Context(), args[0], as, o) },
	}
	o.addFormatFlag(c)
	addLayoutFlag(c.Flags(), &as)
	return c
}

func (d *door) exportCommand() *cobra.Command {
	var o output
	var as inkpool.Layout
	c := &cobra.Command{
		Use: "export JOB", Short: "Write what a job has read to a file",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return d.exportJob(c.Context(), args[0], as, o) },
	}
	o.addFlags(c)
	addLayoutFlag(c.Flags(), &as)
	return c
}

func (d *door) exportJob(ctx context.Context, arg string, as inkpool.Layout, o output) error {
	id, err := parseJobID(arg)
	if err != nil {
		return err
	}
	if err := (inkpool.Reading{Layout: as}).Check(); err != nil {
		return usageError{err}
	}
	return d.withHistory(ctx, func(store inkpool.Store) error {
		j, err := store.Job(ctx, id)
		if err != nil {
			return err
		}
		return d.write(o, j.Title, view.Pages(ctx, laidOut{store, as}, id))
	})
}

func (d *door) withHistory(ctx context.Context, look func(inkpool.Store) error) (err error) {
	history, err := app.History(ctx, d.settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, history.Close()) }()
	return look(history)
}
