package app

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/power"
)

// slotted is an Engine that knows its number of workers only.
type slotted struct {
	Engine
	workers int
}

func (s *slotted) SetWorkers(n int) { s.workers = n }

// emptyStore is a Store of nothing.
type emptyStore struct{ inkpool.Store }

func (emptyStore) RecoverTasks(context.Context, string, bool) (inkpool.Recovered, error) {
	return inkpool.Recovered{}, nil
}

func TestBattery(t *testing.T) {
	workers := slots(1024) // as many as this machine has
	q, err := job.New(t.Context(), emptyStore{}, nil, job.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	e := &slotted{workers: -1}
	a := &App{
		Settings: config.Settings{Workers: workers, BatteryWorkers: 1, BatteryPausePercent: 20},
		Engine:   e, Queue: q, Log: slog.New(slog.DiscardHandler),
	}
	for _, step := range []struct {
		now       power.State
		workers   int
		onBattery bool
		held      bool
	}{
		{power.State{}, workers, false, false},
		{power.State{Present: true, OnBattery: true, Percent: 80}, 1, true, false},
		{power.State{Present: true, OnBattery: true, Percent: 19}, 1, true, true},
		{power.State{Present: true, OnBattery: true, Percent: 22}, 1, true, true}, // the gauge jumps
		{power.State{Present: true, Percent: 22}, workers, false, false},
	} {
		a.onPower(step.now)
		onBattery, held := a.Power()
		if e.workers != step.workers || onBattery != step.onBattery || held != step.held {
			t.Errorf("%+v: got %d workers, on battery %v, held %v; want %d, %v, %v",
				step.now, e.workers, onBattery, held, step.workers, step.onBattery, step.held)
		}
	}
}

func TestAwakeWhileThereAreSigns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var held atomic.Int32
		awake := power.NewAwake(func(context.Context) (func(), error) {
			held.Add(1)
			return func() { held.Add(-1) }, nil
		}, nil)
		ctx, stop := context.WithCancel(t.Context())
		signs, done := make(chan struct{}, 1), make(chan struct{})
		go func() { keepAwake(ctx, awake, signs); close(done) }()
		for i, step := range []struct {
			sign  bool
			after time.Duration
			want  int32
		}{
			{false, time.Hour, 0},
			{true, drowsy - time.Second, 1},
			{true, drowsy - time.Second, 1}, // each sign begins a new wait
			{false, 2 * time.Second, 0},
			{true, time.Second, 1},
		} {
			if step.sign {
				signs <- struct{}{}
			}
			time.Sleep(step.after)
			synctest.Wait()
			if got := held.Load(); got != step.want {
				t.Errorf("step %d: got %d locks, want %d", i, got, step.want)
			}
		}
		stop()
		<-done
		if got := held.Load(); got != 0 {
			t.Errorf("got %d locks at the end, want none", got)
		}
	})
}
