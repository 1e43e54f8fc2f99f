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

// emptyStore is a Store of nothing that counts how often it is asked for a task.
type emptyStore struct {
	inkpool.Store
	asked *atomic.Int32
}

func (s emptyStore) ClaimTask(context.Context, inkpool.Claim) (inkpool.Task, bool, error) {
	s.asked.Add(1)
	return inkpool.Task{}, false, nil
}

func (emptyStore) Pause(context.Context, inkpool.Scope) ([]inkpool.JobID, error) { return nil, nil }

func (emptyStore) RecoverTasks(context.Context, string, bool) (inkpool.Recovered, error) {
	return inkpool.Recovered{}, nil
}

func TestBattery(t *testing.T) { synctest.Test(t, testBattery) }

func testBattery(t *testing.T) {
	workers := slots(1024) // as many as this machine has
	var asked atomic.Int32
	q, err := job.New(t.Context(), emptyStore{asked: &asked}, nil, job.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	q.Start()
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
		synctest.Wait()
		before := asked.Load()
		if err := q.Pause(t.Context(), inkpool.Scope{}); err != nil { // any change has the queue look for work
			t.Fatal(err)
		}
		synctest.Wait()
		if looked := asked.Load() > before; looked == step.held {
			t.Errorf("%+v: the queue looked for work: %v, want %v", step.now, looked, !step.held)
		}
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
