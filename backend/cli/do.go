package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func (d *door) jobsDoCommand() *cobra.Command {
	var o output
	var s stepFlags
	c := &cobra.Command{
		Use: "do JOB", Short: "Translate or label what a job has read, without reading it again",
		Example: "  inkpool jobs do 7 --to zh\n" +
			"  inkpool jobs do 7 --do label",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return d.doMore(c.Context(), args[0], s, o) },
	}
	o.addFlags(c)
	s.addFlags(c.Flags())
	d.addEngineFlags(c)
	return c
}

func (d *door) doMore(ctx context.Context, arg string, s stepFlags, o output) (err error) {
	id, err := parseJobID(arg)
	if err != nil {
		return err
	}
	var r inkpool.Request
	if err := s.resolve(d.settings, &r); err != nil {
		return err
	}
	r.Steps.NoReading = false // it has been read
	if !r.Steps.Any() {
		return usageError{errors.New("say what to do: --to LANGUAGE, or --do label")}
	}
	if err := o.check(nil, "inkpool"); err != nil {
		return err
	}
	a, err := app.Open(ctx, d.settings, app.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := a.Queue.AddSteps(ctx, id, r.Steps); err != nil {
		return err
	}
	j, err := a.Store.Job(ctx, id)
	if err != nil {
		return err
	}
	name := func(t inkpool.Task) string { return t.Path }
	return d.work(ctx, work{app: a, jobs: []inkpool.Job{j}, name: name, output: o, keep: true})
}
