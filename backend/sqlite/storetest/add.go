package storetest

import (
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var addCases = []testCase{
	{"a new job has its title, its counts and a time", testAddJob},
	{"tasks keep their order and are numbered", testAddOrder},
	{"a job may have no tasks", testAddEmpty},
	{"a task with an error is failed from the start", testAddFailed},
	{"how a job is read comes with the job and its tasks", testAddReading},
	{"any byte but NUL survives in names", testAddBytes},
	{"ids grow and are found again", testAddIDs},
	{"a context that has ended stores nothing", testAddCancelled},
}

func testAddJob(t *testing.T, s inkpool.Store) {
	before := time.Now().Truncate(time.Millisecond)
	job := add(t, s, "holiday", 3)
	if job.ID == 0 || job.Title != "holiday" {
		t.Errorf("got job %d %q, want a positive id and %q", job.ID, job.Title, "holiday")
	}
	if want := (inkpool.Counts{Queued: 3}); job.Counts != want {
		t.Errorf("got counts %+v, want %+v", job.Counts, want)
	}
	if job.CreatedAt.Before(before) {
		t.Errorf("got created at %v, want not before %v", job.CreatedAt, before)
	}
	again, err := s.Job(t.Context(), job.ID)
	if err != nil {
		t.Fatalf("Job: %v", err)
	}
	if d := diff(job, again); d != "" {
		t.Errorf("Job differs from what AddJob returned (-added +read):\n%s", d)
	}
}

func testAddOrder(t *testing.T, s inkpool.Store) {
	job := add(t, s, "order", 20)
	tasks := tasksOf(t, s, job.ID)
	if len(tasks) != 20 {
		t.Fatalf("got %d tasks, want 20", len(tasks))
	}
	for i, want := range newJob("order", 20).Tasks {
		got := tasks[i]
		want.ID, want.Job, want.Index, want.State = got.ID, job.ID, i, inkpool.StateQueued
		want.CreatedAt = job.CreatedAt
		if d := diff(want, got); d != "" {
			t.Errorf("task %d (-want +got):\n%s", i, d)
		}
	}
}

func testAddReading(t *testing.T, s inkpool.Store) {
	for name, want := range map[string]inkpool.Reading{
		"as usual": {},
		"all": {
			Pack: "ppocr-v6-small", Layout: inkpool.LayoutCode, Source: inkpool.SourceImage, Upright: true,
			Ignore: []inkpool.Region{{Left: 0.1, Top: 0.2, Right: 0.9, Bottom: 0.25}}, DetectSide: 1280, BoxScore: 0.4, TextScore: 0.6,
		},
	} {
		job := newJob(name, 1)
		job.Reading = want
		added, err := s.AddJob(t.Context(), job)
		if err != nil {
			t.Fatalf("%s: AddJob: %v", name, err)
		}
		task := claim(t, s, alice)
		for what, got := range map[string]inkpool.Reading{
			"AddJob": added.Reading, "ClaimTask": task.Reading, "Tasks": tasksOf(t, s, added.ID)[0].Reading,
		} {
			if d := diff(want, got); d != "" {
				t.Errorf("%s: reading of %s (-want +got):\n%s", name, what, d)
			}
		}
	}
}

func testAddEmpty(t *testing.T, s inkpool.Store) {
	job := add(t, s, "empty", 0)
	if job.Counts.Total() != 0 {
		t.Errorf("got counts %+v, want none", job.Counts)
	}
	if tasks := tasksOf(t, s, job.ID); len(tasks) != 0 {
		t.Errorf("got %d tasks, want 0", len(tasks))
	}
}

func testAddFailed(t *testing.T, s inkpool.Store) {
	why := inkpool.Errorf(inkpool.CodeUnsupportedFormat, "no picture").WithHint("Convert it.")
	mixed := newJob("mixed", 3)
	mixed.Tasks[1].Error = why
	job, err := s.AddJob(t.Context(), mixed)
	if err != nil {
		t.Fatalf("AddJob: %v", err)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 2, Failed: 1})
	got := tasksOf(t, s, job.ID)[1]
	if got.State != inkpool.StateFailed || got.EndedAt.IsZero() {
		t.Errorf("got state %q ended at %v, want failed at once", got.State, got.EndedAt)
	}
	if d := diff(why, got.Error); d != "" {
		t.Errorf("error (-want +got):\n%s", d)
	}
}

func testAddBytes(t *testing.T, s inkpool.Store) {
	var every []byte
	for b := 1; b < 256; b++ {
		every = append(every, byte(b))
	}
	for _, name := range []string{"", string(every), "\xff\xfe", "墨池 \U00020BB7.png", "'; DROP TABLE tasks; --", "?%#"} {
		job, err := s.AddJob(t.Context(), inkpool.NewJob{
			Title: name, Tasks: []inkpool.Task{{Path: "/" + name, Name: name, Page: 7, Kind: inkpool.KindText}},
		})
		if err != nil {
			t.Fatalf("AddJob(%q): %v", name, err)
		}
		task := tasksOf(t, s, job.ID)[0]
		if job.Title != name || task.Name != name || task.Path != "/"+name {
			t.Errorf("got title %q, name %q, path %q, want %q", job.Title, task.Name, task.Path, name)
		}
		if task.Page != 7 || task.Kind != inkpool.KindText {
			t.Errorf("got page %d kind %q, want 7 and text", task.Page, task.Kind)
		}
	}
}

func testAddIDs(t *testing.T, s inkpool.Store) {
	a, b := add(t, s, "a", 2), add(t, s, "b", 2)
	if b.ID <= a.ID {
		t.Errorf("got job ids %d then %d, want them to grow", a.ID, b.ID)
	}
	var last inkpool.TaskID
	for _, task := range append(tasksOf(t, s, a.ID), tasksOf(t, s, b.ID)...) {
		if task.ID <= last {
			t.Errorf("got task id %d after %d, want it to grow", task.ID, last)
		}
		last = task.ID
		if d := diff(task, getTask(t, s, task.ID)); d != "" {
			t.Errorf("Task differs from Tasks (-Tasks +Task):\n%s", d)
		}
	}
}

func testAddCancelled(t *testing.T, s inkpool.Store) {
	if _, err := s.AddJob(ended(t), newJob("late", 3)); inkpool.CodeOf(err) != inkpool.CodeCancelled {
		t.Errorf("AddJob: got %v, want cancelled", err)
	}
	jobs, err := s.Jobs(t.Context(), 0, 10)
	if err != nil || len(jobs) != 0 {
		t.Errorf("got %d jobs (%v), want none", len(jobs), err)
	}
}
