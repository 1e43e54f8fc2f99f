package power

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
)

// System reads the state of this machine.
func System() Source {
	return func(ctx context.Context) (State, error) {
		output, err := exec.CommandContext(ctx, "/usr/bin/pmset", "-g", "batt").Output()
		if err != nil {
			return State{}, fmt.Errorf("run pmset: %w", err)
		}
		return fromPmset(string(output)), nil
	}
}

// SystemLock runs caffeinate, which holds the assertion against idle sleep (-i) until it is
// stopped, or until this process has ended (-w).
func SystemLock(context.Context) (release func(), err error) {
	caffeinate := exec.Command("/usr/bin/caffeinate", "-i", "-w", strconv.Itoa(os.Getpid()))
	if err := caffeinate.Start(); err != nil {
		return nil, fmt.Errorf("run caffeinate: %w", err)
	}
	return func() {
		_ = caffeinate.Process.Kill() // it may have ended by itself
		_ = caffeinate.Wait()         // and says only that it was killed
	}, nil
}
