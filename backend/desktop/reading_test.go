package desktop

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/sqlite"
	"github.com/inkpool/inkpool/backend/view"
)

// lockedEngine counts the pages of documents: two of each, but of those that are called
// locked.pdf only with the password. It reads none with anything else.
type lockedEngine struct {
	app.Engine
	shown chan inkpool.Task // what pictures were asked of
}

const password = "open sesame"

func (lockedEngine) Pages(_ context.Context, paths, secrets []string) ([]inkpool.PageCount, error) {
	counts := make([]inkpool.PageCount, len(paths))
	for i, p := range paths {
		counts[i].Pages = 2
		if filepath.Base(p) == "locked.pdf" && !slices.Contains(secrets, password) {
			counts[i] = inkpool.PageCount{Error: inkpool.Errorf(inkpool.CodeEncrypted, "locked")}
		}
	}
	return counts, nil
}

func (e lockedEngine) Process(_ context.Context, t inkpool.Task, _ func(inkpool.Progress)) (inkpool.Result, error) {
	if filepath.Base(t.Path) == "locked.pdf" && !slices.Contains(t.Secrets, password) {
		return inkpool.Result{}, inkpool.Errorf(inkpool.CodeEncrypted, "locked")
	}
	return inkpool.Result{Kind: inkpool.KindText, Text: "words"}, nil
}

func (e lockedEngine) Picture(_ context.Context, t inkpool.Task, _, _ int) ([]byte, error) {
	e.shown <- t
	return []byte("picture"), nil
}

// onFile is a window on a new history, whose engine is a lockedEngine, and on a settings file.
func onFile(t *testing.T, path string) (*Jobs, *bytes.Buffer) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	e := lockedEngine{shown: make(chan inkpool.Task, 1)}
	queue, err := job.New(t.Context(), store, e, job.Options{Owner: "test", Pages: e.Pages})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		queue.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w := NewWindow(SettingsFile{
		Load: func() (config.Settings, []string, error) { return config.Load(t.Context(), path) },
		Save: func(s config.Settings) error { return config.Save(t.Context(), path, s) },
	}, nil)
	var log bytes.Buffer
	w.settings.Home = t.TempDir()
	w.app = &app.App{Settings: w.settings, Store: store, Queue: queue, Engine: e, Log: slog.New(slog.NewTextHandler(&log, nil))}
	w.ctx = t.Context()
	w.works = newWorks(t.Context(), func(view.PackWork) {})
	t.Cleanup(w.works.close)
	close(w.started)
	return NewJobs(w), &log
}

// readingOf is how the pages of a job are read.
func readingOf(v view.Job) inkpool.Reading {
	if v.Reading == nil {
		return inkpool.Reading{}
	}
	return *v.Reading
}

func TestReadingIsSavedAndUsed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.json")
	jobs, _ := onFile(t, path)
	want := inkpool.Reading{
		Layout: inkpool.LayoutParagraphs, Source: inkpool.SourceImage, Upright: true, DetectSide: 1600, TextScore: 0.7,
		Ignore: []inkpool.Region{{Right: 1, Bottom: 0.1}},
	}
	before, err := jobs.Add([]string{write(t, "a.txt", nil)})
	if err != nil {
		t.Fatal(err)
	}
	// Meanwhile a person has written into the file.
	if err := os.WriteFile(path, []byte(`{"workers": 3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := jobs.SetReading(want); err != nil {
		t.Fatal(err)
	}
	after, err := jobs.Add([]string{write(t, "a.txt", nil)})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(readingOf(*before), inkpool.Reading{}) || !reflect.DeepEqual(readingOf(*after), want) {
		t.Errorf("got %+v and then %+v, want the usual and then %+v", before.Reading, after.Reading, want)
	}
	saved, _, err := config.Load(t.Context(), path)
	if err != nil || saved.Workers != 3 || !reflect.DeepEqual(saved.Reading, want) {
		t.Errorf("the file has %+v, %v; want 3 workers and %+v", saved, err, want)
	}
	again, _ := onFile(t, path)
	if got, err := again.Reading(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after a restart: got %+v, %v; want %+v", got, err, want)
	}
	if err := jobs.SetReading(inkpool.Reading{}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || bytes.Contains(text, []byte("reading")) {
		t.Errorf("the file has %s, %v; want nothing of what is as usual", text, err)
	}
}

func TestReadingThatCannotBe(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	if err := jobs.SetReading(inkpool.Reading{Layout: "spiral"}); inkpool.CodeOf(err) != inkpool.CodeInvalid {
		t.Errorf("got %v, want %q", err, inkpool.CodeInvalid)
	}
	if got, err := jobs.Reading(); err != nil || got.Layout != "" {
		t.Errorf("got %+v, %v; want the usual", got, err)
	}
}

// What cannot be saved is told, and holds until the end of the run.
func TestReadingThatCannotBeSaved(t *testing.T) {
	for name, c := range map[string]struct {
		load, save error
		want       inkpool.Code
	}{
		"a file that was damaged": {load: inkpool.Errorf(inkpool.CodeInvalid, "damaged"), want: inkpool.CodeInvalid},
		"a full disk":             {save: inkpool.Errorf(inkpool.CodeDiskFull, "full"), want: inkpool.CodeDiskFull},
		"a folder to read only":   {save: inkpool.Errorf(inkpool.CodePermission, "no"), want: inkpool.CodePermission},
	} {
		t.Run(name, func(t *testing.T) {
			jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
			jobs.window.file = SettingsFile{
				Load: func() (config.Settings, []string, error) { return config.Settings{}, nil, c.load },
				Save: func(config.Settings) error { return c.save },
			}
			if err := jobs.SetReading(inkpool.Reading{Upright: true}); inkpool.CodeOf(err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if got, err := jobs.Reading(); err != nil || !got.Upright {
				t.Errorf("got %+v, %v; want what was chosen", got, err)
			}
		})
	}
}

// submit adds files to the history, as a job read in the layout for code.
func submit(t *testing.T, jobs *Jobs, paths ...string) []view.Task {
	t.Helper()
	if err := jobs.SetReading(inkpool.Reading{Layout: inkpool.LayoutCode}); err != nil {
		t.Fatal(err)
	}
	added, err := jobs.Add(paths)
	if err != nil {
		t.Fatal(err)
	}
	return tasksOf(t, jobs, added.ID)
}

func tasksOf(t *testing.T, jobs *Jobs, id int64) []view.Task {
	t.Helper()
	tasks, err := jobs.Tasks(id, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

func TestAgain(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	dir := filepath.Dir(write(t, "b.pdf", nil))
	if err := os.WriteFile(filepath.Join(dir, "a.pdf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tasks := submit(t, jobs, dir)
	want := inkpool.Reading{Layout: inkpool.LayoutSingle}
	for name, c := range map[string]struct {
		task  int64
		title string
		names []string
	}{
		"the job":              {0, filepath.Base(dir), []string{"a.pdf", "a.pdf", "b.pdf", "b.pdf"}},
		"the file of a task":   {tasks[2].ID, "b.pdf", []string{"b.pdf", "b.pdf"}},
		"whichever its page":   {tasks[3].ID, "b.pdf", []string{"b.pdf", "b.pdf"}},
		"and the first file's": {tasks[0].ID, "a.pdf", []string{"a.pdf", "a.pdf"}},
	} {
		t.Run(name, func(t *testing.T) {
			added, err := jobs.Again(tasks[0].Job, c.task, want, inkpool.Steps{})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, task := range tasksOf(t, jobs, added.ID) {
				names = append(names, task.Name)
			}
			if added.Title != c.title || !slices.Equal(names, c.names) || !reflect.DeepEqual(readingOf(added), want) {
				t.Errorf("got %q with %q, read as %+v; want %q with %q, as %+v", added.Title, names, added.Reading, c.title, c.names, want)
			}
		})
	}
	for name, c := range map[string]struct {
		job, task int64
		reading   inkpool.Reading
		want      inkpool.Code
	}{
		"no such job":     {999, 0, want, inkpool.CodeNotFound},
		"no such task":    {tasks[0].Job, 999, want, inkpool.CodeNotFound},
		"no such reading": {tasks[0].Job, 0, inkpool.Reading{BoxScore: 2}, inkpool.CodeInvalid},
	} {
		if _, err := jobs.Again(c.job, c.task, c.reading, inkpool.Steps{}); inkpool.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestUnlock(t *testing.T) {
	jobs, log := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	tasks := submit(t, jobs, write(t, "open.pdf", nil), write(t, "locked.pdf", nil))
	locked := tasks[2]
	if locked.Error == nil || locked.Error.Code != "encrypted" {
		t.Fatalf("got %+v, want a locked document", locked)
	}
	for _, wrong := range []string{"", "sesame"} {
		if _, err := jobs.Unlock(locked.ID, wrong); inkpool.CodeOf(err) != inkpool.CodeEncrypted {
			t.Errorf("password %q: got %v, want %q", wrong, err, inkpool.CodeEncrypted)
		}
	}
	if snapshot, err := jobs.Snapshot(); err != nil || len(snapshot.Jobs) != 1 || snapshot.Jobs[0].Failed != 1 {
		t.Errorf("after wrong passwords: got %+v, %v; want everything as it was", snapshot.Jobs, err)
	}
	if secrets := jobs.window.app.Queue.Secrets(); len(secrets) != 0 {
		t.Errorf("got %q among the passwords to try, want no wrong one", secrets)
	}
	opened, err := jobs.Unlock(locked.ID, password)
	if err != nil {
		t.Fatal(err)
	}
	pages := tasksOf(t, jobs, opened.ID)
	if len(pages) != 2 || pages[0].State != "queued" || readingOf(opened).Layout != inkpool.LayoutCode {
		t.Errorf("got %+v of %+v, want two pages that wait, read as their job was", pages, opened)
	}
	if rest := tasksOf(t, jobs, locked.Job); len(rest) != 2 || rest[1].Name != "open.pdf" {
		t.Errorf("got %+v in the old job, want the open document alone", rest)
	}
	if _, err := jobs.Unlock(pages[0].ID, password); inkpool.CodeOf(err) != inkpool.CodeConflict {
		t.Errorf("a page that waits: got %v, want %q", err, inkpool.CodeConflict)
	}
	if bytes.Contains(log.Bytes(), []byte("sesame")) {
		t.Errorf("the log tells a password: %s", log)
	}
	if _, err := jobs.window.picture(t.Context(), "1", 96); err != nil {
		t.Fatal(err)
	}
	shown := <-jobs.window.app.Engine.(lockedEngine).shown
	if !slices.Contains(shown.Secrets, password) {
		t.Errorf("got a picture without passwords, want it drawn with them")
	}
}

// The pages of a document were counted by a run that knew the password and has ended.
func TestUnlockPagesOfAnEarlierRun(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	store := jobs.window.app.Store
	added, err := store.AddJob(t.Context(), inkpool.NewJob{Tasks: []inkpool.Task{
		{Path: "/locked.pdf", Page: 1}, {Path: "/locked.pdf", Page: 2}, {Path: "/gone.png", Page: 1, Error: inkpool.Errorf(inkpool.CodeNotFound, "gone")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	queue := jobs.window.app.Queue
	run := func() {
		if err := queue.RunJob(t.Context(), added.ID, func(inkpool.Task) {}); err != nil {
			t.Fatal(err)
		}
	}
	run()
	tasks := tasksOf(t, jobs, int64(added.ID))
	opened, err := jobs.Unlock(tasks[1].ID, password)
	if err != nil || opened.ID != int64(added.ID) || opened.Queued != 2 || opened.Failed != 1 {
		t.Errorf("got %+v, %v; want both pages of it to wait again, and nothing else", opened, err)
	}
	run()
	if done, err := store.Job(t.Context(), added.ID); err != nil || done.Counts.Done != 2 {
		t.Errorf("got %+v, %v; want both pages read", done, err)
	}
}
