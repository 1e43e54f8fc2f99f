//go:build !windows

package child

import "os/exec"

// arrange does nothing: the child lowers its priority itself.
func arrange(*exec.Cmd, bool) {}
