package child

import "sync"

// outbox holds frames until the pipe takes them, so that nobody who sends one waits for a
// child that does not read. It is as long as there are requests under way. It is safe for
// concurrent use.
type outbox struct {
	mu     sync.Mutex
	frames []any
	filled chan struct{} // holds a value when there may be frames
}

func newOutbox() outbox { return outbox{filled: make(chan struct{}, 1)} }

func (o *outbox) put(frame any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.frames = append(o.frames, frame)
	select {
	case o.filled <- struct{}{}:
	default:
	}
}

// take waits for frames and returns all there are, which may be none; ok is false once stop
// is closed.
func (o *outbox) take(stop <-chan struct{}) (frames []any, ok bool) {
	select {
	case <-o.filled:
	case <-stop:
		return nil, false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	frames, o.frames = o.frames, nil
	return frames, true
}
