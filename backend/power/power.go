// Package power minds the manners of a guest on a laptop: it knows the State of the battery,
// says by Rules what work it leaves, and keeps the machine awake (Awake) while there is work.
//
// A Source reads the state from the system, Watch polls it and tells of changes, and
// Rules.Decide turns a state into a Decision. Rules and states are plain values; Awake may be
// used by many goroutines. The package pauses nothing itself, and a machine that does not
// tell, or does not let itself be kept awake, is no error: it counts as one on mains, and
// sleeps when it likes.
package power

import (
	"context"
	"time"
)

// State is what the machine runs on. The zero value is a machine on mains without battery.
type State struct {
	Present   bool // it has a battery; those of mice and headsets do not count
	OnBattery bool // and runs on it
	Percent   int  // charge of all its batteries, 0..100, or Unknown; 0 when not Present
}

// Unknown is the Percent of a battery that does not tell its charge.
const Unknown = -1

// Source reads the state of the machine. It returns an error when the system does not
// answer, which says nothing about the state.
type Source func(ctx context.Context) (State, error)

const (
	// Interval is how often to poll the state. A change is to be acted upon within 15 s,
	// and reading may take patience.
	Interval = 10 * time.Second
	// patience is how long the system may take to answer. Sources answer in milliseconds,
	// and a bus that is dead never.
	patience = 2 * time.Second
)

// Watch polls source at once and then each interval, and calls tell with the first state and
// with each one that differs from that before. It returns when ctx ends; until then it calls
// tell from the caller's goroutine, and a tell that blocks delays the next poll. A failed
// poll changes nothing: the state is that of the poll before, or mains where there is none.
func Watch(ctx context.Context, source Source, interval time.Duration, tell func(State)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	told := poll(ctx, source, State{})
	if ctx.Err() != nil {
		return
	}
	tell(told)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := poll(ctx, source, told)
		if now != told && ctx.Err() == nil {
			told = now
			tell(told)
		}
	}
}

// poll returns the state of now, or before when the system does not answer.
func poll(ctx context.Context, source Source, before State) State {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	now, err := source(ctx)
	if err != nil {
		return before
	}
	return now
}
