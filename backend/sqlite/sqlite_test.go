package sqlite_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/mattn/go-sqlite3" // for databases that Inkpool did not make

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
	"github.com/inkpool/inkpool/backend/sqlite/storetest"
)

const owner = "instance-a"

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) inkpool.Store {
		return open(t, filepath.Join(t.TempDir(), "history.db"))
	})
}

// open opens the history at path until the end of the test.
func open(t *testing.T, path string, opts ...sqlite.Option) *sqlite.Store {
	t.Helper()
	s := mustOpen(t, path, opts...)
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// mustOpen opens the history at path; the caller closes it.
func mustOpen(t *testing.T, path string, opts ...sqlite.Option) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, opts...)
	if err != nil {
		t.Fatalf("Open(%q): %v", path, err)
	}
	return s
}

func closeStore(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// addJob stores a job of n queued tasks.
func addJob(t testing.TB, s *sqlite.Store, n int) inkpool.Job {
	t.Helper()
	job, err := s.AddJob(t.Context(), inkpool.NewJob{Title: "job", Tasks: make([]inkpool.Task, n)})
	if err != nil {
		t.Fatalf("AddJob: %v", err)
	}
	return job
}

func claimTask(t testing.TB, s *sqlite.Store) inkpool.Task {
	t.Helper()
	task, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: owner})
	if err != nil || !ok {
		t.Fatalf("ClaimTask: got ok %v, error %v, want a task", ok, err)
	}
	return task
}

// history is a job with everything that is known of it.
type history struct {
	Job   inkpool.Job
	Tasks []inkpool.Task
	Logs  [][]inkpool.LogEntry
}

func dump(t *testing.T, s *sqlite.Store, id inkpool.JobID) history {
	t.Helper()
	job, err := s.Job(t.Context(), id)
	if err != nil {
		t.Fatalf("Job: %v", err)
	}
	tasks, err := s.Tasks(t.Context(), id, 0, 1000)
	if err != nil {
		t.Fatalf("Tasks: %v", err)
	}
	h := history{Job: job, Tasks: tasks}
	for _, task := range tasks {
		entries, err := s.Log(t.Context(), task.ID)
		if err != nil {
			t.Fatalf("Log: %v", err)
		}
		h.Logs = append(h.Logs, entries)
	}
	return h
}

// execute runs statements on the database at path without our package.
func execute(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
