//go:build unix && !linux

package child

import "syscall"

const backgroundNice = 10 // -20..19; 0 is usual

// standBack does nothing: this system has no out-of-memory killer that can be asked.
func standBack() {}

// lowerPriority makes this process polite, as far as it is allowed.
func lowerPriority() { _ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, backgroundNice) }
