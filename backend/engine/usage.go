package engine

import (
	"os"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Usage tells what the engine takes of the machine now. What the system does not tell is 0.
func (e *Engine) Usage() inkpool.Usage {
	u := inkpool.Usage{
		Process:       os.Getpid(),
		BudgetBytes:   e.budget.Size(),
		ReservedBytes: e.budget.Taken(),
	}
	u.Devices, u.Notices = e.devices.usage()
	u.ResidentBytes, u.PeakBytes = resident()
	return u
}
