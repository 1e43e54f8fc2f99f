package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

func (d *door) jobsResumeCommand() *cobra.Command {
	var o output
	var secrets secretFlags
	c := &cobra.Command{
		Use: "resume [JOB]", Short: "Go on with a job that was stopped, or with all, and print what they read",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return d.resume(c.Context(), args, secrets, o) },
	}
	o.addFlags(c)
	d.addEngineFlags(c)
	secrets.addFlags(c.Flags())
	return c
}

func (d *door) resume(ctx context.Context, args []string, secrets secretFlags, o output) (err error) {
	var id inkpool.JobID // 0: all
	if len(args) > 0 {
		if id, err = parseJobID(args[0]); err != nil {
			return err
		}
	}
	if err := o.check(nil, "inkpool"); err != nil {
		return err
	}
	passwords, err := d.secrets(secrets)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, d.settings, app.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	a.Queue.Unlock(passwords...)
	if err := a.Queue.Resume(ctx, inkpool.Scope{Job: id}); err != nil {
		return err
	}
	jobs, err := jobsToResume(ctx, a.Store, id)
	if err != nil {
		return err
	}
	if len(jobs) == 0 {
		d.note("inkpool: nothing is left to do")
		return d.write(output{format: o.format}, "", func(func(view.Page, error) bool) {}) // [] is JSON, nothing is not
	}
	name := func(t inkpool.Task) string { return t.Path }
	return d.work(ctx, work{app: a, jobs: jobs, name: name, output: o, keep: true})
}

// jobsToResume returns the job of that id or, when it is 0, every job of which something is
// queued, oldest first.
func jobsToResume(ctx context.Context, store inkpool.Store, id inkpool.JobID) ([]inkpool.Job, error) {
	if id != 0 {
		j, err := store.Job(ctx, id)
		return []inkpool.Job{j}, err
	}
	jobs, err := newestJobs(ctx, store, 0)
	jobs = slices.DeleteFunc(jobs, func(j inkpool.Job) bool { return j.Counts.Queued == 0 })
	slices.Reverse(jobs)
	return jobs, err
}

func parseJobID(arg string) (inkpool.JobID, error) {
	n, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || n < 1 {
		return 0, usageError{fmt.Errorf("%q is no job: `inkpool jobs list` shows their numbers", arg)}
	}
	return inkpool.JobID(n), nil
}
