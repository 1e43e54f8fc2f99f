package ort

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is what the calling thread has computed so far, user and system. (Its resource
// usage says the same by the tick, 4 ms, which is as long as a short run.)
func threadTime() time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
		return 0 // never: every thread has this clock
	}
	return time.Duration(now.Nano())
}
