//go:build !linux

package engine

import (
	"os"

	"github.com/shirou/gopsutil/v4/process"
)

// resident is the memory of this process now, in bytes; these systems do not tell the peak.
func resident() (now, peak int64) {
	p := process.Process{Pid: int32(os.Getpid())}
	m, err := p.MemoryInfo()
	if err != nil {
		return 0, 0
	}
	return int64(m.RSS), 0
}
