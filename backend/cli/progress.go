package cli

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/view"
)

// progress tells a person how far a run is: failures as they come, and on a terminal one
// line that is overwritten. It is safe for concurrent use.
type progress struct {
	d       *door
	watched bool // show the line
	total   int

	mu        sync.Mutex
	at        int
	sentences inkpool.Progress // of the task that told last how far it has come
	shown     time.Time
}

// progressInterval keeps a fast run from drowning in escape sequences.
const progressInterval = 100 * time.Millisecond

func (d *door) newProgress(total int, o output) *progress {
	return &progress{d: d, watched: d.watched && (o.path != "" || !d.showsData), total: total}
}

// ended tells that a task has ended, with some trouble or, as nil, without.
func (p *progress) ended(t inkpool.Task, name string, trouble *view.Error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at++
	p.sentences = inkpool.Progress{}
	if trouble != nil {
		p.wipe()
		p.d.note("inkpool: %s: %s", quoted(name, t), sentence(trouble.Known()))
	}
	p.show()
}

// changed tells how far translations have come.
func (p *progress) changed(b job.Batch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range b.Tasks {
		if t.Progress.Total > 0 {
			p.sentences = t.Progress
			p.show()
		}
	}
}

// show writes the line, unless that was a moment ago.
func (p *progress) show() {
	if !p.watched || time.Since(p.shown) < progressInterval && p.at < p.total {
		return
	}
	p.shown = time.Now()
	line := fmt.Sprintf("%d of %d", p.at, p.total)
	if s := p.sentences; s.Total > 0 {
		line += fmt.Sprintf(", sentence %d of %d", s.Done, s.Total)
	}
	_, _ = fmt.Fprint(p.d.stderr, "\r\x1b[K"+line)
}

// quoted is what a task is called in messages: its name, and its page where the file is known
// to have more than one.
func quoted(name string, t inkpool.Task) string {
	if t.Page > 1 {
		return fmt.Sprintf("%q, page %d", name, t.Page)
	}
	return strconv.Quote(name)
}

func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
}

func (p *progress) wipe() {
	if p.watched {
		_, _ = fmt.Fprint(p.d.stderr, "\r\x1b[K")
	}
}
