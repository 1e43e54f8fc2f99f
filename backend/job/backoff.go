package job

import (
	"context"
	"time"
)

// maxBackoff is how long a full disk that has been cleared is noticed late at most.
const maxBackoff = 30 * time.Second

// backoff waits 1, 2, 4, … 30 s.
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
