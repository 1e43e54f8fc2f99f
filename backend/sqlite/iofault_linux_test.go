package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// breakLog makes every open descriptor of the write-ahead log one that cannot be written:
// what a disk that was pulled out looks like to those who hold its files. The log has no
// locks, which this would give up.
func breakLog(t *testing.T, path string) {
	t.Helper()
	readOnly, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("needs /proc:", err)
	}
	broken := 0
	for _, entry := range fds {
		if name, err := os.Readlink("/proc/self/fd/" + entry.Name()); err != nil || name != path+"-wal" {
			continue
		}
		var fd int
		if _, err := fmt.Sscan(entry.Name(), &fd); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Dup3(int(readOnly.Fd()), fd, syscall.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		broken++
	}
	if broken == 0 {
		t.Fatal("found no open log: the test tests nothing")
	}
}

// TestDiskFails lets writing fail: nothing is stored that was not reported, the words are
// about the disk, and the next change works on a new connection.
func TestDiskFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := mustOpen(t, path)
	job := addJob(t, s, 3)
	task := claimTask(t, s)
	before := dump(t, s, job.ID)

	breakLog(t, path)
	result := inkpool.Result{Kind: inkpool.KindText, Text: "read"}
	err := s.FinishTask(t.Context(), owner, task.ID, result)
	if got := inkpool.CodeOf(err); got != inkpool.CodeUnavailable {
		t.Fatalf("got %q (%v), want %q", got, err, inkpool.CodeUnavailable)
	}
	if e := inkpool.AsError(err); !strings.Contains(e.Message, "disk") || !errors.Is(err, syscall.EBADF) {
		t.Errorf("got %q (%v), want words about the disk, and EBADF among the causes", e.Message, err)
	}
	readUntilOpen(t, s)
	if d := cmp.Diff(before, dump(t, s, job.ID)); d != "" {
		t.Errorf("something is stored all the same (-before +after):\n%s", d)
	}

	if err := s.FinishTask(t.Context(), owner, task.ID, result); err != nil {
		t.Fatalf("with the disk back: %v", err)
	}
	wantIntegrity(t, s)
	closeStore(t, s)
	s = open(t, path)
	if r, err := s.Result(t.Context(), task.ID); err != nil || r.Text != "read" {
		t.Errorf("after reopening: got %q (%v), want what was stored", r.Text, err)
	}
}

// readUntilOpen reads once more than there are readers: each fails at most once.
func readUntilOpen(t *testing.T, s *sqlite.Store) {
	t.Helper()
	failed := 0
	for range sqlite.MaxReaders + 1 {
		err := s.Check(t.Context())
		if err == nil {
			return
		}
		failed++
		t.Logf("read %d: %v", failed, err)
	}
	t.Errorf("reading: failed %d times, want it to work again", failed)
}

// TestDoubtedLogIsEmptied: behind frames that the disk may have lost, nothing that comes
// later would be found after a power cut, so the log begins anew before the next change.
func TestDoubtedLogIsEmptied(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path)
	addJob(t, s, 500)
	if _, err := s.Jobs(t.Context(), 0, 1); err != nil { // a reader that keeps the log where it is
		t.Fatal(err)
	}
	before := len(readFile(t, path+"-wal"))
	breakLog(t, path)
	wantUnavailable(t, s.Write(t.Context(), addTitle("lost", nil)))
	if err := s.Write(t.Context(), addTitle("kept", nil)); err != nil {
		t.Fatalf("with the disk back: %v", err)
	}
	if after := len(readFile(t, path+"-wal")); after >= before {
		t.Errorf("got a log of %d bytes, want less than the %d before", after, before)
	}
	readUntilOpen(t, s)
	wantTitles(t, s, "job", "kept")
}

// TestDoubtedLogIsRead: while somebody reads from the log it cannot begin anew, and changes
// are refused at once, not stored where a power cut could take them.
func TestDoubtedLogIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path)
	addJob(t, s, 3)
	_, readers := s.Pools()
	rows, err := readers.QueryContext(t.Context(), `SELECT id FROM tasks`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if !rows.Next() {
		t.Fatal("got no row: the test tests nothing", rows.Err())
	}
	addJob(t, s, 3)
	breakLog(t, path)
	wantUnavailable(t, s.Write(t.Context(), addTitle("lost", nil)))
	began := time.Now()
	for range 2 { // it stays doubted
		wantUnavailable(t, s.Write(t.Context(), addTitle("refused", nil)))
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("got two refusals after %v, want them soon", took)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), addTitle("kept", nil)); err != nil {
		t.Errorf("with nobody reading: %v", err)
	}
	readUntilOpen(t, s)
	wantTitles(t, s, "job", "job", "kept")
	wantIntegrity(t, s)
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	if got := inkpool.CodeOf(err); got != inkpool.CodeUnavailable {
		t.Fatalf("got %q (%v), want %q", got, err, inkpool.CodeUnavailable)
	}
}

// smallDisk mounts a file system of that many bytes.
func smallDisk(t *testing.T, bytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("inkpool-test", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skip("may not mount a small disk:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestMigrationOnFullDisk has room for the old history and not for its copy.
func TestMigrationOnFullDisk(t *testing.T) {
	old := oldHistory(t)
	execute(t, old, `UPDATE results SET text = printf('%.*c', 1000000, 'x')`)
	data := readFile(t, old)
	dir := smallDisk(t, len(data)*3/2)
	path := filepath.Join(dir, "history.db")
	writeFile(t, path, data)

	s, err := sqlite.Open(t.Context(), path)
	if err == nil {
		closeStore(t, s)
	}
	if got := inkpool.CodeOf(err); got != inkpool.CodeDiskFull {
		t.Fatalf("got %q (%v), want %q", got, err, inkpool.CodeDiskFull)
	}
	if got := names(t, dir); !cmp.Equal(got, []string{"history.db"}) {
		t.Errorf("got files %q, want only the history", got)
	}
	if string(data) != string(readFile(t, path)) {
		t.Error("the history was changed")
	}
}

// TestFullDiskIsFreed fills a real disk, frees it, and goes on.
func TestFullDiskIsFreed(t *testing.T) {
	dir := smallDisk(t, 2<<20)
	path := filepath.Join(dir, "history.db")
	s := open(t, path)
	job := addJob(t, s, 50)
	ballast := filepath.Join(dir, "ballast")
	fill(t, ballast)

	text := strings.Repeat("長い文章。", 5000)
	done := map[inkpool.TaskID]bool{}
	freed := false
	for range job.Counts.Queued + 1 {
		task, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: owner})
		if ok {
			err = s.FinishTask(t.Context(), owner, task.ID, inkpool.Result{Kind: inkpool.KindText, Text: text})
		}
		switch {
		case inkpool.CodeOf(err) == inkpool.CodeDiskFull:
			freed = true
			if err := os.Remove(ballast); err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
		case err != nil:
			t.Fatal(err)
		case ok:
			done[task.ID] = true
		}
		if freed && len(done) > 3 {
			break
		}
	}
	if !freed || len(done) == 0 {
		t.Fatalf("got full %v and %d tasks done, want both: the test tests nothing", freed, len(done))
	}
	for id := range done {
		if r, err := s.Result(t.Context(), id); err != nil || r.Text != text {
			t.Errorf("task %d, reported done: got %d bytes (%v), want %d", id, len(r.Text), err, len(text))
		}
	}
	wantIntegrity(t, s)
}

// fill writes a file until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); ; {
		if _, err := f.Write(block); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			return
		}
	}
}
