package sqlite_test

import (
	"bytes"
	"database/sql"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// crashedInCreation returns a file that died while SQLite still used a rollback journal,
// which only the very first statements do.
func crashedInCreation(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	live, dead := filepath.Join(dir, "live.db"), filepath.Join(dir, "dead.db")
	execute(t, live, `CREATE TABLE t (x)`, `DROP TABLE t`) // its first page, and no table

	db, err := sql.Open("sqlite3", live)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{
		`PRAGMA cache_size = 1`, // a page of cache: what is not committed goes to the file at once
		`BEGIN IMMEDIATE`,
		`CREATE TABLE half (x)`,
		`INSERT INTO half SELECT randomblob(4000) FROM (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9))`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	// The copy is what a killed process leaves behind: nobody holds its lock.
	writeFile(t, dead, readFile(t, live))
	writeFile(t, dead+"-journal", readFile(t, live+"-journal"))
	return dead
}

func TestOpenAfterCrashInCreation(t *testing.T) {
	s := open(t, crashedInCreation(t))
	addJob(t, s, 1)
	wantIntegrity(t, s)
	_, readers := s.Pools()
	var half int
	if err := readers.QueryRowContext(t.Context(), `SELECT count(*) FROM sqlite_schema WHERE name = 'half'`).Scan(&half); err != nil || half != 0 {
		t.Errorf("got %d tables of the unfinished transaction (%v), want none", half, err)
	}
}

// TestReadAfterCrashInCreation: a reader may not put such a file in order, and says who can.
func TestReadAfterCrashInCreation(t *testing.T) {
	path := crashedInCreation(t)
	before := readFile(t, path)
	s, err := sqlite.OpenReadOnly(t.Context(), path)
	if err == nil {
		closeStore(t, s)
	}
	e := inkpool.AsError(err)
	if e == nil || e.Code != inkpool.CodeUnavailable || !strings.Contains(e.Hint, "Start Inkpool once") {
		t.Errorf("got %v, want %q and what to do", err, inkpool.CodeUnavailable)
	}
	if !bytes.Equal(before, readFile(t, path)) {
		t.Error("the file was changed")
	}
}

// TestDamagedFile overwrites parts of a history: it may fail to open or to read, as
// invalid, and is left as it is when it does not open.
func TestDamagedFile(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "history.db")
	s := mustOpen(t, whole)
	addJob(t, s, 2000)
	closeStore(t, s)
	data := readFile(t, whole)

	noticed := 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		damaged := bytes.Clone(data)
		at := r.IntN(len(damaged))
		for i := at; i < min(at+len(damaged)/8, len(damaged)); i++ {
			damaged[i] = byte(r.Uint32())
		}
		path := filepath.Join(t.TempDir(), "history.db")
		writeFile(t, path, damaged)

		err := readAll(t, path)
		switch inkpool.CodeOf(err) {
		case "":
			continue // what was hit is not read
		case inkpool.CodeInvalid:
			noticed++
			if e := inkpool.AsError(err); !strings.Contains(e.Message, path) || e.Hint == "" {
				t.Errorf("seed %d: got %q, hint %q, want the path and what to do", seed, e.Message, e.Hint)
			}
		default:
			t.Errorf("seed %d: got %q (%v), want %q", seed, inkpool.CodeOf(err), err, inkpool.CodeInvalid)
		}
		if !bytes.Equal(damaged, readFile(t, path)) {
			t.Errorf("seed %d: the damaged file was changed", seed)
		}
	}
	if noticed == 0 {
		t.Error("no damage was noticed: the test tests nothing")
	}
}

func readAll(t *testing.T, path string) error {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		return err
	}
	defer closeStore(t, s)
	jobs, err := s.Jobs(t.Context(), 0, 10)
	if err != nil || len(jobs) == 0 {
		return err
	}
	tasks, err := s.Tasks(t.Context(), jobs[0].ID, 0, 5000)
	if err != nil || len(tasks) == 0 {
		return err
	}
	_, err = s.Log(t.Context(), tasks[len(tasks)/2].ID)
	return err
}

func TestOpenWithoutRights(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("the modes of files do not bind this user")
	}
	locked := t.TempDir()
	unreadable := filepath.Join(t.TempDir(), "history.db")
	closeStore(t, mustOpen(t, unreadable))
	for path, mode := range map[string]os.FileMode{locked: 0o500, unreadable: 0} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{filepath.Join(locked, "history.db"), filepath.Join(locked, "new", "history.db"), unreadable} {
		_, err := sqlite.Open(t.Context(), path)
		if got := inkpool.CodeOf(err); got != inkpool.CodePermission {
			t.Errorf("got %q (%v), want %q", got, err, inkpool.CodePermission)
		}
	}
}
