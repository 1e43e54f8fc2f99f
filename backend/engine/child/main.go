package child

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/inkpool/inkpool/backend/engine"
)

// Main is the child's program: it serves what open returns to the parent at the other end of
// standard input and output, and returns the exit status. Call it before anything else has
// been done, and end the process with its result at once:
//
//	os.Exit(child.Main(open))
//
// Native code may print on standard output as it likes: that leads to standard error from
// now on. Interrupts are ignored, because Ctrl-C and the end of a session reach the child as
// well, and the parent decides what becomes of the work. That the parent has died is seen by
// the end of standard input, on every system; Linux' parent-death signal is of no use here,
// because it comes when the *thread* that started the child ends, and Go ends threads.
func Main(open func(engine.Settings) (Worker, error)) int {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	in, out, err := takePipes()
	if err == nil {
		standBack()
		err = serve(context.Background(), in, out, func(o opening) (Worker, error) {
			if o.Background {
				lowerPriority()
			}
			return open(o.Settings)
		})
	}
	if err != nil && !errors.Is(err, errOrphaned) {
		fmt.Fprintln(os.Stderr, "inkpool engine:", err)
		return 1
	}
	return 0
}
