package cli

import (
	"fmt"
	"strconv"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// progress tells a person how far a run is: failures as they come, and on a terminal one
// line that is overwritten.
type progress struct {
	d         *door
	watched   bool // show the line
	total, at int
	shown     time.Time
}

// progressInterval keeps a fast run from drowning in escape sequences.
const progressInterval = 100 * time.Millisecond

func (d *door) newProgress(total int, o output) *progress {
	return &progress{d: d, watched: d.watched && (o.path != "" || !d.showsData), total: total}
}

// ended tells that a task has ended, with some trouble or, as nil, without.
func (p *progress) ended(t inkpool.Task, name string, trouble *view.Error) {
	p.at++
	if trouble != nil {
		p.clear()
		p.d.note("inkpool: %s: %s", quoted(name, t), sentence(trouble.Known()))
	}
	if p.watched && (time.Since(p.shown) >= progressInterval || p.at == p.total) {
		p.shown = time.Now()
		_, _ = fmt.Fprintf(p.d.stderr, "\r\x1b[K%d of %d", p.at, p.total)
	}
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
	if p.watched {
		_, _ = fmt.Fprint(p.d.stderr, "\r\x1b[K")
	}
}
