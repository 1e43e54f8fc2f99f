package main

import (
	"context"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// How often the processes are looked at. A peak in the last moment before a process ends goes
// unseen: the shorter a process lasts, the more it may be. Looking takes CPU time that they would like to have:
// 2 to 6 ms, most of it for finding children in the list of all processes.
const (
	restAtLeast = 100 * time.Millisecond
	restFactor  = 50 // × the time that a look took: at most 2 % of one core go into looking
)

// watcher looks at processes and all their descendants while they run.
type watcher struct {
	cancel context.CancelFunc
	done   chan use
}

// use is what one process or several have used.
type use struct {
	peak uint64 // resident bytes: the sum of each one's highest; pages that two of them share count twice
	cpu  time.Duration
}

// watch starts a goroutine that looks at pids until end is called.
func watch(pids []int32) *watcher {
	ctx, cancel := context.WithCancel(context.Background())
	w := &watcher{cancel: cancel, done: make(chan use, 1)}
	go func() {
		seen := map[int32]use{}
		for ctx.Err() == nil {
			began := time.Now()
			look(ctx, pids, seen)
			select {
			case <-ctx.Done():
			case <-time.After(max(restAtLeast, restFactor*time.Since(began))):
			}
		}
		w.done <- total(seen)
	}()
	return w
}

// end stops the goroutine and returns what all processes have used, each as it was last seen.
func (w *watcher) end() use {
	w.cancel()
	return <-w.done
}

func total(seen map[int32]use) use {
	var sum use
	for _, u := range seen {
		sum.peak, sum.cpu = sum.peak+u.peak, sum.cpu+u.cpu
	}
	return sum
}

// look notes what pids and their descendants have used so far. One that has ended meanwhile
// stays as it was seen before.
func look(ctx context.Context, pids []int32, seen map[int32]use) {
	for _, pid := range pids {
		p, err := process.NewProcessWithContext(ctx, pid)
		if err != nil {
			continue
		}
		u := seen[pid]
		if m, err := p.MemoryInfoWithContext(ctx); err == nil {
			u.peak = max(u.peak, m.HWM, m.RSS) // not every system knows the first
		}
		if t, err := p.TimesWithContext(ctx); err == nil {
			u.cpu = time.Duration((t.User + t.System) * float64(time.Second))
		}
		seen[pid] = u
		if children, err := p.ChildrenWithContext(ctx); err == nil { // an error says that it has ended or has none
			look(ctx, idsOf(children), seen)
		}
	}
}

func idsOf(processes []*process.Process) []int32 {
	var ids []int32
	for _, p := range processes {
		ids = append(ids, p.Pid)
	}
	return ids
}
