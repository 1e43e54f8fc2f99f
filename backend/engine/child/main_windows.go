package child

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// takePipes keeps the handles of standard input and output. Libraries that are loaded from
// now on find standard error in the place of the latter.
func takePipes() (in, out *os.File, err error) {
	in, out = os.Stdin, os.Stdout
	if err := windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(os.Stderr.Fd())); err != nil {
		return nil, nil, fmt.Errorf("redirect standard output: %w", err)
	}
	os.Stdout = os.Stderr
	return in, out, nil
}

// standBack does nothing: Windows has no out-of-memory killer.
func standBack() {}

// lowerPriority does nothing: the parent starts the child with its priority.
func lowerPriority() {}
