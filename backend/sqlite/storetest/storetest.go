// Package storetest is the suite that every inkpool.Store must pass: what the interface
// promises, said as tests. It knows nothing of how a store keeps its data.
package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Run tests the stores that open returns. Each call of open returns an empty store, which
// lives as long as the test it is given.
func Run(t *testing.T, open func(t *testing.T) inkpool.Store) {
	groups := []struct {
		name  string
		cases []testCase
	}{
		{"Add", addCases},
		{"List", listCases},
		{"Claim", claimCases},
		{"End", endCases},
		{"Result", resultCases},
		{"Steps", stepsCases},
		{"Requeue", requeueCases},
		{"Recover", recoverCases},
		{"Pause", pauseCases},
		{"Cancel", cancelCases},
		{"Retry", retryCases},
		{"Remove", removeCases},
		{"Log", logCases},
		{"AtOnce", atOnceCases},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.cases {
				t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
			}
		})
	}
}

type testCase struct {
	name string
	test func(*testing.T, inkpool.Store)
}

const (
	alice = "instance-a" // owners
	bob   = "instance-b"
)

// newJob describes a job of n queued tasks: title/0.png, title/1.png, …
func newJob(title string, n int) inkpool.NewJob {
	job := inkpool.NewJob{Title: title}
	for i := range n {
		name := fmt.Sprintf("%s/%d.png", title, i)
		job.Tasks = append(job.Tasks, inkpool.Task{Path: "/in/" + name, Name: name, Page: 1})
	}
	return job
}

// add stores a job of n queued tasks.
func add(t *testing.T, s inkpool.Store, title string, n int) inkpool.Job {
	t.Helper()
	job, err := s.AddJob(t.Context(), newJob(title, n))
	if err != nil {
		t.Fatalf("AddJob(%q): %v", title, err)
	}
	return job
}

// claim claims the next task of any job and fails when there is none.
func claim(t *testing.T, s inkpool.Store, owner string) inkpool.Task {
	t.Helper()
	task, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: owner})
	if err != nil || !ok {
		t.Fatalf("ClaimTask: got ok %v, error %v, want a task", ok, err)
	}
	return task
}

// finish stores a page as the result of a task that alice runs.
func finish(t *testing.T, s inkpool.Store, id inkpool.TaskID) {
	t.Helper()
	if err := s.FinishTask(t.Context(), alice, id, page()); err != nil {
		t.Fatalf("FinishTask(%d): %v", id, err)
	}
}

// fail ends a task that alice runs.
func fail(t *testing.T, s inkpool.Store, id inkpool.TaskID, state inkpool.State) {
	t.Helper()
	if err := s.FailTask(t.Context(), alice, id, state, inkpool.Errorf(inkpool.CodeInvalid, "bad")); err != nil {
		t.Fatalf("FailTask(%d): %v", id, err)
	}
}

func getTask(t *testing.T, s inkpool.Store, id inkpool.TaskID) inkpool.Task {
	t.Helper()
	task, err := s.Task(t.Context(), id)
	if err != nil {
		t.Fatalf("Task(%d): %v", id, err)
	}
	return task
}

// tasksOf returns every task of a job.
func tasksOf(t *testing.T, s inkpool.Store, job inkpool.JobID) []inkpool.Task {
	t.Helper()
	tasks, err := s.Tasks(t.Context(), job, 0, 1000)
	if err != nil {
		t.Fatalf("Tasks(%d): %v", job, err)
	}
	return tasks
}

// wantCounts checks the counts of a job, and that they agree with its tasks.
func wantCounts(t *testing.T, s inkpool.Store, id inkpool.JobID, want inkpool.Counts) {
	t.Helper()
	job, err := s.Job(t.Context(), id)
	if err != nil {
		t.Fatalf("Job(%d): %v", id, err)
	}
	if job.Counts != want {
		t.Errorf("counts of job %d: got %+v, want %+v", id, job.Counts, want)
	}
	var counted inkpool.Counts
	for _, task := range tasksOf(t, s, id) {
		counted.Add(task.State, 1)
	}
	if job.Counts != counted {
		t.Errorf("counts of job %d: got %+v, but its tasks count %+v", id, job.Counts, counted)
	}
}

func wantCode(t *testing.T, what string, err error, want inkpool.Code) {
	t.Helper()
	if got := inkpool.CodeOf(err); got != want {
		t.Errorf("%s: got code %q (%v), want %q", what, got, err, want)
	}
}

// diff compares values; of an error it compares what a person reads.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.IgnoreUnexported(inkpool.Error{}))
}
