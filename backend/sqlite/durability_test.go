package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

// killedHistory names the history that the test binary works on when it is started as the
// process that is killed.
const killedHistory = "INKPOOL_TEST_KILLED_HISTORY"

// goesOn makes that process go on when the disk fails, and end by itself.
const goesOn = "INKPOOL_TEST_GOES_ON"

func TestMain(m *testing.M) {
	path := os.Getenv(killedHistory)
	switch {
	case path == "":
		os.Exit(m.Run())
	case os.Getenv(goesOn) != "":
		if err := workThroughFaults(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		fmt.Fprintln(os.Stderr, workUntilKilled(path))
		os.Exit(1)
	}
}

// workThroughFaults does what workUntilKilled does until it has added ten jobs. What the
// disk refuses it tells on standard error.
func workThroughFaults(path string) error {
	ctx := context.Background()
	var s *sqlite.Store
	for s == nil {
		var err error
		if s, err = sqlite.Open(ctx, path); tolerate(&err) != nil {
			return err
		}
	}
	for added := 0; added < 10; {
		job, err := s.AddJob(ctx, inkpool.NewJob{Tasks: make([]inkpool.Task, 3)})
		if err == nil { // else what follows works for any job
			fmt.Println("job", job.ID)
			added++
		}
		for range 3 {
			if tolerate(&err) != nil {
				return err
			}
			err = workOnce(ctx, s, job.ID)
		}
		if tolerate(&err) != nil {
			return err
		}
	}
	err := s.Close()
	return tolerate(&err)
}

// tolerate takes an error of the disk for none, but tells it.
func tolerate(err *error) error {
	switch inkpool.CodeOf(*err) {
	case inkpool.CodeDiskFull, inkpool.CodeUnavailable:
		fmt.Fprintln(os.Stderr, *err)
		*err = nil
	}
	return *err
}

// workUntilKilled adds and ends tasks and prints a line for each change once the store has
// accepted it. It returns on an error, and at last when nobody kills it.
func workUntilKilled(path string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	for i := range 1000 {
		job, err := s.AddJob(ctx, inkpool.NewJob{Title: fmt.Sprint(i), Tasks: make([]inkpool.Task, 5)})
		if err != nil {
			return err
		}
		fmt.Println("job", job.ID)
		for range 3 { // two tasks of each job stay queued, one of these three stays running
			if err := workOnce(ctx, s, job.ID); err != nil {
				return err
			}
		}
	}
	return errors.New("nobody killed this process")
}

func workOnce(ctx context.Context, s *sqlite.Store, job inkpool.JobID) error {
	task, ok, err := s.ClaimTask(ctx, inkpool.Claim{Owner: "killed", Job: job})
	if err != nil || !ok {
		return err
	}
	fmt.Println("running", task.ID)
	switch task.Index {
	case 0:
		err = s.FinishTask(ctx, "killed", task.ID, inkpool.Result{Kind: inkpool.KindText, Text: fmt.Sprint(task.ID)})
	case 1:
		err = s.FailTask(ctx, "killed", task.ID, inkpool.StateFailed, inkpool.Errorf(inkpool.CodeInvalid, "bad"))
	default:
		return nil
	}
	if err == nil {
		fmt.Println([]string{"done", "failed"}[task.Index], task.ID)
	}
	return err
}

// TestKill kills a process in the middle of its work, again and again on one history: what
// was accepted is there, and what was running waits again.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	accepted := map[string]string{} // "task 7" → its last accepted state
	for round := range 5 {
		for _, line := range killAfter(t, path, 20+13*round) {
			accept(accepted, line)
		}
		s := mustOpen(t, path)
		wantIntegrity(t, s)
		wantAccepted(t, s, accepted)
		wantRecovered(t, s)
		closeStore(t, s)
	}
}

// accept notes what a line of the process says.
func accept(accepted map[string]string, line string) {
	state, id, _ := strings.Cut(line, " ")
	if state == "job" {
		accepted["job "+id] = state
	} else {
		accepted["task "+id] = state
	}
}

// killAfter starts the process, kills it after it has printed n lines, and returns all the
// lines that it printed.
func killAfter(t *testing.T, path string, n int) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killedHistory+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for sc := bufio.NewScanner(out); sc.Scan(); {
		if lines = append(lines, sc.Text()); len(lines) == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || len(lines) < n {
		t.Fatalf("got %d lines and %v, want at least %d and a kill", len(lines), err, n)
	}
	return lines
}

func wantIntegrity(t *testing.T, s *sqlite.Store) {
	t.Helper()
	_, db := s.Pools()
	var got string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&got); err != nil || got != "ok" {
		t.Errorf("integrity_check: got %q (%v), want ok", got, err)
	}
	var violations int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&violations); err != nil || violations != 0 {
		t.Errorf("foreign_key_check: got %d rows (%v), want none", violations, err)
	}
	wantCountsKept(t, s)
}

// wantCountsKept compares the counts of every job with its tasks.
func wantCountsKept(t *testing.T, s *sqlite.Store) {
	t.Helper()
	counted := map[string]string{"ready": `state = 'queued' AND held = 0 AND not_before_ms = 0 AND crashes = 0`}
	for _, state := range inkpool.States() {
		counted[string(state)] = fmt.Sprintf(`state = '%s'`, state)
	}
	_, db := s.Pools()
	for column, which := range counted {
		var wrong int
		query := fmt.Sprintf(`SELECT count(*) FROM jobs AS j
			WHERE j.%s <> (SELECT count(*) FROM tasks WHERE job = j.id AND %s)`, column, which)
		if err := db.QueryRowContext(t.Context(), query).Scan(&wrong); err != nil || wrong != 0 {
			t.Errorf("jobs that count %s tasks wrongly: got %d (%v), want none", column, wrong, err)
		}
	}
}

func wantAccepted(t *testing.T, s *sqlite.Store, accepted map[string]string) {
	t.Helper()
	for what, want := range accepted {
		var id int64
		var kind string
		if _, err := fmt.Sscan(what, &kind, &id); err != nil {
			t.Fatal(err)
		}
		if kind == "job" {
			if _, err := s.Job(t.Context(), inkpool.JobID(id)); err != nil {
				t.Errorf("accepted job %d is lost: %v", id, err)
			}
			continue
		}
		task, err := s.Task(t.Context(), inkpool.TaskID(id))
		if err != nil {
			t.Errorf("accepted task %d is lost: %v", id, err)
		}
		// The kill may fall between the change and its line, and an earlier round
		// has put what was running back: only an end is final.
		if want != "running" && string(task.State) != want {
			t.Errorf("task %d: got %s, want %s", id, task.State, want)
		}
		if want != "done" {
			continue
		}
		if r, err := s.Result(t.Context(), task.ID); err != nil || r.Text != fmt.Sprint(id) {
			t.Errorf("result of task %d: got %q (%v), want %q", id, r.Text, err, fmt.Sprint(id))
		}
	}
}

func wantRecovered(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if r, err := s.RecoverTasks(t.Context(), "next", false); err != nil || r.Queued == 0 {
		t.Errorf("RecoverTasks: got %+v (%v), want at least one", r, err)
	}
	_, db := s.Pools()
	var running int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM tasks WHERE state = 'running'`).Scan(&running); err != nil || running != 0 {
		t.Errorf("after recovery: got %d running tasks (%v), want none", running, err)
	}
}
