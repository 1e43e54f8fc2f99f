package sqlite_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// oldHistory makes a history of schema 0001, with tasks in every state, and returns its
// path.
func oldHistory(t *testing.T) string {
	t.Helper()
	const first = "0001_history.sql"
	schema, err := fs.ReadFile(sqlite.Migrations(), first)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "history.db")
	s := mustOpen(t, path, sqlite.WithMigrations(fstest.MapFS{first: {Data: schema}}))
	writer, _ := s.Pools()
	if _, err := writer.ExecContext(t.Context(), string(readFile(t, filepath.Join("testdata", "0001.sql")))); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	return path
}

func TestMigrateOldHistory(t *testing.T) {
	s := open(t, oldHistory(t))
	wantIntegrity(t, s)
	got := dump(t, s, 1)
	if want := (inkpool.Counts{Queued: 3, Running: 1, Done: 1, Failed: 1, Cancelled: 1, Quarantined: 1}); got.Job.Counts != want {
		t.Errorf("counts: got %+v, want %+v", got.Job.Counts, want)
	}
	if got.Job.Title != "every state" || got.Job.Urgent || got.Job.Paused {
		t.Errorf("got job %+v, want it neither urgent nor paused", got.Job)
	}
	var states []inkpool.State
	for i, task := range got.Tasks {
		states = append(states, task.State)
		if len(got.Logs[i]) == 0 || task.Held {
			t.Errorf("task %d: got %d lines of log, held %v, want its log and that it is not held", i, len(got.Logs[i]), task.Held)
		}
	}
	want := []inkpool.State{
		inkpool.StateDone, inkpool.StateFailed, inkpool.StateCancelled, inkpool.StateQuarantined,
		inkpool.StateRunning, inkpool.StateQueued, inkpool.StateQueued, inkpool.StateQueued,
	}
	if d := cmp.Diff(want, states); d != "" {
		t.Errorf("states (-want +got):\n%s", d)
	}
	if r, err := s.Result(t.Context(), 1); err != nil || r.Text != "墨池" || len(r.Lines) != 1 {
		t.Errorf("result: got %q, %d lines (%v), want 墨池, 1 line", r.Text, len(r.Lines), err)
	}
	if got.Tasks[0].Path != "/\xff.png" || got.Tasks[1].Error.Hint != "Look." || got.Tasks[3].Crashes != 3 {
		t.Errorf("got tasks %+v, want what was stored", got.Tasks)
	}
}

// TestMigratedWork works an old history off.
func TestMigratedWork(t *testing.T) {
	s := open(t, oldHistory(t))
	if r, err := s.RecoverTasks(t.Context(), owner, true); err != nil || r != (inkpool.Recovered{Queued: 1}) {
		t.Errorf("RecoverTasks: got %+v (%v), want 1 queued", r, err)
	}
	for _, c := range []struct {
		suspect bool
		want    string
	}{{false, "6"}, {false, "7"}, {true, "4"}, {true, "5"}} {
		task, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: owner, Suspect: c.suspect})
		if err != nil || !ok || task.Name != c.want {
			t.Errorf("claim: got %q, ok %v (%v), want %q", task.Name, ok, err, c.want)
		}
	}
	wantIntegrity(t, s)
}

func TestMigrationKeepsCopy(t *testing.T) {
	path := oldHistory(t)
	kept := path + ".before-0004"
	closeStore(t, mustOpen(t, path))
	if got := names(t, filepath.Dir(path)); !cmp.Equal(got, []string{"history.db", "history.db.before-0004"}) {
		t.Fatalf("got files %q, want the history and its copy", got)
	}
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("copy: got mode %v (%v), want 0600", info.Mode(), err)
	}
	before := readFile(t, kept)
	again := filepath.Join(t.TempDir(), "history.db") // the copy is a history, which can be migrated
	writeFile(t, again, before)
	if d := cmp.Diff(dump(t, open(t, path), 1), dump(t, open(t, again), 1), cmp.AllowUnexported(inkpool.Error{})); d != "" {
		t.Errorf("the copy differs (-history +copy):\n%s", d)
	}

	// Put back an old history: the copy that is there is not written over.
	writeFile(t, path, readFile(t, oldHistory(t)))
	closeStore(t, mustOpen(t, path))
	if !bytes.Equal(before, readFile(t, kept)) {
		t.Error("the copy was changed by the second migration")
	}
}

func TestNoCopyOfNewHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	closeStore(t, mustOpen(t, path))
	closeStore(t, mustOpen(t, path))
	if got := names(t, filepath.Dir(path)); !cmp.Equal(got, []string{"history.db"}) {
		t.Errorf("got files %q, want only the history", got)
	}
}

// TestMigrationWithoutCopy lets the copy fail: the history stays as it was.
func TestMigrationWithoutCopy(t *testing.T) {
	path := oldHistory(t)
	before := readFile(t, path)
	if err := os.Mkdir(path+".before-0004.partial", 0o700); err != nil { // in the way
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), path)
	if err == nil {
		closeStore(t, s)
		t.Fatal("Open: got no error, want one")
	}
	if e := inkpool.AsError(err); e.Code == inkpool.CodeInternal || !strings.Contains(e.Message, "before-0004") {
		t.Errorf("got %q: %q, want words about the copy", e.Code, e.Message)
	}
	if !bytes.Equal(before, readFile(t, path)) {
		t.Error("the history was changed")
	}
}
