package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

func TestOpenMakesPrivateFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps rights in access lists, not in modes")
	}
	path := filepath.Join(t.TempDir(), "new", "folder", "history.db")
	s := open(t, path)
	addJob(t, s, 1)
	for name, want := range map[string]os.FileMode{
		filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("mode of %s: got %o, want %o", filepath.Base(name), got, want)
		}
	}
}

func TestOpenTightensMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps rights in access lists, not in modes")
	}
	path := filepath.Join(t.TempDir(), "history.db")
	closeStore(t, mustOpen(t, path))
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got mode %v (%v), want 0600", info.Mode(), err)
	}
}

func TestOpenOddPaths(t *testing.T) {
	for _, name := range []string{
		"a?b=c&mode=memory.db", "100%.db", "%41.db", "#1.db", " space .db", "墨池.db", "a'b\"c;d.db", "file:x.db", ":memory:", "\xff\xfe.db",
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.ContainsAny(name, `?":`) {
				t.Skip("not a name on Windows")
			}
			if runtime.GOOS != "linux" && !utf8.ValidString(name) {
				t.Skip("names are text on this system")
			}
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			s := mustOpen(t, path)
			job := addJob(t, s, 1)
			closeStore(t, s)

			if got := names(t, dir); !cmp.Equal(got, []string{name}) {
				t.Errorf("got files %q, want only %q", got, name)
			}
			if _, err := open(t, path).Job(t.Context(), job.ID); err != nil {
				t.Errorf("after reopening: %v", err)
			}
		})
	}
}

func TestOpenRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	s := open(t, "history.db")
	t.Chdir(t.TempDir()) // connections that are made later must find the same file
	addJob(t, s, 1)
	if got := names(t, "."); len(got) != 0 {
		t.Errorf("got files %q in the new folder, want none", got)
	}
}

func TestOpenKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := mustOpen(t, path)
	job := addJob(t, s, 3)
	task := claimTask(t, s)
	result := inkpool.Result{Kind: inkpool.KindText, Text: "kept"}
	if err := s.FinishTask(t.Context(), owner, task.ID, result); err != nil {
		t.Fatal(err)
	}
	before := dump(t, s, job.ID)
	closeStore(t, s)

	s = open(t, path)
	if d := cmp.Diff(before, dump(t, s, job.ID)); d != "" {
		t.Errorf("after reopening (-before +after):\n%s", d)
	}
	got, err := s.Result(t.Context(), task.ID)
	if err != nil || got.Text != "kept" {
		t.Errorf("Result: got %q, %v, want %q", got.Text, err, "kept")
	}
}

func TestCloseLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, filepath.Join(dir, "history.db"))
	addJob(t, s, 3)
	closeStore(t, s)
	if got := names(t, dir); !cmp.Equal(got, []string{"history.db"}) {
		t.Errorf("got files %q, want only history.db: the log must be in it", got)
	}
}

// TestPragmas reads the settings back on every connection of both pools.
func TestPragmas(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	writer, readers := s.Pools()
	common := map[string]string{
		"synchronous": "2", "foreign_keys": "1", "journal_mode": "wal", "busy_timeout": "5000",
		"trusted_schema": "0", "cell_size_check": "1", "journal_size_limit": "67108864",
	}
	for _, pool := range []struct {
		name      string
		db        *sql.DB
		n         int
		queryOnly string
	}{
		{"writer", writer, 1, "0"},
		{"readers", readers, sqlite.MaxReaders, "1"},
	} {
		if got := pool.db.Stats().MaxOpenConnections; got != pool.n {
			t.Errorf("%s: got at most %d connections, want %d", pool.name, got, pool.n)
		}
		for i := range pool.n {
			conn, err := pool.db.Conn(t.Context())
			if err != nil {
				t.Fatalf("%s %d: %v", pool.name, i, err)
			}
			defer conn.Close() // held until the end: the next turn must make a new one
			wantPragma(t, conn, pool.name, "query_only", pool.queryOnly)
			for name, want := range common {
				wantPragma(t, conn, pool.name, name, want)
			}
		}
	}
}

func wantPragma(t *testing.T, conn *sql.Conn, pool, name, want string) {
	t.Helper()
	var got string
	if err := conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != want {
		t.Errorf("%s: %s: got %q (%v), want %q", pool, name, got, err, want)
	}
}

func TestOpenRefusesOtherFiles(t *testing.T) {
	cases := []struct {
		name string
		make func(t *testing.T, path string)
	}{
		{"text", func(t *testing.T, path string) { writeFile(t, path, bytes.Repeat([]byte("not a database\n"), 500)) }},
		{"short text", func(t *testing.T, path string) { writeFile(t, path, []byte("x")) }},
		{"zeros", func(t *testing.T, path string) { writeFile(t, path, make([]byte, 8192)) }},
		{"database of another program", func(t *testing.T, path string) {
			execute(t, path, `CREATE TABLE notes (x)`, `INSERT INTO notes VALUES (1)`)
		}},
		{"database of another program with a log", func(t *testing.T, path string) {
			execute(t, path, `PRAGMA journal_mode = WAL`, `CREATE TABLE notes (x)`)
		}},
		{"database that looks like ours", func(t *testing.T, path string) {
			execute(t, path, `CREATE TABLE goose_db_version (version_id)`)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history.db")
			c.make(t, path)
			before := readFile(t, path)
			for name, open := range openers {
				s, err := open(t.Context(), path)
				if err == nil {
					closeStore(t, s)
				}
				if got := inkpool.CodeOf(err); got != inkpool.CodeInvalid {
					t.Errorf("%s: got %q (%v), want %q", name, got, err, inkpool.CodeInvalid)
				}
				if !bytes.Equal(before, readFile(t, path)) {
					t.Errorf("%s changed the file", name)
				}
			}
		})
	}
}

func TestOpenRefusesFolder(t *testing.T) {
	for name, open := range openers {
		if _, err := open(t.Context(), t.TempDir()); inkpool.CodeOf(err) != inkpool.CodeInvalid {
			t.Errorf("%s: got %v, want %q", name, err, inkpool.CodeInvalid)
		}
	}
}

func TestOpenUnderFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	writeFile(t, file, nil)
	_, err := sqlite.Open(t.Context(), filepath.Join(file, "history.db"))
	if got := inkpool.CodeOf(err); got != inkpool.CodeInvalid {
		t.Errorf("got %q (%v), want %q", got, err, inkpool.CodeInvalid)
	}
}

// future is what a later version of the program would bring.
func future(t *testing.T) fstest.MapFS {
	t.Helper()
	migrations := fstest.MapFS{
		"0099_future.sql": {Data: []byte("-- +goose Up\nALTER TABLE jobs ADD COLUMN colour TEXT;\n")},
	}
	names, err := fs.Glob(sqlite.Migrations(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(sqlite.Migrations(), name)
		if err != nil {
			t.Fatal(err)
		}
		migrations[name] = &fstest.MapFile{Data: data}
	}
	return migrations
}

func TestOpenRefusesNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	closeStore(t, mustOpen(t, path, sqlite.WithMigrations(future(t))))
	before := readFile(t, path)
	for name, open := range openers {
		_, err := open(t.Context(), path)
		if got := inkpool.CodeOf(err); got != inkpool.CodeConflict {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, inkpool.CodeConflict)
		}
		if e := inkpool.AsError(err); !strings.Contains(e.Message, "newer version") || e.Hint == "" {
			t.Errorf("%s: got %q, hint %q, want a sentence about the newer version", name, e.Message, e.Hint)
		}
	}
	if !bytes.Equal(before, readFile(t, path)) {
		t.Error("the file of the newer version was changed")
	}
}

func TestOpenBringsOlderUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := mustOpen(t, path)
	job := addJob(t, s, 3)
	before := dump(t, s, job.ID)
	closeStore(t, s)

	newer := sqlite.WithMigrations(future(t))
	if _, err := sqlite.OpenReadOnly(t.Context(), path, newer); inkpool.CodeOf(err) != inkpool.CodeConflict {
		t.Errorf("OpenReadOnly: got %v, want %q until it is up to date", err, inkpool.CodeConflict)
	}
	if d := cmp.Diff(before, dump(t, open(t, path, newer), job.ID)); d != "" {
		t.Errorf("after the migration (-before +after):\n%s", d)
	}
}

func TestOpenReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	w := open(t, path)
	job := addJob(t, w, 2)
	r, err := sqlite.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatalf("OpenReadOnly: %v", err)
	}
	defer closeStore(t, r)
	if d := cmp.Diff(dump(t, w, job.ID), dump(t, r, job.ID)); d != "" {
		t.Errorf("reader differs (-writer +reader):\n%s", d)
	}
	claimTask(t, w)
	if d := cmp.Diff(dump(t, w, job.ID), dump(t, r, job.ID)); d != "" {
		t.Errorf("reader does not see the change (-writer +reader):\n%s", d)
	}
	_, err = r.AddJob(t.Context(), inkpool.NewJob{Title: "no"})
	if got := inkpool.CodeOf(err); got != inkpool.CodePermission {
		t.Errorf("AddJob: got %q (%v), want %q", got, err, inkpool.CodePermission)
	}
}

func TestOpenReadOnlyWithoutHistory(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.db")
	writeFile(t, empty, nil)
	for _, path := range []string{filepath.Join(dir, "none.db"), filepath.Join(dir, "no", "folder.db"), empty} {
		if _, err := sqlite.OpenReadOnly(t.Context(), path); inkpool.CodeOf(err) != inkpool.CodeNotFound {
			t.Errorf("%s: got %v, want %q", filepath.Base(path), err, inkpool.CodeNotFound)
		}
	}
	if got := names(t, dir); !cmp.Equal(got, []string{"empty.db"}) {
		t.Errorf("got files %q, want nothing new", got)
	}
}

func TestClock(t *testing.T) {
	at := time.Date(2031, 2, 3, 4, 5, 6, 789_654_321, time.FixedZone("", 3600))
	s := open(t, filepath.Join(t.TempDir(), "history.db"), sqlite.WithClock(func() time.Time { return at }))
	stored := at.Truncate(time.Millisecond).UTC()
	addJob(t, s, 2)
	at = at.Add(time.Minute)
	task := claimTask(t, s)
	at = at.Add(90 * time.Second)
	if err := s.FailTask(t.Context(), owner, task.ID, inkpool.StateFailed, inkpool.Errorf(inkpool.CodeTimeout, "slow")); err != nil {
		t.Fatal(err)
	}
	task, err := s.Task(t.Context(), task.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(task.CreatedAt, task.StartedAt, task.EndedAt)
	want := fmt.Sprint(stored, stored.Add(time.Minute), stored.Add(time.Minute+90*time.Second))
	if got != want {
		t.Errorf("got created, started, ended %s, want %s", got, want)
	}
	entries, err := s.Log(t.Context(), task.ID)
	if err != nil {
		t.Fatal(err)
	}
	if last := entries[len(entries)-1]; last.Took != 90*time.Second || !last.At.Equal(task.EndedAt) {
		t.Errorf("last line: got %v at %v, want 1m30s at %v", last.Took, last.At, task.EndedAt)
	}
}

// openers are the two ways to open a history.
var openers = map[string]func(ctx context.Context, path string, opts ...sqlite.Option) (*sqlite.Store, error){
	"Open":         sqlite.Open,
	"OpenReadOnly": sqlite.OpenReadOnly,
}
