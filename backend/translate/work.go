package translate

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

// work is one text on its way.
type work struct {
	t    *Translator
	page *pool.Page
	d    direction
	told func(done, total int, s inkpool.Segment)

	beams     int
	sentences []*todo

	mu   sync.Mutex // held while told is called
	done map[string]inkpool.Segment
}

// todo is a sentence, and the jobs that it is translated in: one, but for very long ones.
type todo struct {
	source string
	known  bool
	parts  []*job
	open   int // parts that are not done; guarded by work's mutex
}

// job is what is decoded at once.
type job struct {
	of   *todo
	text string
	ids  []int

	target   string
	doubtful bool
}

func (t *Translator) newWork(page *pool.Page, d direction, r Request, pieces []piece) *work {
	w := &work{t: t, page: page, d: d, told: r.Done, beams: r.Beams, done: map[string]inkpool.Segment{}}
	if w.beams < 1 {
		w.beams = t.config.Beams
	}
	seen := map[string]bool{}
	for _, p := range pieces {
		if p.kind != sentence || seen[p.text] {
			continue
		}
		seen[p.text] = true
		s := &todo{source: p.text}
		w.sentences = append(w.sentences, s)
		if r.Known != nil {
			if known, ok := r.Known(p.text); ok {
				s.known, w.done[p.text] = true, known
			}
		}
		for _, text := range t.shorten(p.text, d, t.longest()) {
			s.parts = append(s.parts, t.newJob(s, text, d))
		}
		s.open = len(s.parts)
	}
	return w
}

func (t *Translator) newJob(of *todo, text string, d direction) *job {
	return &job{of: of, text: text, ids: t.encode(text, d)}
}

// run translates what is not known. Batches run side by side, on as many slots as there are.
func (w *work) run(ctx context.Context) error {
	var all []*job
	for _, s := range w.sentences {
		all = append(all, s.parts...)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(w.page.N())
	for _, jobs := range w.t.model.plan(all, w.beams) {
		if jobs = unknown(jobs); len(jobs) > 0 {
			group.Go(func() error { return w.runBatch(ctx, jobs) })
		}
	}
	return group.Wait()
}

// unknown leaves out the jobs of sentences that are known. (They took part in the plan, so that
// a text that was interrupted goes on with the same batches.)
func unknown(jobs []*job) []*job {
	var left []*job
	for _, j := range jobs {
		if !j.of.known {
			left = append(left, j)
		}
	}
	return left
}

func (w *work) runBatch(ctx context.Context, jobs []*job) (err error) {
	defer inkpool.Recover(&err) // we are on a goroutine of our own
	if w.t.memory != nil {
		longest := len(jobs[0].ids)
		held, err := w.page.Reserve(ctx, w.t.memory, w.t.model.bytesFor(len(jobs)*w.beams, longest, longest))
		if err != nil {
			return err
		}
		defer held.Release()
	}
	if err := w.settle(ctx, jobs); err != nil {
		return err
	}
	for _, j := range jobs {
		w.finish(j)
	}
	return nil
}

// finish counts a job as done and, with the last one of a sentence, the sentence.
func (w *work) finish(j *job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := j.of
	if s.open--; s.open > 0 {
		return
	}
	out := inkpool.Segment{Source: s.source, Target: w.join(s.parts)}
	for _, p := range s.parts {
		out.Doubtful = out.Doubtful || p.doubtful
	}
	out.Doubtful = out.Doubtful || losesNumber(out.Source, out.Target)
	w.done[s.source] = out
	if w.told != nil {
		w.told(len(w.done), len(w.sentences), out)
	}
}
