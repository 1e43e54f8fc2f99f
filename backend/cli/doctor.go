package cli

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

const doctorName = "doctor"

func (d *door) doctorCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: doctorName, Short: "Look whether everything that Inkpool needs is there and sound",
		Long: "Looks at the folders, the history, the models, the engine and its memory, and says what is\n" +
			"wrong and what to do about it. The exit code is 1 when something is.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return d.doctor(c.Context(), asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return c
}

// examined is a finding as JSON.
type examined struct {
	app.Finding
	Error *view.Error `json:"error,omitempty"`
}

func (d *door) doctor(ctx context.Context, asJSON bool) error {
	var findings []app.Finding
	if d.unread != nil {
		known := inkpool.AsError(d.unread)
		findings = append(findings, app.Finding{Check: "settings", Detail: known.Message, Error: known})
	}
	findings = append(findings, app.Examine(ctx, d.settings)...)
	show := d.printFindings
	if asJSON {
		show = d.printFindingsJSON
	}
	if err := show(findings); err != nil {
		return err
	}
	for _, f := range findings {
		if !f.OK {
			return failedInputs{exitSomeFailed}
		}
	}
	return nil
}

func (d *door) printFindingsJSON(findings []app.Finding) error {
	var all []examined
	for _, f := range findings {
		all = append(all, examined{Finding: f, Error: view.OfError(f.Error)})
	}
	return d.printJSON(all)
}

func (d *door) printFindings(findings []app.Finding) error {
	w := tabwriter.NewWriter(d.stdout, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		mark, detail := "ok", f.Detail
		if !f.OK {
			mark, detail = "wrong", sentence(f.Error)
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", mark, f.Check, detail); err != nil {
			return err
		}
	}
	return w.Flush()
}
