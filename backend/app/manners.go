package app

import (
	"context"
	"sync"
	"time"

	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/power"
)

// manners are those of a guest on a laptop: fewer cores on battery, nothing when it is low,
// and no sleep while there is work.
type manners struct {
	mu       sync.Mutex
	state    power.State
	decision power.Decision
}

// Power says whether fewer cores are used because the machine runs on its battery, and
// whether everything waits because that is low.
func (a *App) Power() (onBattery, held bool) {
	a.manners.mu.Lock()
	defer a.manners.mu.Unlock()
	return a.manners.state.OnBattery, a.manners.decision.Pause
}

// mindManners starts what watches the battery, for a window, and what keeps the machine
// awake.
func (a *App) mindManners(ctx context.Context, resident bool) {
	if a.Settings.KeepAwake {
		a.stayAwake(ctx)
	}
	if resident {
		a.watchBattery(ctx)
	}
}

func (a *App) watchBattery(ctx context.Context) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		power.Watch(ctx, power.System(), power.Interval, a.onPower)
	}()
	a.closers = append(a.closers, func() error { stop(); <-done; return nil })
}

// onPower acts upon a new state of the battery.
func (a *App) onPower(now power.State) {
	rules := power.Rules{
		PausePercent: a.Settings.BatteryPausePercent,
		Workers:      a.Settings.Workers, BatteryWorkers: a.Settings.WorkersOnBattery(),
	}
	a.manners.mu.Lock()
	before := a.manners.decision
	after := rules.Decide(before, now)
	a.manners.state, a.manners.decision = now, after
	a.manners.mu.Unlock()
	if after == before {
		return
	}
	a.Log.Info("power", "on_battery", now.OnBattery, "percent", now.Percent, "pause", after.Pause, "workers", after.Workers)
	a.Engine.SetWorkers(slots(after.Workers))
	a.Queue.Hold(after.Pause)
}

// drowsy is how long after the last sign of work the machine may sleep again. Signs come
// with each page that begins or ends, and the longest take about half a minute.
const drowsy = time.Minute

// stayAwake keeps the machine awake while pages come and go.
func (a *App) stayAwake(ctx context.Context) {
	awake := power.NewAwake(power.SystemLock, a.Log)
	signs := make(chan struct{}, 1)
	unsubscribe := a.Queue.Subscribe(func(b job.Batch) {
		if len(b.Tasks) == 0 {
			return
		}
		select {
		case signs <- struct{}{}:
		default:
		}
	})
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		keepAwake(ctx, awake, signs)
	}()
	a.closers = append(a.closers, func() error { unsubscribe(); stop(); <-done; return nil })
}

// keepAwake holds awake from each sign until none has come for a while, or ctx ends.
func keepAwake(ctx context.Context, awake *power.Awake, signs <-chan struct{}) {
	for {
		select {
		case <-signs:
		case <-ctx.Done():
			return
		}
		awake.Acquire(ctx)
		for waiting := true; waiting; {
			select {
			case <-signs:
			case <-time.After(drowsy):
				waiting = false
			case <-ctx.Done():
				waiting = false
			}
		}
		awake.Release()
	}
}
