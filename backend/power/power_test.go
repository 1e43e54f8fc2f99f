package power_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/power"
)

// reading is what a fake source answers.
type reading struct {
	state power.State
	err   error
}

// watched returns what Watch tells, and when, while source gives the readings one by one
// and the last for ever.
func watched(t *testing.T, interval, total time.Duration, readings ...reading) map[time.Duration]power.State {
	t.Helper()
	told := map[time.Duration]power.State{}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), total)
		defer cancel()
		start := time.Now()
		source := func(context.Context) (power.State, error) {
			now := readings[0]
			readings = readings[min(1, len(readings)-1):]
			return now.state, now.err
		}
		power.Watch(ctx, source, interval, func(s power.State) { told[time.Since(start)] = s })
		if got := time.Since(start); got != total {
			t.Errorf("watched for %v, want until the context ended after %v", got, total)
		}
	})
	return told
}

func TestWatchTellsChanges(t *testing.T) {
	const interval = 10 * time.Second
	full := power.State{Present: true, Percent: 100}
	low := power.State{Present: true, OnBattery: true, Percent: 19}
	broken := errors.New("no answer")
	for name, c := range map[string]struct {
		readings []reading
		want     map[time.Duration]power.State
	}{
		"nothing changes": {[]reading{{full, nil}}, map[time.Duration]power.State{0: full}},
		"there and back": {[]reading{{full, nil}, {full, nil}, {low, nil}, {low, nil}, {full, nil}},
			map[time.Duration]power.State{0: full, 20 * time.Second: low, 40 * time.Second: full}},
		"no answer from the start": {[]reading{{low, broken}}, map[time.Duration]power.State{0: {}}},
		"an answer at last":        {[]reading{{low, broken}, {low, nil}}, map[time.Duration]power.State{0: {}, interval: low}},
		"no answer in between":     {[]reading{{low, nil}, {power.State{}, broken}, {low, nil}}, map[time.Duration]power.State{0: low}},
	} {
		t.Run(name, func(t *testing.T) {
			got := watched(t, interval, 75*time.Second, c.readings...)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestWatchIsInTime asks for what people see: unplugging and plugging in take effect within
// 15 s, also when the system takes as long to answer as it may.
func TestWatchIsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		const changes = 1 // s after the first poll
		start := time.Now()
		slow := func(ctx context.Context) (power.State, error) {
			s := power.State{Present: true, OnBattery: time.Since(start) > changes*time.Second}
			select {
			case <-ctx.Done():
				return power.State{}, ctx.Err()
			case <-time.After(1900 * time.Millisecond):
				return s, nil
			}
		}
		power.Watch(ctx, slow, power.Interval, func(s power.State) {
			if !s.OnBattery {
				return
			}
			if late := time.Since(start) - changes*time.Second; late > 15*time.Second {
				t.Errorf("told %v after the change, want at most 15 s", late)
			}
			cancel()
		})
	})
}

func TestWatchGivesUpOnASlowSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		hangs := func(ctx context.Context) (power.State, error) {
			<-ctx.Done()
			return power.State{OnBattery: true}, ctx.Err()
		}
		power.Watch(ctx, hangs, power.Interval, func(s power.State) {
			if got := time.Since(start); s != (power.State{}) || got != 2*time.Second {
				t.Errorf("got %+v after %v, want mains after 2 s", s, got)
			}
			cancel()
		})
	})
}

func TestWatchTellsNothingWhenItIsOver(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	source := func(ctx context.Context) (power.State, error) { return power.State{}, nil }
	power.Watch(ctx, source, time.Hour, func(s power.State) { t.Errorf("told %+v, want nothing", s) })
}

// TestSystem asks this machine, whatever it is.
func TestSystem(t *testing.T) {
	s, err := power.System()(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !s.Present && s != (power.State{}) || s.Percent < power.Unknown || s.Percent > 100 {
		t.Errorf("got %+v, which no machine can be", s)
	}
}
