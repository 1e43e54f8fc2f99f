package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// steering is a command that changes tasks of the history by scope.
type steering struct {
	use, short string
	flags      func(*cobra.Command)
	needsAll   bool // to work on everything
	do         func(context.Context, *app.App, inkpool.Scope) error
}

// steerCommands are the commands that stop, let go, repeat and remove.
func (d *door) steerCommands() []*cobra.Command {
	var cancelled bool
	return []*cobra.Command{
		d.steerCommand(steering{
			use: "pause", short: "Keep what is queued from being started",
			do: func(ctx context.Context, a *app.App, s inkpool.Scope) error { return a.Queue.Pause(ctx, s) },
		}),
		d.steerCommand(steering{
			use: "cancel", short: "Stop what is queued; what is finished stays", needsAll: true,
			do: func(ctx context.Context, a *app.App, s inkpool.Scope) error { return a.Queue.Cancel(ctx, s) },
		}),
		d.steerCommand(steering{
			use: "retry", short: "Queue again what failed or was set aside, for `jobs resume` to read",
			flags: func(c *cobra.Command) {
				c.Flags().BoolVar(&cancelled, "cancelled", false, "what was cancelled too")
			},
			do: func(ctx context.Context, a *app.App, s inkpool.Scope) error {
				states := []inkpool.State{inkpool.StateFailed, inkpool.StateQuarantined}
				if cancelled {
					states = append(states, inkpool.StateCancelled)
				}
				return a.Queue.Retry(ctx, s, states...)
			},
		}),
		d.steerCommand(steering{
			use: "rm", short: "Delete what was read; the files that it was read from stay", needsAll: true,
			do: func(ctx context.Context, a *app.App, s inkpool.Scope) error { return a.Queue.Remove(ctx, s) },
		}),
	}
}

// scopes says what the command works on.
func (s steering) scopes() string {
	if s.needsAll {
		return "With --all instead of JOB it is everything, with --task N the Nth page or text of the job only."
	}
	return "Without JOB it is everything, with --task N the Nth page or text of the job only."
}

func (d *door) steerCommand(s steering) *cobra.Command {
	var number int
	var all bool
	c := &cobra.Command{
		Use: s.use + " [JOB]", Short: s.short,
		Long: s.short + ".\n\n" + s.scopes(),
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if s.needsAll && all == (len(args) > 0) {
				return usageError{errors.New("name a job, or give --all to mean everything")}
			}
			scope, err := parseScope(args, number)
			if err != nil {
				return err
			}
			return d.steer(c.Context(), s, scope, number)
		},
	}
	c.Flags().IntVar(&number, "task", 0, "only this page or text of the job, counted from 1")
	if s.needsAll {
		c.Flags().BoolVar(&all, "all", false, "everything there is")
	}
	if s.flags != nil {
		s.flags(c)
	}
	return c
}

// steer does s to a scope, or to the task of that number in it, and prints the job as it is
// then.
func (d *door) steer(ctx context.Context, s steering, scope inkpool.Scope, number int) (err error) {
	a, err := app.Open(ctx, d.settings, app.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if number > 0 {
		task, err := taskOfJob(ctx, a.Store, scope.Job, number)
		if err != nil {
			return err
		}
		scope.Task = task.ID
	}
	if err := s.do(ctx, a, scope); err != nil {
		return err
	}
	if scope.Job == 0 {
		return nil
	}
	j, err := a.Store.Job(ctx, scope.Job)
	if inkpool.CodeOf(err) == inkpool.CodeNotFound {
		return nil // it was removed
	}
	if err != nil {
		return err
	}
	return d.printJobs([]view.Job{view.OfJob(j)})
}

// parseScope returns the scope of an optional job. number, of one of its tasks, needs a job.
func parseScope(args []string, number int) (inkpool.Scope, error) {
	if number < 0 {
		return inkpool.Scope{}, usageError{fmt.Errorf("%d is no page or text: they are counted from 1", number)}
	}
	if len(args) == 0 {
		if number != 0 {
			return inkpool.Scope{}, usageError{errors.New("--task needs a job")}
		}
		return inkpool.Scope{}, nil
	}
	job, err := parseJobID(args[0])
	return inkpool.Scope{Job: job}, err
}

// taskOfJob returns the task of a job by its number, from 1.
func taskOfJob(ctx context.Context, store inkpool.Store, job inkpool.JobID, number int) (inkpool.Task, error) {
	if number < 1 {
		return inkpool.Task{}, usageError{fmt.Errorf("%d is no page or text: they are counted from 1", number)}
	}
	tasks, err := store.Tasks(ctx, job, number-1, 1)
	if err != nil {
		return inkpool.Task{}, err
	}
	if len(tasks) == 0 || tasks[0].Index != number-1 {
		return inkpool.Task{}, inkpool.Errorf(inkpool.CodeNotFound, "job %d has no page or text number %d", job, number)
	}
	return tasks[0], nil
}

func (d *door) jobsLogCommand() *cobra.Command {
	return &cobra.Command{
		Use: "log JOB [NUMBER]", Short: "Print what happened to the pages and texts of a job, or to one of them",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error { return d.printLog(c.Context(), args) },
	}
}

func (d *door) printLog(ctx context.Context, args []string) error {
	job, err := parseJobID(args[0])
	if err != nil {
		return err
	}
	return d.withHistory(ctx, func(store inkpool.Store) error {
		if len(args) == 1 {
			return d.printJobLog(ctx, store, job)
		}
		number, err := strconv.Atoi(args[1])
		if err != nil {
			return usageError{fmt.Errorf("%q is no number of a page or text", args[1])}
		}
		task, err := taskOfJob(ctx, store, job, number)
		if err != nil {
			return err
		}
		return d.printTaskLog(ctx, store, task)
	})
}

func (d *door) printJobLog(ctx context.Context, store inkpool.Store, job inkpool.JobID) error {
	for t, err := range view.Tasks(ctx, store, job) {
		if err != nil {
			return err
		}
		if err := d.printTaskLog(ctx, store, t); err != nil {
			return err
		}
	}
	return nil
}

// printTaskLog prints the name of a task and a line for everything that happened to it.
func (d *door) printTaskLog(ctx context.Context, store inkpool.Store, t inkpool.Task) error {
	entries, err := store.Log(ctx, t.ID)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(d.stdout, "%d  %s\n", t.Index+1, quoted(t.Name, t)); err != nil {
		return err
	}
	w := tabwriter.NewWriter(d.stdout, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		took := ""
		if e.Took > 0 {
			took = fmt.Sprintf("%.1f ms", float64(e.Took.Microseconds())/1000)
		}
		line := strings.Join([]string{
			"   " + e.At.Local().Format("2006-01-02 15:04:05.000"), fmt.Sprintf("attempt %d", e.Attempt), e.What, took, e.Detail,
		}, "\t")
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, "\t")); err != nil {
			return err
		}
	}
	return w.Flush()
}
