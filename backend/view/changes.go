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
	Tasks []TaskChange `json:"tasks"`
}

// TaskChange is the new state of one task.
type TaskChange struct {
	ID      int64  `json:"id"`
	Job     int64  `json:"job"`
	Kind    string `json:"kind,omitempty"`
	State   string `json:"state"`
	Attempt int    `json:"attempt"`
	Error   *Error `json:"error,omitempty"`
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
}

// OfTaskChange shows the new state of a task.
func OfTaskChange(t inkpool.Task) TaskChange {
	return TaskChange{
		ID: int64(t.ID), Job: int64(t.Job), Kind: string(t.Kind), State: string(t.State),
		Attempt: t.Attempt, Error: OfError(t.Error),
	}
}
