package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func settingsIn(home string) config.Settings {
	return config.Settings{Home: home, CacheDir: home + " cache", Workers: 1}
}

func open(t *testing.T, home string) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), settingsIn(home), app.Options{})
	if err != nil {
		t.Fatalf("Open in %q: %v", home, err)
	}
	return a
}

func closeApp(t *testing.T, a *app.App) {
	t.Helper()
	if err := a.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// readText makes a job of a text file, works it off and returns what was read.
func readText(t *testing.T, a *app.App, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := a.Queue.Submit(t.Context(), inkpool.Request{Paths: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Queue.RunJob(t.Context(), j.ID, nil); err != nil {
		t.Fatal(err)
	}
	tasks, err := a.Store.Tasks(t.Context(), j.ID, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Store.Result(t.Context(), tasks[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return r.Text
}

func TestOpenAgainFindsTheHistory(t *testing.T) {
	for name, folder := range map[string]string{
		"plain":       "home",
		"not there":   "a/b/home",
		"odd names":   "50 % of my #files, really? 墨池",
		"like a flag": "-home",
	} {
		t.Run(name, func(t *testing.T) {
			home := filepath.Join(t.TempDir(), folder)
			for n, text := range []string{"first", "second"} {
				a := open(t, home)
				if got := readText(t, a, text); got != text {
					t.Errorf("got %q, want %q", got, text)
				}
				jobs, err := a.Store.Jobs(t.Context(), 0, 10)
				if err != nil || len(jobs) != n+1 {
					t.Errorf("got %d jobs, %v; want %d", len(jobs), err, n+1)
				}
				closeApp(t, a)
				closeApp(t, a) // does nothing
			}
			if _, err := os.Stat(filepath.Join(home, "history.db")); err != nil {
				t.Errorf("the history is not in its home: %v", err)
			}
		})
	}
}

func TestHomeIsForItsOwnerOnly(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	closeApp(t, open(t, home))
	err := filepath.WalkDir(home, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v, want nothing for others", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneAtATime(t *testing.T) {
	home := t.TempDir()
	a := open(t, home)
	_, err := app.Open(t.Context(), settingsIn(home), app.Options{})
	wantCode(t, err, inkpool.CodeUnavailable)

	// Looking is allowed meanwhile, and sees what is new.
	if got := readText(t, a, "text"); got != "text" {
		t.Errorf("the first one is disturbed: got %q", got)
	}
	history, err := app.History(t.Context(), settingsIn(home))
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := history.Jobs(t.Context(), 0, 10)
	if err != nil || len(jobs) != 1 {
		t.Errorf("got %d jobs, %v; want 1", len(jobs), err)
	}
	if err := history.Close(); err != nil {
		t.Errorf("close history: %v", err)
	}
	closeApp(t, a)
	closeApp(t, open(t, home)) // free again
}

func TestHistoryThatIsNotThere(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	_, err := app.History(t.Context(), settingsIn(home))
	wantCode(t, err, inkpool.CodeNotFound)
	if _, err := os.Stat(home); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking has made %s", home)
	}
}

func TestOpenSaysWhatIsWrongWithTheHome(t *testing.T) {
	dir := t.TempDir()
	file, foreign := filepath.Join(dir, "file"), filepath.Join(dir, "foreign")
	err := errors.Join(
		os.WriteFile(file, nil, 0o600), os.Mkdir(foreign, 0o700),
		os.WriteFile(filepath.Join(foreign, "history.db"), []byte("not a database"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		home string
		want inkpool.Code
	}{
		"is a file":          {file, inkpool.CodeInvalid},
		"is below a file":    {filepath.Join(file, "home"), inkpool.CodeInvalid},
		"no name":            {"", inkpool.CodeInvalid},
		"history is not one": {foreign, inkpool.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := app.Open(t.Context(), settingsIn(c.home), app.Options{})
			wantCode(t, err, c.want)
			if a != nil {
				t.Error("got an App besides the error")
			}
		})
	}
	// An Open that failed has given the lock back.
	if err := os.Remove(settingsIn(foreign).DatabasePath()); err != nil {
		t.Fatal(err)
	}
	closeApp(t, open(t, foreign))
}

func TestReadOnlyHome(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	home := filepath.Join(t.TempDir(), "home")
	closeApp(t, open(t, home))
	if err := os.Chmod(home, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(home, 0o700) })
	for name, path := range map[string]string{"there": home, "to be made": filepath.Join(home, "inner")} {
		t.Run(name, func(t *testing.T) {
			_, err := app.Open(t.Context(), settingsIn(path), app.Options{})
			wantCode(t, err, inkpool.CodePermission)
		})
	}
}

// A container gives its program the same process number at every start. What the one before
// has left running is taken over only when their names in the history differ all the same.
func TestEveryAppHasItsOwnName(t *testing.T) {
	home := t.TempDir()
	seen := map[string]bool{}
	for range 2 {
		a := open(t, home)
		readText(t, a, "text")
		jobs, err := a.Store.Jobs(t.Context(), 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		tasks, err := a.Store.Tasks(t.Context(), jobs[0].ID, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		log, err := a.Store.Log(t.Context(), tasks[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range log {
			if entry.What == "running" {
				seen[entry.Detail] = true
			}
		}
		closeApp(t, a)
	}
	if len(seen) != 2 {
		t.Errorf("got owners %v, want two that differ", seen)
	}
}

func wantCode(t *testing.T, err error, want inkpool.Code) {
	t.Helper()
	if got := inkpool.CodeOf(err); got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

func TestTemporaryAppLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	home := filepath.Join(t.TempDir(), "home")
	a, err := app.Open(t.Context(), settingsIn(home), app.Options{Temporary: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := readText(t, a, "text"); got != "text" {
		t.Errorf("got %q, want %q", got, "text")
	}
	closeApp(t, a)
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := os.Stat(home); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the home was touched: %v", err)
	}

	t.Setenv("TMPDIR", filepath.Join(dir, "no such folder"))
	_, err = app.Open(t.Context(), settingsIn(home), app.Options{Temporary: true})
	wantCode(t, err, inkpool.CodeInvalid)
}

func TestLogIsMovedAsideWhenItIsLarge(t *testing.T) {
	home := t.TempDir()
	log := settingsIn(home).LogPath()
	closeApp(t, open(t, home))
	if err := os.Truncate(log, 6<<20); err != nil {
		t.Fatal(err)
	}
	a := open(t, home)
	a.Log.Info("one line more")
	closeApp(t, a)
	now, err := os.Stat(log)
	if err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob(filepath.Join(filepath.Dir(log), "inkpool-*.log"))
	if err != nil || len(all) != 1 || now.Size() == 0 || now.Size() > 1<<10 {
		t.Errorf("got %v, %v; a log of %d bytes; want the old one beside a new one", all, err, now.Size())
	}
}
