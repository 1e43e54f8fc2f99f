package job

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// The automatic deadline of a task: 20 times the median of its kind, but at least 30 s,
// because a first page also waits for the models to be loaded.
const (
	minDeadline = 30 * time.Second
	// Of tasks with which more is done: a batch of sentences takes up to 10 s on a core of a
	// laptop, others wait for the same cores, and what takes longer tells how it gets on.
	minDeadlineBeyond = 5 * time.Minute
	deadlineFactor    = 20
	remembered        = 64 // durations of which the median is taken
)

// deadlines says how long a task may take, going by how long others took. What kind of
// content a file has is known only when it has been read, so its extension tells the kind.
type deadlines struct {
	fixed time.Duration // 0: automatic

	mu     sync.Mutex
	recent map[string][]time.Duration // by extension: the last ones, in a ring
	count  map[string]int
}

func newDeadlines(fixed time.Duration) *deadlines {
	return &deadlines{fixed: fixed, recent: map[string][]time.Duration{}, count: map[string]int{}}
}

func (d *deadlines) of(task inkpool.Task) time.Duration {
	if d.fixed > 0 {
		return d.fixed
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	least := minDeadline
	if task.Steps.Any() {
		least = minDeadlineBeyond
	}
	took := slices.Sorted(slices.Values(d.recent[workOf(task)]))
	if len(took) == 0 {
		return least
	}
	return max(least, deadlineFactor*took[len(took)/2])
}

func (d *deadlines) took(task inkpool.Task, t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	kind := workOf(task)
	if len(d.recent[kind]) < remembered {
		d.recent[kind] = append(d.recent[kind], t)
	} else {
		d.recent[kind][d.count[kind]%remembered] = t
	}
	d.count[kind]++
}

// workOf names tasks that take about as long: those of a kind of file, read only or with
// steps beyond that.
func workOf(task inkpool.Task) string {
	kind := strings.ToLower(filepath.Ext(task.Path))
	if task.Steps.Any() {
		kind += " and more"
	}
	return kind
}

// alarm ends the context of a task that takes too long.
type alarm struct {
	timer  *time.Timer
	within time.Duration
	cancel context.CancelCauseFunc
}

// setAlarm returns a context that ends with errTimedOut unless the alarm is put off or stopped
// within that time.
func setAlarm(parent context.Context, within time.Duration) (context.Context, alarm) {
	ctx, cancel := context.WithCancelCause(parent)
	return ctx, alarm{time.AfterFunc(within, func() { cancel(errTimedOut) }), within, cancel}
}

// putOff begins the time anew. An alarm that has gone off stays so.
func (a alarm) putOff() { a.timer.Reset(a.within) }

func (a alarm) stop() {
	a.timer.Stop()
	a.cancel(nil)
}
