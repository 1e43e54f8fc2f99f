// Command inkpool is Inkpool without a window: see `inkpool --help`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/cli"
)

func main() {
	if app.IsEngine(os.Args[1:]) {
		os.Exit(app.ServeEngine())
	}
	os.Exit(run())
}

// run ends work cleanly on the first Ctrl-C or SIGTERM; the second kills at once.
func run() int {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		cancel(cli.Interrupted{Signal: <-signals})
		signal.Stop(signals)
	}()
	// A reader that leaves is an error of the write then, and work ends cleanly; Go would
	// die of the signal where it stands.
	signal.Ignore(syscall.SIGPIPE)
	return cli.Main(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}
