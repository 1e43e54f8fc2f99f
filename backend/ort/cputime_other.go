//go:build !linux

package ort

import "time"

// threadTime is 0 where the system does not count the time of threads.
func threadTime() time.Duration { return 0 }
