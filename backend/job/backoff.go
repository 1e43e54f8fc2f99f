package job

import (
	"context"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// maxBackoff is how long a full disk that has been cleared is noticed late at most.
const maxBackoff = 8 * time.Second

// backoff waits 1, 2, 4, 8, 8, … s.
type backoff struct{ next time.Duration }

func newBackoff() backoff { return backoff{next: time.Second} }

// wait waits, or returns at once when ctx ends.
func (b *backoff) wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(b.next):
	}
	b.next = min(2*b.next, maxBackoff)
}

// retryAfter is when a task that met a passing fault, a disk that does not answer, say, is
// tried again: three times, until half a minute has gone by.
func retryAfter(faults int) (after time.Duration, ok bool) {
	steps := [...]time.Duration{time.Second, 5 * time.Second, 25 * time.Second}
	if faults >= len(steps) {
		return 0, false
	}
	return steps[faults], true
}

// waitingTask is a queued task that is not due yet.
type waitingTask struct {
	job   inkpool.JobID
	timer *time.Timer
}

func (q *Queue) mayRetry(task inkpool.Task) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	_, ok := retryAfter(q.faults[task.ID])
	return ok
}

// later counts a fault of a task and says when it may be tried again.
func (q *Queue) later(task inkpool.Task) time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	after, _ := retryAfter(q.faults[task.ID])
	q.faults[task.ID]++
	return q.now().Add(after)
}

func (q *Queue) forgetFaults(id inkpool.TaskID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.faults, id)
}

// wakeAt makes a turn when a queued task is due; q.mu is held. The store keeps milliseconds:
// one more, so that the task is due by its clock too.
func (q *Queue) wakeAt(task inkpool.Task, due time.Time) {
	if q.ctx.Err() != nil {
		return // closed: the next process takes it up
	}
	timer := time.AfterFunc(due.Sub(q.now())+time.Millisecond, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.waiting, task.ID)
		q.turnLocked()
	})
	q.waiting[task.ID] = waitingTask{job: task.Job, timer: timer}
}
