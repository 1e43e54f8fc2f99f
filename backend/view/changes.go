package view

import "github.com/inkpool/inkpool/backend/inkpool"

// Snapshot is the newest part of the history at one moment. Changes with a Seq at or below
// the snapshot's are already in it.
type Snapshot struct {
	Seq  int64 `json:"seq"`
	Jobs []Job `json:"jobs"` // newest first
}

// Changes is one batch of the change feed: the latest state of what changed since the
// batch before, never texts or pictures. Seq grows by one with each batch; after a gap a
// reader takes a new Snapshot. Batches may arrive out of order.
type Changes struct {
	Seq   int64        `json:"seq"`
	Jobs  []Job        `json:"jobs"`
	Gone  []int64      `json:"gone"` // jobs that have been removed
	Many  []int64      `json:"many"` // jobs whose tasks are to be read again: too many have changed
	Tasks []TaskChange `json:"tasks"`
}

// TaskChange is the new state of one task.
type TaskChange struct {
	ID      int64  `json:"id"`
	Job     int64  `json:"job"`
	Kind    string `json:"kind,omitempty"`
	State   string `json:"state"`
	Held    bool   `json:"held,omitempty"`
	Attempt int    `json:"attempt"`
	Error   *Error `json:"error,omitempty"`

	Progress *Progress `json:"progress,omitempty"` // of a long translation, while it runs
}

// Dropped tells what became of files that were dropped on the window: a job, or an error.
type Dropped struct {
	Job   *Job   `json:"job,omitempty"`
	Error *Error `json:"error,omitempty"`
}

// About says what this program is and whether it can read.
type About struct {
	Version string `json:"version"`
	Model   string `json:"model"`
	Workers int    `json:"workers"`
	Home    string `json:"home"`
	Ready   bool   `json:"ready"`
	Problem *Error `json:"problem,omitempty"` // why it is not ready
	// What a run that was cut short had left: queued again, and set aside.
	Recovered   int `json:"recovered"`
	Quarantined int `json:"quarantined"`
}

// Engine says what the engine takes of the machine.
type Engine struct {
	Process       int      `json:"process"`        // id of the engine's process; 0 while there is none
	ResidentBytes int64    `json:"resident_bytes"` // of that process
	PeakBytes     int64    `json:"peak_bytes"`
	BudgetBytes   int64    `json:"budget_bytes"`   // what pages at work may take
	ReservedBytes int64    `json:"reserved_bytes"` // of that, taken now
	Restarts      int      `json:"restarts"`       // after its process had died
	Devices       []Device `json:"devices"`
	Notices       []*Error `json:"notices"`
	OnBattery     bool     `json:"on_battery"` // fewer cores are used
	Held          bool     `json:"held"`       // everything waits, because the battery is low
}

// Device is one device of the engine.
type Device struct {
	Name     string `json:"name"` // "cpu", "webgpu", …
	Slots    int    `json:"slots"`
	Busy     int    `json:"busy"`
	Sessions int    `json:"sessions"` // models loaded
}

// OfUsage shows what the engine takes.
func OfUsage(u inkpool.Usage) Engine {
	e := Engine{
		Process: u.Process, ResidentBytes: u.ResidentBytes, PeakBytes: u.PeakBytes,
		BudgetBytes: u.BudgetBytes, ReservedBytes: u.ReservedBytes, Restarts: u.Restarts,
		Devices: []Device{}, Notices: []*Error{},
	}
	for _, d := range u.Devices {
		e.Devices = append(e.Devices, Device{Name: d.Name, Slots: d.Slots, Busy: d.Busy, Sessions: d.Sessions})
	}
	for _, n := range u.Notices {
		e.Notices = append(e.Notices, OfError(n))
	}
	return e
}

// OfTaskChange shows the new state of a task.
func OfTaskChange(t inkpool.Task) TaskChange {
	return TaskChange{
		ID: int64(t.ID), Job: int64(t.Job), Kind: string(t.Kind), State: string(t.State), Held: t.Held,
		Attempt: t.Attempt, Error: OfError(t.Error), Progress: progressOf(t.Progress),
	}
}
