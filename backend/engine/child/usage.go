package child

import (
	"context"
	"slices"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// usagePatience is how long a child may take to say what it uses; it answers within a
// millisecond unless it is stopped or starved.
const usagePatience = 250 * time.Millisecond

// Usage says what the child takes of the machine, and starts none. Without one, and from one
// that does not answer, it is what was known last, less what has been freed.
func (e *Engine) Usage() inkpool.Usage {
	e.mu.Lock()
	p, u := e.child, e.last
	e.mu.Unlock()
	if p == nil {
		return e.account(freed(u))
	}
	if now, ok := askUsage(p); ok {
		u = now
	}
	u.Process = p.pid()
	return e.account(u)
}

// account remembers u, and adds what the parent knows.
func (e *Engine) account(u inkpool.Usage) inkpool.Usage {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.last = u
	u.Restarts = e.deaths
	if e.trouble != nil && (e.child == nil || !e.child.answered()) {
		u.Notices = append(slices.Clone(u.Notices), e.trouble)
	}
	return u
}

// askUsage asks p without holding it: looking does not keep a child alive.
func askUsage(p *process) (inkpool.Usage, bool) {
	c, err := p.send(request{Do: doUsage})
	if err != nil {
		return inkpool.Usage{}, false
	}
	ctx, cancel := context.WithTimeout(context.Background(), usagePatience)
	defer cancel()
	select {
	case <-c.done:
		return c.reply.Usage, c.err == nil
	case <-ctx.Done():
		p.forget(c)
		return inkpool.Usage{}, false
	}
}

// freed is u after the end of the process.
func freed(u inkpool.Usage) inkpool.Usage {
	u.Process, u.ResidentBytes, u.PeakBytes, u.ReservedBytes = 0, 0, 0, 0
	u.Devices = slices.Clone(u.Devices)
	for i := range u.Devices {
		u.Devices[i].Busy, u.Devices[i].Sessions = 0, 0
	}
	return u
}
