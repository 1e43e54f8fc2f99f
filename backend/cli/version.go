package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
)

func (d *door) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version and what is built in",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(d.stdout, "inkpool %s %s/%s\nmodels: %s\n", app.Version, runtime.GOOS, runtime.GOARCH, app.Models())
			return err
		},
	}
}
