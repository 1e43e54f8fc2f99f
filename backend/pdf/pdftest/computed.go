package pdftest

import (
	"os"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// Computed is how long this process has computed, which tells more of what hostile input costs
// than a clock does on a machine that has other work.
func Computed(t testing.TB) time.Duration {
	t.Helper()
	self, err := process.NewProcess(int32(os.Getpid()))
	if err != nil {
		t.Fatal(err)
	}
	times, err := self.Times()
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration((times.User + times.System) * float64(time.Second))
}
