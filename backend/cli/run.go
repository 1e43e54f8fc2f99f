package cli

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// runFlags are the flags of `inkpool run`.
type runFlags struct {
	output    output
	reading   readingFlags
	steps     stepFlags
	request   inkpool.Request // but for its paths
	noHistory bool
	failFast  bool
	filesFrom string
	nul       bool // names in filesFrom end with NUL
}

func (d *door) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use: "run PATH... | -", Short: "Read pictures, PDF documents, text files and folders of them",
		Long: "Reads pictures (JPEG, PNG, WebP, HEIC, AVIF, BMP, TIFF, GIF), PDF documents, text files,\n" +
			"and folders with everything below them but hidden files, and prints what they say, page\n" +
			"after page, in the order in which they were given. With --to it prints a translation instead;\n" +
			"the other formats than text have both. - is what is piped in, which is not kept.",
		Example: "  inkpool run receipt.jpg\n" +
			"  inkpool run --format csv --out texts.csv scans/\n" +
			"  inkpool run --to zh letter.png\n" +
			"  find . -name '*.png' -print0 | inkpool run --files-from - -0 --format jsonl",
		RunE: func(c *cobra.Command, args []string) error {
			f.request.Reading = f.reading.over(d.settings.Reading, c.Flags())
			f.request.Steps = d.settings.Steps
			f.request.Pages = f.reading.pages.PageRange
			return d.run(c.Context(), f, args)
		},
	}
	f.output.addFlags(c)
	f.reading.addFlags(c.Flags())
	f.steps.addFlags(c.Flags())
	d.addEngineFlags(c)
	c.Flags().BoolVar(&f.failFast, "fail-fast", false, "stop at the first page or text that fails")
	c.Flags().BoolVar(&f.noHistory, "no-history", false, "keep nothing of this run")
	c.Flags().StringVar(&f.filesFrom, "files-from", "", "read paths from this file too, one a line; - is standard input")
	c.Flags().BoolVarP(&f.nul, "null", "0", false, "paths of --files-from end with NUL instead of a new line")
	return c
}

func (d *door) run(ctx context.Context, f runFlags, args []string) (err error) {
	paths, err := d.inputs(f, args)
	if err != nil {
		return err
	}
	if err := f.output.check(paths, filepath.Base(paths[0])); err != nil {
		return err
	}
	if err := f.request.Reading.Check(); err != nil {
		return usageError{err}
	}
	if err := f.steps.resolve(d.settings, &f.request); err != nil {
		return err
	}
	if pack := f.request.Reading.Pack; pack != "" { // of the settings, too
		if _, err := app.FindPack(d.settings, pack); err != nil {
			return err
		}
	}
	read, remove, err := d.spool(f, paths)
	if err != nil {
		return err
	}
	defer remove()
	f.request.Paths = read
	if f.request.Secrets, err = d.secrets(f.reading.secrets); err != nil {
		return err
	}
	a, err := app.Open(ctx, d.settings, app.Options{Temporary: f.noHistory})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()

	j, err := a.Queue.Submit(ctx, f.request)
	if err != nil {
		return err
	}
	return d.work(ctx, work{
		app: a, jobs: []inkpool.Job{j}, name: namesAsGiven(paths, read), output: f.output, keep: !f.noHistory, failFast: f.failFast,
	})
}
