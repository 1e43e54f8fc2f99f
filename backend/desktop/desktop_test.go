package desktop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
	"github.com/inkpool/inkpool/backend/view"
)

// opened returns the methods of a window on a new history, without Wails: nothing that
// opens a dialog or emits an event may be called.
func opened(t *testing.T) (*Jobs, *Window) {
	t.Helper()
	settings := config.Default(t.Context())
	settings.Home = t.TempDir()
	a, err := app.Open(t.Context(), settings, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	w := NewWindow(loaded(settings), nil)
	w.app, w.ctx = a, t.Context()
	close(w.started)
	return NewJobs(w), w
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAJobFromDropToPage(t *testing.T) {
	jobs, w := opened(t)
	path := write(t, "note.txt", []byte("plain words"))
	added, err := jobs.Add([]string{path, path + ".missing"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.app.Queue.RunJob(t.Context(), inkpool.JobID(added.ID), func(inkpool.Task) {}); err != nil {
		t.Fatal(err)
	}

	snapshot, err := jobs.Snapshot()
	if err != nil || len(snapshot.Jobs) != 1 || snapshot.Jobs[0].Done != 1 || snapshot.Jobs[0].Failed != 1 {
		t.Fatalf("got %+v, %v; want one job with one done and one failed", snapshot, err)
	}
	tasks, err := jobs.Tasks(added.ID, -5, 1<<30)
	if err != nil || len(tasks) != 2 || tasks[1].Error == nil || tasks[1].Error.Code != "not_found" {
		t.Fatalf("got %+v, %v; want two tasks, the second not found", tasks, err)
	}
	page, err := jobs.Page(tasks[0].ID)
	if err != nil || page.Text != "plain words" || page.Path != path {
		t.Errorf("got %+v, %v; want the text of %s", page, err, path)
	}
	if earlier, err := jobs.Earlier(added.ID); err != nil || len(earlier) != 0 || earlier == nil {
		t.Errorf("got %v, %v; want an empty list, not null", earlier, err)
	}
}

func TestCancelStopsWhatIsQueued(t *testing.T) {
	jobs, _ := opened(t)
	added, err := jobs.Add([]string{write(t, "note.txt", []byte("x"))})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Cancel(added.ID, 0); err != nil {
		t.Fatal(err)
	}
	if snapshot, err := jobs.Snapshot(); err != nil || snapshot.Jobs[0].State != "cancelled" {
		t.Errorf("got %+v, %v; want a cancelled job", snapshot, err)
	}
}

func TestErrorsReachThePageAsJSON(t *testing.T) {
	jobs, _ := opened(t)
	_, notThere := jobs.Page(99)
	_, nothing := jobs.Add(nil)
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"no such task":   {notThere, "not_found"},
		"nothing given":  {nothing, "invalid"},
		"a Go error":     {errors.New("open /secret: boom"), "internal"},
		"a panic inside": {errorOfPanic(), "internal"},
	} {
		t.Run(name, func(t *testing.T) {
			text, ok := FormatError(c.err).(string)
			if !ok {
				t.Fatalf("got %T, want a string: Wails makes an Error of it", FormatError(c.err))
			}
			var got view.Error
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			if got.Code != c.want || got.Message == "" || bytes.Contains([]byte(text), []byte("boom")) {
				t.Errorf("got %s, want code %s and no Go error text", text, c.want)
			}
		})
	}
}

func errorOfPanic() (err error) {
	defer inkpool.Recover(&err)
	panic("boom")
}

// When the App could not be opened, every method says why instead of crashing.
func TestMethodsWithoutAnApp(t *testing.T) {
	w := NewWindow(loaded(config.Settings{Home: "somewhere", Workers: 2}), nil)
	w.problem = inkpool.Errorf(inkpool.CodePermission, "no way in")
	close(w.started)
	jobs := NewJobs(w)
	_, err := jobs.Snapshot()
	if got := inkpool.CodeOf(err); got != inkpool.CodePermission {
		t.Errorf("got %q (%v), want permission", got, err)
	}
	about := jobs.About()
	if about.Ready || about.Problem == nil || about.Home != "somewhere" {
		t.Errorf("got %+v, want a problem and the home all the same", about)
	}
}

// The page may call before the App is open: it waits, and is not told of an error.
func TestCallsWaitForTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWindow(loaded(config.Settings{}), nil)
		answered := make(chan error, 1)
		go func() { _, _, err := w.opened(); answered <- err }()
		synctest.Wait()
		if len(answered) > 0 {
			t.Fatal("answered before the start")
		}
		w.app = &app.App{}
		close(w.started)
		if err := <-answered; err != nil {
			t.Error(err)
		}
	})
}

func TestPathsOfArguments(t *testing.T) {
	for name, c := range map[string]struct{ args, want []string }{
		"files":              {[]string{"a b.png", "/x/c.png"}, []string{"/home/me/a b.png", "/x/c.png"}},
		"the framework's":    {[]string{"-assetdir", "dist"}, nil},
		"nothing but a name": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pathsOf(c.args, "/home/me"); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRepairPaths(t *testing.T) {
	dir := t.TempDir()
	torn := filepath.Join(dir, "two\nlines.png")
	if err := os.WriteFile(torn, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ pieces, want []string }{
		"whole paths":      {[]string{"/a b.png", "/c#1.png"}, []string{"/a b.png", "/c#1.png"}},
		"a torn name":      {[]string{"/a.png", filepath.Join(dir, "two"), "lines.png"}, []string{"/a.png", torn}},
		"nothing":          {nil, nil},
		"starts with less": {[]string{"odd"}, []string{"odd"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := repairPaths(c.pieces); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestChangesAreArraysNeverNull(t *testing.T) {
	data, err := json.Marshal(changesOf(job.Batch{Seq: 3}))
	if want := `{"seq":3,"jobs":[],"gone":[],"many":[],"tasks":[]}`; err != nil || string(data) != want {
		t.Errorf("got %s, %v; want %s", data, err, want)
	}
}

func TestPictures(t *testing.T) {
	jobs, w := opened(t)
	im := image.NewRGBA(image.Rect(0, 0, 300, 150))
	im.Set(0, 0, color.White)
	var picture bytes.Buffer
	if err := png.Encode(&picture, im); err != nil {
		t.Fatal(err)
	}
	added, err := jobs.Add([]string{write(t, "a.png", picture.Bytes()), write(t, "b.txt", []byte("words")), "/nowhere.png"})
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := jobs.Tasks(added.ID, 0, 10)
	if err != nil || len(tasks) != 3 {
		t.Fatal(tasks, err)
	}
	id := func(i int) string { return "/media/task/" + strconv.FormatInt(tasks[i].ID, 10) }
	handler := w.Pictures(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusTeapot) }))
	for _, c := range []struct {
		path   string
		status int
		width  int // of the picture
	}{
		{id(0), http.StatusOK, 300},
		{id(0) + "?thumb", http.StatusOK, thumbnailSide},
		{id(1), http.StatusUnprocessableEntity, 0},
		{id(2), http.StatusNotFound, 0},
		{"/media/task/99999", http.StatusNotFound, 0},
		{"/media/task/..%2F..%2Fetc%2Fpasswd", http.StatusUnprocessableEntity, 0},
		{"/media/task/", http.StatusUnprocessableEntity, 0},
		{"/index.html", http.StatusTeapot, 0},
	} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequestWithContext(context.Background(), http.MethodGet, c.path, nil))
		if answer.Code != c.status {
			t.Errorf("%s: got status %d, want %d", c.path, answer.Code, c.status)
		}
		if c.width == 0 {
			continue
		}
		shown, err := jpeg.DecodeConfig(answer.Body)
		if err != nil || shown.Width != c.width {
			t.Errorf("%s: got %+v, %v; want a width of %d", c.path, shown, err, c.width)
		}
	}
}

func TestSteering(t *testing.T) {
	jobs, _ := opened(t)
	added, err := jobs.Add([]string{write(t, "note.txt", []byte("x")), write(t, "more.txt", []byte("y"))})
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := jobs.Tasks(added.ID, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	second := tasks[1].ID
	for _, step := range []struct {
		name  string
		do    func() error
		state string
		tasks int
	}{
		{"pause", func() error { return jobs.Pause(added.ID, 0) }, "paused", 2},
		{"resume", func() error { return jobs.Resume(added.ID, 0) }, "queued", 2},
		{"pause everything", func() error { return jobs.Pause(0, 0) }, "paused", 2},
		{"resume everything", func() error { return jobs.Resume(0, 0) }, "queued", 2},
		{"cancel", func() error { return jobs.Cancel(added.ID, 0) }, "cancelled", 2},
		{"retry failed", func() error { return jobs.Retry(added.ID, 0, []string{"failed"}) }, "cancelled", 2},
		{"retry cancelled", func() error { return jobs.Retry(added.ID, 0, []string{"cancelled"}) }, "queued", 2},
		{"remove one", func() error { return jobs.Remove(0, second) }, "queued", 1},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		snapshot, err := jobs.Snapshot()
		if err != nil || len(snapshot.Jobs) != 1 || snapshot.Jobs[0].State != step.state || snapshot.Jobs[0].Tasks != step.tasks {
			t.Errorf("after %s: got %+v, %v; want one job, %s, of %d", step.name, snapshot.Jobs, err, step.state, step.tasks)
		}
	}
	log, err := jobs.Log(tasks[0].ID)
	if err != nil || len(log) < 6 || log[0].What != "queued" {
		t.Errorf("got log %+v, %v; want everything that happened", log, err)
	}
	if err := jobs.Remove(added.ID, 0); err != nil {
		t.Fatal(err)
	}
	if snapshot, err := jobs.Snapshot(); err != nil || len(snapshot.Jobs) != 0 {
		t.Errorf("got %+v, %v; want no jobs", snapshot.Jobs, err)
	}
	if usage, err := jobs.Engine(); err != nil || usage.Restarts != 0 || len(usage.Devices) != 1 || usage.Devices[0].Sessions != 0 {
		t.Errorf("got %+v, %v; want an engine that has counted pages and read none", usage, err)
	}
}

// loaded is a file with these settings, which nobody saves.
func loaded(s config.Settings) SettingsFile {
	return SettingsFile{Load: func() (config.Settings, []string, error) { return s, nil, nil }}
}

// What was in the way is gone: the window goes on without being started anew.
func TestReopen(t *testing.T) {
	damaged := inkpool.Errorf(inkpool.CodeInvalid, "the settings file is damaged")
	settings, err := config.Default(t.Context()).Validate()
	if err != nil {
		t.Fatal(err)
	}
	settings.Home = t.TempDir()
	problem := error(damaged)
	w := NewWindow(SettingsFile{Load: func() (config.Settings, []string, error) { return settings, nil, problem }}, nil)
	w.ctx = t.Context()
	w.open() // as Startup does
	close(w.started)
	jobs := NewJobs(w)
	if _, err := jobs.Snapshot(); !errors.Is(err, damaged) {
		t.Errorf("got %v, want %v", err, damaged)
	}
	if err := jobs.Reopen(); !errors.Is(err, damaged) {
		t.Errorf("Reopen of what is still damaged: got %v, want %v", err, damaged)
	}
	problem = nil
	if err := jobs.Reopen(); err != nil {
		t.Fatal(err)
	}
	defer w.Shutdown(t.Context())
	if _, err := jobs.Snapshot(); err != nil {
		t.Errorf("after Reopen: got %v", err)
	}
	if err := jobs.Reopen(); err != nil {
		t.Errorf("Reopen of what is open: got %v", err)
	}
}
