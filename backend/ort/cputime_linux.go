package ort

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is what the calling thread has computed so far, user and system.
func threadTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &u); err != nil {
		return 0 // never, for this thread
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
