//go:build unix

package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// ledger is what a history says of its only job.
type ledger struct {
	tasks []inkpool.Task
	log   map[inkpool.TaskID][]inkpool.LogEntry
	pages []view.Page // by index, as tasks
}

// ledger reads the history, which must be sound, with another process at work or none.
func (s site) ledger(t *testing.T) ledger {
	t.Helper()
	store, err := app.History(t.Context(), s.settings())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := store.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	l := ledger{log: map[inkpool.TaskID][]inkpool.LogEntry{}}
	for task, err := range view.Tasks(t.Context(), store, 1) {
		if err != nil {
			t.Fatal(err)
		}
		page, err := view.PageOf(t.Context(), store, task, task.Path)
		if err != nil {
			t.Fatal(err)
		}
		l.tasks, l.pages = append(l.tasks, task), append(l.pages, page)
		if l.log[task.ID], err = store.Log(t.Context(), task.ID); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// ledgerIfAny is the ledger of a history, if there is a history and it has a job.
func (s site) ledgerIfAny(t *testing.T) (ledger, bool) {
	t.Helper()
	store, err := app.History(t.Context(), s.settings())
	if code := inkpool.CodeOf(err); code == inkpool.CodeNotFound || code == inkpool.CodeConflict {
		return ledger{}, false
	}
	if err != nil && s.beingMade() {
		return ledger{}, false
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Job(t.Context(), 1)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if inkpool.CodeOf(err) == inkpool.CodeNotFound {
		return ledger{}, false
	}
	return s.ledger(t), true
}

// has says of how many tasks a line of the log begins with these words.
func (l ledger) has(what, detail string) int {
	n := 0
	for _, entries := range l.log {
		if slices.ContainsFunc(entries, func(e inkpool.LogEntry) bool {
			return e.What == what && strings.HasPrefix(e.Detail, detail)
		}) {
			n++
		}
	}
	return n
}

// in are the names of the files whose tasks are in a state.
func (l ledger) in(state inkpool.State) []string {
	names := []string{}
	for _, task := range l.tasks {
		if task.State == state {
			names = append(names, filepath.Base(task.Path))
		}
	}
	return names
}

// want checks that the tasks are those of paths, in order, that each is done once with its
// text or was set aside for a reason, and that every attempt is accounted for.
func (l ledger) want(t *testing.T, paths []string, text func(path string) string) {
	t.Helper()
	var got []string
	for i, task := range l.tasks {
		got = append(got, task.Path)
		if problem := life(task, l.log[task.ID]); problem != "" {
			t.Errorf("%s, now %s: %s\n%+v", task.Path, task.State, problem, l.log[task.ID])
		}
		if task.State == inkpool.StateDone && l.pages[i].Text != text(task.Path) {
			t.Errorf("%s: got %q, want %q", task.Path, l.pages[i].Text, text(task.Path))
		}
	}
	if d := cmp.Diff(paths, got); d != "" {
		t.Errorf("tasks differ from what was accepted (-accepted +tasks):\n%s", d)
	}
}

// crashed marks the lines of a log that hold a death of the engine against the task.
func crashed(e inkpool.LogEntry) bool {
	return strings.HasPrefix(e.Detail, string(inkpool.CodeEngineCrashed))
}

// life says what is impossible about the log of a task that has ended, if anything.
func life(task inkpool.Task, log []inkpool.LogEntry) string {
	state, attempts, crashes := "", 0, 0
	for _, e := range log {
		follows := map[string][]string{
			"": {"queued"}, "queued": {"running"}, "requeued": {"running"},
			"running": {"requeued", "done", "quarantined"},
		}
		if !slices.Contains(follows[state], e.What) {
			return "it went from " + state + " to " + e.What
		}
		state = e.What
		if e.What == "running" {
			attempts++
		}
		if crashed(e) {
			crashes++
		}
	}
	aside := crashes == inkpool.MaxCrashes
	switch {
	case state != string(task.State):
		return "its log ends with " + state
	case attempts != task.Attempt:
		return "its attempts are not those of its log"
	case crashes != task.Crashes:
		return "its crashes are not those of its log"
	case aside && task.State != inkpool.StateQuarantined, !aside && task.State != inkpool.StateDone:
		return "this is not what its crashes make of it"
	}
	return ""
}

// stint is an attempt at a task, from its beginning to whatever ended it.
type stint struct {
	task        inkpool.TaskID
	began, over time.Time
	how         inkpool.LogEntry // that ended it
}

func (l ledger) stints() []stint {
	var all []stint
	for id, log := range l.log {
		for i, e := range log[:len(log)-1] {
			if e.What == "running" {
				all = append(all, stint{task: id, began: e.At, over: log[i+1].At, how: log[i+1]})
			}
		}
	}
	return all
}

// wantAloneWhenSetAside checks of every task that was set aside that it was alone with the
// engine the second time: nobody else's fault can have been held against it.
func (l ledger) wantAloneWhenSetAside(t *testing.T) {
	t.Helper()
	all := l.stints()
	for _, s := range all {
		if s.how.What != string(inkpool.StateQuarantined) {
			continue
		}
		for _, other := range all {
			if other.task != s.task && other.began.Before(s.over) && s.began.Before(other.over) {
				t.Errorf("task %d was set aside at %v, when task %d was under way as well", s.task, s.over, other.task)
			}
		}
	}
}

// finished are the times at which tasks were done, in order.
func (l ledger) finished() []time.Time {
	var times []time.Time
	for _, s := range l.stints() {
		if s.how.What == string(inkpool.StateDone) {
			times = append(times, s.over)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// wantNothingMadeUp checks that every page which was reported done is done, with that text.
func (l ledger) wantNothingMadeUp(t *testing.T, reported []view.Page) {
	t.Helper()
	is := map[string]view.Page{}
	for _, p := range l.pages {
		is[filepath.Base(p.Path)] = p
	}
	for _, p := range reported {
		got := is[filepath.Base(p.Path)]
		if p.Status == "done" && (got.Status != "done" || got.Text != p.Text) {
			t.Errorf("%s was reported done with %q; it is %s with %q", p.Path, p.Text, got.Status, got.Text)
		}
	}
}
