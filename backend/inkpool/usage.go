package inkpool

import "time"

// Usage is what the engine takes of the machine at one moment.
type Usage struct {
	Process       int   // id of the engine's process
	ResidentBytes int64 // of that process, now
	PeakBytes     int64 // of that process, since it was started
	BudgetBytes   int64 // what pages at work may take, as predicted
	ReservedBytes int64 // of that, taken now
	Devices       []DeviceUsage
	Restarts      int      // how often the engine's process has died and come back
	Notices       []*Error // what a person should know, such as a device that cannot be used
}

// DeviceUsage is one device of the engine.
type DeviceUsage struct {
	Name     string // "cpu", "webgpu", …
	Slots    int    // cores, or runs at once
	Busy     int    // of them, taken now
	Sessions int    // models loaded; 0 while idle

	// Computed is the processor time of all runs of the models that are loaded now; 0 where
	// the system does not tell, and on devices that are no processors.
	Computed time.Duration
}
