package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

func (d *door) modelsCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "models", Short: "List, add, fetch, remove and check models",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var format string
	list := &cobra.Command{
		Use: "list", Short: "List the packs of models: bundled, installed, and in the catalogue",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return d.listModels(format) },
	}
	info := &cobra.Command{
		Use: "info ID", Short: "Say what a pack of models is, and what it consists of",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return d.showModel(args[0], format) },
	}
	for _, with := range []*cobra.Command{list, info} {
		with.Flags().StringVar(&format, "format", "text", "text or json")
	}
	c.AddCommand(list, info, d.addCommand(), d.downloadCommand(), d.removeCommand(), &cobra.Command{
		Use: "verify [ID]", Short: "Compare the files of a pack, or of all, with their SHA-256",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return d.verifyModels(c.Context(), args) },
	})
	return c
}

// listedPack is a pack as JSON.
type listedPack struct {
	app.Pack
	Error *view.Error `json:"error,omitempty"`
}

func (d *door) listModels(format string) error {
	packs, err := d.packs(format)
	if err != nil {
		return err
	}
	if format == "json" {
		listed := []listedPack{}
		for _, p := range packs {
			listed = append(listed, listedPack{Pack: p, Error: view.OfError(p.Error)})
		}
		return d.printJSON(listed)
	}
	w := tabwriter.NewWriter(d.stdout, 0, 0, 2, ' ', 0)
	for _, p := range packs {
		about := p.Name
		if p.Error != nil {
			about = sentence(p.Error)
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.ID, cmp.Or(p.Version, "-"), p.State, packSize(p), about); err != nil {
			return err
		}
	}
	return w.Flush()
}

// packs lists all packs, once the format is right.
func (d *door) packs(format string) ([]app.Pack, error) {
	if format != "text" && format != "json" {
		return nil, usageError{fmt.Errorf("--format is text or json, not %q", format)}
	}
	return app.Packs(d.settings)
}

// packSize is how large a pack is, for people.
func packSize(p app.Pack) string {
	switch {
	case p.Bytes > 0:
		return fmt.Sprintf("%.1f MB", float64(p.Bytes)/1e6)
	case p.ApproximateMB > 0:
		return fmt.Sprintf("about %.0f MB", p.ApproximateMB)
	default:
		return "-"
	}
}

func (d *door) showModel(id, format string) error {
	packs, err := d.packs(format)
	if err != nil {
		return err
	}
	for _, p := range packs { // of several versions the newest comes first, which is the one that reads
		if p.ID != id {
			continue
		}
		if format == "json" {
			return d.printJSON(listedPack{Pack: p, Error: view.OfError(p.Error)})
		}
		return printPack(d.stdout, p)
	}
	return inkpool.Errorf(inkpool.CodeModelMissing, "there is no model pack %q", id).
		WithHint("See which there are with `inkpool models list`.")
}

func printPack(out io.Writer, p app.Pack) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	state := string(p.State)
	if p.Error != nil {
		state += ": " + sentence(p.Error)
	}
	rows := [][2]string{
		{"id", p.ID}, {"name", p.Name}, {"version", p.Version}, {"state", state}, {"size", packSize(p)},
		{"task", p.Task}, {"from", strings.Join(p.From, " ")}, {"to", strings.Join(p.To, " ")}, {"languages", strings.Join(p.Languages, " ")}, {"licence", p.Licence}, {"source", p.Source}, {"folder", p.Folder},
		{"quality", p.Quality}, {"speed", p.Speed}, {"measured by", p.HintSource},
	}
	for _, f := range p.Files {
		rows = append(rows, [2]string{"file", strings.TrimSpace(f.Path + "  " + f.SHA256)})
		if f.URL != "" {
			rows = append(rows, [2]string{"", f.URL})
		}
	}
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\n", row[0], row[1]); err != nil {
			return err
		}
	}
	return w.Flush()
}

// verifyModels verifies one pack, or all that are there, and tells what became of each.
func (d *door) verifyModels(ctx context.Context, args []string) error {
	if len(args) == 1 {
		found, err := d.verifyModel(ctx, args[0])
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(d.stdout, "%s\t%s\n", args[0], found)
		return err
	}
	packs, err := app.Packs(d.settings)
	if err != nil {
		return err
	}
	var damaged error
	w := tabwriter.NewWriter(d.stdout, 0, 0, 2, ' ', 0)
	for i, p := range packs {
		if p.State == app.PackOffered || i > 0 && packs[i-1].ID == p.ID { // of several versions, the one that reads
			continue
		}
		found, err := d.verifyModel(ctx, p.ID)
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			found, damaged = sentence(inkpool.AsError(err)), failedInputs{exitModelMissing}
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\n", p.ID, found); err != nil {
			return err
		}
	}
	return errors.Join(w.Flush(), damaged)
}

// verifyModel says what became of a pack that is not damaged.
func (d *door) verifyModel(ctx context.Context, id string) (found string, err error) {
	hashed, err := app.VerifyPack(ctx, d.settings, id, "")
	if !hashed {
		return "complete, without hashes to compare with", err
	}
	return "sound", err
}
