package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func (d *door) addCommand() *cobra.Command {
	var wish app.Wish
	var quantized, full bool
	c := &cobra.Command{
		Use: "add PATH...", Short: "Install models: a folder, a zip, or an .onnx with a file of its labels",
		Long: "Install models: a folder as Hugging Face has them for ONNX, a set of PP-OCR models, a zip of\n" +
			"either, or one .onnx with a file of its labels. The files are copied; several files that are\n" +
			"given together make one pack.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			if wish.Weights, err = weightsOf(quantized, full); err != nil {
				return err
			}
			return d.addModels(c.Context(), app.PackSources(args), wish)
		},
	}
	f := c.Flags()
	f.StringVar(&wish.ID, "id", "", "id of the pack, in small letters (default: after its name)")
	f.StringVar(&wish.Version, "version", "", "version of the pack (default: 1)")
	f.BoolVar(&quantized, "quantized", false, "the models with weights of 8 bits, which are small and fast (default: these where there are such)")
	f.BoolVar(&full, "full", false, "the models with weights of 32 bits")
	f.StringSliceVar(&wish.From, "from", nil, "languages that a model translates from, where it does not say so: en,de")
	f.StringSliceVar(&wish.To, "to", nil, "languages that a model translates into, where it does not say so")
	return c
}

// weightsOf is what --quantized and --full ask for.
func weightsOf(quantized, full bool) (w app.Weights, err error) {
	switch {
	case quantized && full:
		return w, usageError{errors.New("--quantized and --full contradict each other")}
	case quantized:
		return app.QuantizedWeights, nil
	case full:
		return app.FullWeights, nil
	}
	return w, nil
}

func (d *door) downloadCommand() *cobra.Command {
	var what app.Download
	var quantized, full bool
	c := &cobra.Command{
		Use: "download ID|ORG/REPO", Short: "Fetch a pack of the catalogue, or a repository of Hugging Face, and install it",
		Long: "Fetch a pack of models and install it: one of the catalogue (see `inkpool models list`), or any\n" +
			"repository of Hugging Face whose models Inkpool runs. What was fetched when it is interrupted\n" +
			"is kept, and the same command goes on with it.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			what.Name = args[0]
			if what.Weights, err = weightsOf(quantized, full); err != nil {
				return err
			}
			return d.downloadModel(c.Context(), what)
		},
	}
	f := c.Flags()
	f.StringVar(&what.Revision, "revision", "", "branch, tag or commit of a repository (default: main)")
	f.StringVar(&what.Endpoint, "endpoint", "", "a mirror of Hugging Face (default: $HF_ENDPOINT, else https://huggingface.co)")
	f.BoolVar(&what.AcceptLicence, "accept-licence", false, "keep to a licence that does not allow every use, such as CC-BY-NC-4.0")
	f.BoolVar(&quantized, "quantized", false, "the models with weights of 8 bits (default: these where there are such)")
	f.BoolVar(&full, "full", false, "the models with weights of 32 bits")
	return c
}

func (d *door) downloadModel(ctx context.Context, what app.Download) error {
	bytes := d.newByteProgress()
	p, already, err := app.DownloadPack(ctx, d.settings, what, bytes.at)
	bytes.clear()
	switch {
	case ctx.Err() != nil:
		return stoppedError{err, "what was fetched is kept: the same command goes on with it"}
	case err != nil:
		known := inkpool.AsError(err)
		d.note("inkpool: %s: %s", strconv.Quote(what.Name), sentence(known))
		return failedInputs{exitCodeOfPack(known.Code)}
	}
	return d.printInstalled(p, already)
}

// addModels makes a pack of each source and tells what became of it.
func (d *door) addModels(ctx context.Context, sources [][]string, wish app.Wish) error {
	if len(sources) > 1 && wish.ID != "" {
		return usageError{errors.New("--id is for one pack, and there are several")}
	}
	var all tally
	for _, paths := range sources {
		bytes := d.newByteProgress()
		p, already, err := app.AddPack(ctx, d.settings, paths, wish, bytes.at)
		bytes.clear()
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			known := inkpool.AsError(err)
			d.note("inkpool: %s: %s", strconv.Quote(strings.Join(paths, " ")), sentence(known))
			all.fail(exitCodeOfPack(known.Code))
			continue
		}
		all.done++
		if err := d.printInstalled(p, already); err != nil {
			return err
		}
	}
	return all.err()
}

func (d *door) printInstalled(p app.Pack, already bool) error {
	state := "installed"
	if already {
		state = "installed already"
	}
	_, err := fmt.Fprintf(d.stdout, "%s\t%s\t%s\t%s\t%s\n", p.ID, p.Version, state, packSize(p), p.Name)
	return err
}

// exitCodeOfPack is the code for files that make no pack.
func exitCodeOfPack(code inkpool.Code) int {
	switch code {
	case inkpool.CodeModelCorrupt:
		return exitBadInput
	case inkpool.CodeConflict:
		return exitCantCreate
	default:
		return exitCodeOfInput(code)
	}
}

func (d *door) removeCommand() *cobra.Command {
	var version string
	c := &cobra.Command{
		Use: "remove ID", Short: "Remove an installed pack of models, and what is left of its download",
		Long: "Remove an installed pack of models, and what is left of its download. An Inkpool that is at work\n" +
			"with it keeps what it has loaded; tasks that want it later fail until it is there again. On\n" +
			"Windows, files that are in use cannot be removed.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			removed, err := app.RemovePack(c.Context(), d.settings, args[0], version)
			for _, v := range removed {
				if _, err := fmt.Fprintf(d.stdout, "%s\t%s\tremoved\n", args[0], v); err != nil {
					return err
				}
			}
			return err
		},
	}
	c.Flags().StringVar(&version, "version", "", "remove this version only (default: all)")
	return c
}

// byteProgress shows on a terminal how much of something has come.
type byteProgress struct {
	progress
}

func (d *door) newByteProgress() *byteProgress {
	return &byteProgress{progress{d: d, watched: d.watched}}
}

func (p *byteProgress) at(done, total int64) {
	if p.watched && (time.Since(p.shown) >= progressInterval || done == total) {
		p.shown = time.Now()
		_, _ = fmt.Fprintf(p.d.stderr, "\r\x1b[K%.1f of %.1f MB", float64(done)/1e6, float64(total)/1e6)
	}
}
