//go:build unix

package child

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// takePipes moves standard input and output to files of our own. What native code prints on
// standard output goes to standard error then, and it finds nothing to read.
func takePipes() (in, out *os.File, err error) {
	if in, err = moved(unix.Stdin, "requests"); err != nil {
		return nil, nil, err
	}
	if out, err = moved(unix.Stdout, "replies"); err != nil {
		return nil, nil, err
	}
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return nil, nil, err
	}
	defer nothing.Close()
	if err := unix.Dup2(int(nothing.Fd()), unix.Stdin); err != nil {
		return nil, nil, fmt.Errorf("empty standard input: %w", err)
	}
	if err := unix.Dup2(unix.Stderr, unix.Stdout); err != nil {
		return nil, nil, fmt.Errorf("redirect standard output: %w", err)
	}
	return in, out, nil
}

// moved is a second, private descriptor of a file: programs that are started do not get it.
func moved(fd int, name string) (*os.File, error) {
	own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, unix.Stderr+1)
	if err != nil {
		return nil, fmt.Errorf("take the pipe of %s: %w", name, err)
	}
	return os.NewFile(uintptr(own), name), nil
}
