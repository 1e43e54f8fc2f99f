// Package cli is the command line door: subcommands, output, exit codes. It translates
// between a shell and the other packages and decides nothing itself.
//
// Data goes to standard output, everything else to standard error; progress is shown on a
// terminal only. Exit codes are in exit.go.
package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Main runs the command that args (without the program's name) ask for and returns the
// exit code. When ctx ends, work stops cleanly and ctx's cause decides the code.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	d := &door{
		stdin: stdin, stdout: dataWriter{stdout}, stderr: stderr,
		watched: isTerminal(stderr), showsData: isTerminal(stdout),
		settings: config.Default(ctx),
	}
	root := d.rootCommand()
	root.SetArgs(args)
	command, err := execute(ctx, root)
	if err != nil && !d.began {
		err = usageError{err}
	}
	return d.report(ctx, command.CommandPath(), err)
}

// execute returns the command that was found, also when it panics.
func execute(ctx context.Context, root *cobra.Command) (command *cobra.Command, err error) {
	command = root
	defer inkpool.Recover(&err)
	return root.ExecuteContextC(ctx)
}

// door is what all subcommands share.
type door struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	watched        bool // a person looks at stderr: show progress there
	showsData      bool // and at stdout: texts that go there show progress enough
	settings       config.Settings
	unread         error // why the settings file could not be used
	began          bool  // flags and arguments are right: errors are no longer those of usage
}

func (d *door) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:     "inkpool",
		Short:   "Reads the text of pictures, offline",
		Version: app.Version,
		Long: "Inkpool reads the text of pictures and text files on this computer, without a network,\n" +
			"and keeps what it read in a history.",
		SilenceErrors:     true, // report does it, with the right exit code
		SilenceUsage:      true,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return d.loadSettings(c) },
	}
	root.SetFlagErrorFunc(flagError)
	root.SetOut(d.stdout)
	root.SetErr(d.stderr)
	root.PersistentFlags().StringVar(&d.settings.Home, "home", d.settings.Home, "folder of the history and all state ($INKPOOL_HOME)")
	root.AddCommand(d.runCommand(), d.jobsCommand(), d.exportCommand(), d.modelsCommand(), d.configCommand(), d.doctorCommand(),
		d.benchCommand(), d.versionCommand())
	return root
}

// isTerminal reports whether a person watches w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// printJSON prints a value as JSON that a person can read, too.
func (d *door) printJSON(v any) error {
	e := json.NewEncoder(d.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func (d *door) note(format string, args ...any) {
	_, _ = fmt.Fprintf(d.stderr, format+"\n", args...) // nobody is left to tell when this fails
}
