package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var listCases = []testCase{
	{"jobs come newest first, page by page", testListJobs},
	{"tasks come by index, page by page", testListTasks},
	{"a limit below one lists nothing", testListNothing},
	{"an unknown id is not found", testListUnknown},
	{"a context that has ended reads nothing", testListCancelled},
}

// ended returns a context that was cancelled.
func ended(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func testListJobs(t *testing.T, s inkpool.Store) {
	for i := range 5 {
		add(t, s, fmt.Sprint(i), 1)
	}
	var got []string
	var before inkpool.JobID
	for {
		page, err := s.Jobs(t.Context(), before, 2)
		if err != nil {
			t.Fatalf("Jobs(%d): %v", before, err)
		}
		if len(page) == 0 {
			break
		}
		for _, j := range page {
			got = append(got, j.Title)
			before = j.ID
		}
	}
	if d := diff([]string{"4", "3", "2", "1", "0"}, got); d != "" {
		t.Errorf("titles (-want +got):\n%s", d)
	}
}

func testListTasks(t *testing.T, s inkpool.Store) {
	job := add(t, s, "pages", 7)
	add(t, s, "other", 3)
	var got []int
	for from := 0; ; from += 3 {
		page, err := s.Tasks(t.Context(), job.ID, from, 3)
		if err != nil {
			t.Fatalf("Tasks(from %d): %v", from, err)
		}
		if len(page) == 0 {
			break
		}
		for _, task := range page {
			got = append(got, task.Index)
		}
	}
	if d := diff([]int{0, 1, 2, 3, 4, 5, 6}, got); d != "" {
		t.Errorf("indexes (-want +got):\n%s", d)
	}
}

func testListNothing(t *testing.T, s inkpool.Store) {
	job := add(t, s, "some", 2)
	for _, limit := range []int{0, -1} {
		jobs, err := s.Jobs(t.Context(), 0, limit)
		if err != nil || len(jobs) != 0 {
			t.Errorf("Jobs(limit %d): got %d jobs (%v), want none", limit, len(jobs), err)
		}
		tasks, err := s.Tasks(t.Context(), job.ID, 0, limit)
		if err != nil || len(tasks) != 0 {
			t.Errorf("Tasks(limit %d): got %d tasks (%v), want none", limit, len(tasks), err)
		}
	}
}

func testListUnknown(t *testing.T, s inkpool.Store) {
	ctx := t.Context()
	add(t, s, "known", 1)
	const id = 4711
	_, errJob := s.Job(ctx, id)
	_, errTasks := s.Tasks(ctx, id, 0, 10)
	_, errTask := s.Task(ctx, id)
	_, errResult := s.Result(ctx, id)
	_, errLog := s.Log(ctx, id)
	for _, c := range []struct {
		name string
		err  error
	}{
		{"Job", errJob},
		{"Tasks", errTasks},
		{"Task", errTask},
		{"Result", errResult},
		{"Log", errLog},
		{"FinishTask", s.FinishTask(ctx, alice, id, inkpool.Result{})},
		{"FailTask", s.FailTask(ctx, alice, id, inkpool.StateFailed, inkpool.Errorf(inkpool.CodeInvalid, "bad"))},
		{"RequeueTask", s.RequeueTask(ctx, alice, id, inkpool.Requeue{})},
	} {
		wantCode(t, c.name, c.err, inkpool.CodeNotFound)
	}
	for _, c := range scopeChanges {
		for _, scope := range []inkpool.Scope{{Job: id}, {Task: id}, {Job: 1, Task: id}} {
			_, err := c.do(t, s, scope)
			wantCode(t, fmt.Sprintf("%s of %+v", c.name, scope), err, inkpool.CodeNotFound)
		}
	}
}

func testListCancelled(t *testing.T, s inkpool.Store) {
	job := add(t, s, "known", 1)
	_, err := s.Job(ended(t), job.ID)
	wantCode(t, "Job", err, inkpool.CodeCancelled)
	_, err = s.Jobs(ended(t), 0, 10)
	wantCode(t, "Jobs", err, inkpool.CodeCancelled)
	_, err = s.Tasks(ended(t), job.ID, 0, 10)
	wantCode(t, "Tasks", err, inkpool.CodeCancelled)
}
