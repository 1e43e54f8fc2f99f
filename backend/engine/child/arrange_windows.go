package child

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// arrange gives a child no window of its own, and a low priority in the background.
func arrange(cmd *exec.Cmd, background bool) {
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
	if background {
		cmd.SysProcAttr.CreationFlags |= windows.BELOW_NORMAL_PRIORITY_CLASS
	}
}
