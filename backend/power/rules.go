package power

// Rules say what work a state of the battery leaves.
type Rules struct {
	PausePercent   int // pause on battery below this charge, 1..100; 0 never pauses
	Workers        int // cores to use on mains, at least 1
	BatteryWorkers int // cores to use on battery; 0 is as many as on mains
}

// Decision is what to do now.
type Decision struct {
	Pause   bool // start no task
	Workers int  // cores to use, at least 1 for rules with workers; also while paused
}

// recovery is how far, in percent, the charge must be above PausePercent before work goes
// on without mains. Gauges jump by some percent when the load ends, and would otherwise
// pause and go on by turns.
const recovery = 5

// Decide returns what to do in a state, after the decision before; the zero Decision stands
// for none. On mains work always goes on, and so it does with a charge that is Unknown.
func (r Rules) Decide(before Decision, now State) Decision {
	d := Decision{Workers: r.Workers}
	if !now.OnBattery {
		return d
	}
	if r.BatteryWorkers > 0 {
		d.Workers = min(r.BatteryWorkers, r.Workers)
	}
	if r.PausePercent > 0 && now.Percent != Unknown {
		d.Pause = now.Percent < r.PausePercent || before.Pause && now.Percent <= r.PausePercent+recovery
	}
	return d
}
