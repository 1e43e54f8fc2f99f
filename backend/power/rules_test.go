package power_test

import (
	"testing"

	"github.com/inkpool/inkpool/backend/power"
)

func TestDecide(t *testing.T) {
	rules := power.Rules{PausePercent: 20, Workers: 8, BatteryWorkers: 4}
	never := power.Rules{Workers: 8, BatteryWorkers: 4}
	all := power.Rules{PausePercent: 20, Workers: 8}
	few := power.Rules{PausePercent: 20, Workers: 2, BatteryWorkers: 4}
	battery := func(percent int) power.State {
		return power.State{Present: true, OnBattery: true, Percent: percent}
	}
	mains := func(percent int) power.State { return power.State{Present: true, Percent: percent} }
	paused := power.Decision{Pause: true, Workers: 4}

	for name, c := range map[string]struct {
		rules  power.Rules
		before power.Decision
		now    power.State
		want   power.Decision
	}{
		"no battery":                        {rules, power.Decision{}, power.State{}, power.Decision{Workers: 8}},
		"mains, empty":                      {rules, power.Decision{}, mains(0), power.Decision{Workers: 8}},
		"battery, full":                     {rules, power.Decision{}, battery(100), power.Decision{Workers: 4}},
		"battery, at the limit":             {rules, power.Decision{Workers: 4}, battery(20), power.Decision{Workers: 4}},
		"battery, below":                    {rules, power.Decision{Workers: 4}, battery(19), paused},
		"battery, empty":                    {rules, power.Decision{}, battery(0), paused},
		"paused, still below":               {rules, paused, battery(19), paused},
		"paused, hardly above":              {rules, paused, battery(25), paused},
		"paused, above":                     {rules, paused, battery(26), power.Decision{Workers: 4}},
		"paused, plugged in":                {rules, paused, mains(5), power.Decision{Workers: 8}},
		"paused, battery taken out":         {rules, paused, power.State{}, power.Decision{Workers: 8}},
		"paused, charge no longer known":    {rules, paused, battery(power.Unknown), power.Decision{Workers: 4}},
		"charge unknown":                    {rules, power.Decision{}, battery(power.Unknown), power.Decision{Workers: 4}},
		"never pauses":                      {never, power.Decision{}, battery(0), power.Decision{Workers: 4}},
		"never pauses, paused by old rules": {never, paused, battery(3), power.Decision{Workers: 4}},
		"all workers":                       {all, power.Decision{}, battery(50), power.Decision{Workers: 8}},
		"no more than on mains":             {few, power.Decision{}, battery(50), power.Decision{Workers: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.rules.Decide(c.before, c.now); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestDecideDoesNotFlutter drains a battery whose gauge recovers by some percent as soon as
// the load ends, as gauges do.
func TestDecideDoesNotFlutter(t *testing.T) {
	rules := power.Rules{PausePercent: 20, Workers: 2}
	var d power.Decision
	changes := 0
	for percent := 40; percent >= 10; percent-- {
		for _, shown := range []int{percent, percent + 3} {
			next := rules.Decide(d, power.State{Present: true, OnBattery: true, Percent: shown})
			if next.Pause != d.Pause {
				changes++
			}
			d = next
		}
	}
	if changes != 1 || !d.Pause {
		t.Errorf("got %d changes, paused %v, want a pause, once", changes, d.Pause)
	}
}
