package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// TestKilledAtAnyMoment kills the program or its engine again and again while it works a
// job off. In the end every task must be done, once, with its own text.
//
// One exception is by design: a task with which the engine has died is tried once more,
// alone; when that time the engine is killed as well, it is set aside. Nothing tells such a
// task from one that kills. So the test demands of each task that was set aside that this
// happened to it, twice and alone the second time, and of all others that they are done.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: run it without -short")
	}
	files, kills := 400, 25
	if inFull() {
		files, kills = 10_000, 1_000
	}
	s := newSite(t, numbered(files)...)
	r := slaughter{site: s, dice: dice(t), kills: kills, pageTime: 5 * time.Millisecond, starting: 100 * time.Millisecond,
		soon: 2 * time.Second}
	r.run(t)
	r.want(t, stubText)
}

// TestKilledWithTheRealEngine does the same to the real engine.
func TestKilledWithTheRealEngine(t *testing.T) {
	if testing.Short() || !hasModels() {
		t.Skip("takes seconds and needs the models: run it without -short, after make setup")
	}
	copies, kills, samples := 4, 2, quickSamples()
	if inFull() {
		copies, kills, samples = 8, 50, []string{"[^.]*"}
	}
	s := newSite(t)
	s.pageTime = ""
	s.linkSamples(t, copies, samples...)
	clean := s
	clean.home = t.TempDir()
	read := clean.run(t, "run", "--format", "jsonl", s.files)
	read.want(t, 0, "")
	texts := map[string]string{}
	for _, p := range read.pages(t) {
		texts[p.Path] = p.Text
	}
	r := slaughter{site: s, dice: dice(t), kills: kills, pageTime: 50 * time.Millisecond, starting: 400 * time.Millisecond,
		soon: 15 * time.Second} // models are loaded first, and a page takes seconds on a busy machine
	r.run(t)
	r.want(t, func(path string) string { return texts[path] })
}

// slaughter works a job off and kills whoever does.
type slaughter struct {
	site
	dice     *rand.Rand
	kills    int           // wanted; half of them must land
	pageTime time.Duration // that all pages take, divided by their number: about
	starting time.Duration // until the first page is done: about
	soon     time.Duration // after a start or a death of the engine a page must be done

	starts   []time.Time // of the program
	parents  int         // killed
	children []time.Time // when the engine was killed
	engines  []int       // process numbers of engines that were seen
}

func (r *slaughter) run(t *testing.T) {
	t.Helper()
	first := r.start(t, "run", "--format", "jsonl", r.files)
	until(t, "the job is accepted", func() bool { return r.accepted(t) })
	r.kill(t, first)
	for r.parents+len(r.children) < r.kills && r.left(t) > 0 {
		r.live(t)
	}
	end := r.start(t, "jobs", "resume", "1", "--format", "jsonl")
	err := <-end.ended
	l := r.ledger(t)
	want := 0
	if len(l.in(inkpool.StateQuarantined)) > 0 {
		want = 1
	}
	if got := exitCode(err); got != want {
		t.Errorf("the last run: got exit code %d, want %d: %s", got, want, end.stderr.String())
	}
	t.Logf("killed the program %d times, the engine %d times", r.parents, len(r.children))
	// The machine's load decides how many come before the work is done.
	if landed := r.parents + len(r.children); r.parents == 0 || len(r.children) == 0 || landed < r.kills/2 {
		t.Errorf("killed %d times, want %d, or half of it, of both kinds", landed, r.kills)
	}
}

// live is the life of a program: now and then its engine is killed, and then it is itself.
func (r *slaughter) live(t *testing.T) {
	p := r.start(t, "jobs", "resume", "1", "--format", "jsonl")
	for {
		pause := time.NewTimer(r.pause(t))
		select {
		case err := <-p.ended: // nothing was left to do
			if code := exitCode(err); code > 1 {
				t.Errorf("got exit code %d: %s", code, p.stderr.String())
			}
			return
		case <-pause.C:
		}
		if engine := p.engine(); engine != 0 && (len(r.children) == 0 || r.dice.IntN(2) == 0) {
			r.killEngine(engine)
			continue
		}
		r.kill(t, p)
		return
	}
}

// pause is how long to let it live: so that what is left lasts for the kills that are left,
// with some to spare.
func (r *slaughter) pause(t *testing.T) time.Duration {
	left := max(1, r.kills-r.parents-len(r.children))
	work := time.Duration(r.left(t)) * r.pageTime / time.Duration(left)
	return rand.N(r.starting) + time.Duration(r.dice.Float64()*1.5*float64(work))
}

// accepted reports whether the history, which is being made, has the job.
func (r *slaughter) accepted(t *testing.T) bool {
	t.Helper()
	store, err := app.History(t.Context(), r.settings())
	if err != nil {
		return false
	}
	defer store.Close()
	_, err = store.Job(t.Context(), 1)
	return err == nil
}

// left is how many tasks the history has that have not ended.
func (r *slaughter) left(t *testing.T) int {
	t.Helper()
	store, err := app.History(t.Context(), r.settings())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	j, err := store.Job(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return j.Counts.Queued + j.Counts.Running
}

// kill kills the program and counts it when that is what it died of.
func (r *slaughter) kill(t *testing.T, v victim) {
	t.Helper()
	r.engines = append(r.engines, v.engine())
	if err := syscall.Kill(v.pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) { // it has just ended
		t.Fatal(err)
	}
	if exitCode(<-v.ended) == 128+int(syscall.SIGKILL) {
		r.parents++
	}
}

// killEngine kills an engine's process and counts that, unless it has just ended.
func (r *slaughter) killEngine(pid int) {
	if syscall.Kill(pid, syscall.SIGKILL) == nil {
		r.engines = append(r.engines, pid)
		r.children = append(r.children, time.Now())
	}
}

// victim is a program at work.
type victim struct {
	pid    int
	ended  chan error
	stderr *bytes.Buffer // to be read when it has ended
}

func (r *slaughter) start(t *testing.T, args ...string) victim {
	t.Helper()
	c := r.command(t, args...)
	v := victim{ended: make(chan error, 1), stderr: new(bytes.Buffer)}
	c.Stderr = v.stderr
	r.starts = append(r.starts, time.Now())
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	v.pid = c.Process.Pid
	go func() { v.ended <- c.Wait() }()
	return v
}

// engine is the number of the engine's process; 0 while there is none.
func (v victim) engine() int {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", v.pid))
	for _, list := range lists {
		data, _ := os.ReadFile(list) // the thread may be gone
		for child := range strings.FieldsSeq(string(data)) {
			if pid, err := strconv.Atoi(child); err == nil && isEngine(pid) {
				return pid
			}
		}
	}
	return 0
}

// isEngine reports whether a process lives and is an engine's.
func isEngine(pid int) bool {
	words, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)) // that of a zombie is empty
	return bytes.HasSuffix(words, []byte("inkpool\x00engine\x00"))
}

func (r *slaughter) want(t *testing.T, text func(string) string) {
	t.Helper()
	l := r.ledger(t)
	l.want(t, r.allPaths(t), text)
	l.wantAloneWhenSetAside(t)
	t.Logf("%d tasks, %d ran when the engine died, %d of them twice; %d ran when the program died",
		len(l.tasks), l.has("requeued", "engine_crashed"), len(l.in(inkpool.StateQuarantined)), l.has("requeued", "its process"))
	r.wantExported(t, l)
	r.wantSoon(t, l)
	until(t, "no engine has outlived its program", func() bool { return !slices.ContainsFunc(r.engines, isEngine) })
}

// wantExported checks that an export holds the ledger's pages, no more and no less.
func (r *slaughter) wantExported(t *testing.T, l ledger) {
	t.Helper()
	r.site.run(t, "export", "1", "--format", "jsonl", "--out", "export.jsonl").want(t, 0, "written: ")
	data, err := os.ReadFile(filepath.Join(filepath.Dir(r.home), "export.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	pages := ran{stdout: string(data)}.pages(t)
	if len(pages) != len(l.pages) {
		t.Fatalf("exported %d pages, want %d", len(pages), len(l.pages))
	}
	for i, p := range pages {
		if w := l.pages[i]; p.Path != w.Path || p.Status != w.Status || p.Text != w.Text {
			t.Errorf("exported %+v, want %+v", p, w)
		}
	}
}

// wantSoon checks that a page was done soon after every start and every death of the
// engine, unless the next kill came before. After three engines that died one after the
// other without a page done between, the program takes its time on purpose.
func (r *slaughter) wantSoon(t *testing.T, l ledger) {
	t.Helper()
	done := l.finished()
	events := slices.Concat(r.starts, r.children)
	slices.SortFunc(events, time.Time.Compare)
	var longest time.Duration
	inVain, measured := 0, 0
	for i, from := range events {
		next, _ := slices.BinarySearchFunc(done, from, time.Time.Compare)
		if next == len(done) {
			break // all was done
		}
		to, came := done[next], true
		if i+1 < len(events) && events[i+1].Before(to) {
			to, came = events[i+1], false
		}
		if slices.Contains(r.starts, from) {
			inVain = 0
		}
		if inVain < 3 {
			longest = max(longest, to.Sub(from))
		}
		inVain++
		if came {
			inVain, measured = 0, measured+1
		}
	}
	t.Logf("a page was done at most %v after a start or a death of the engine; %d times one was, before the next kill",
		longest.Round(time.Millisecond), measured)
	if longest > r.soon {
		t.Errorf("it took %v until a page was done, want %v", longest, r.soon)
	}
}
