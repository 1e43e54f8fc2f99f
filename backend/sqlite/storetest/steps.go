package storetest

import (
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var stepsCases = []testCase{
	{"steps are stored with their job", testStepsExact},
	{"steps that are added queue what is done, with what was read", testAddSteps},
	{"what was read is done again when more steps are cancelled", testCancelSteps},
	{"no steps are added to what is running", testAddStepsRunning},
	{"steps that are added resume a paused job", testAddStepsResumes},
	{"pictures that were not read are not translated later", testAddStepsRefuses},
	{"finished sentences come back until the task is finished", testKeepSentences},
	{"sentences outlive a translation that was cut short", testKeepSentencesOfWhatIsMissing},
	{"what was read comes back while more is done with it", testKeepRead},
	{"progress is kept for the owner of a running task only", testKeepProgressRefuses},
}

var translateToChinese = inkpool.Steps{Translate: &inkpool.Translating{From: "en", To: "zh", Pack: "opus-mt-en-zh"}}

func testStepsExact(t *testing.T, s inkpool.Store) {
	want := translateToChinese.With(inkpool.Steps{Label: &inkpool.Labelling{Packs: []string{"sst2", "ner"}}})
	want.NoReading = true
	j, err := s.AddJob(t.Context(), inkpool.NewJob{Title: "steps", Steps: want, Tasks: []inkpool.Task{{Path: "/a", Name: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(want, j.Steps); d != "" {
		t.Errorf("of the job (-want +got):\n%s", d)
	}
	if d := diff(want, claim(t, s, alice).Steps); d != "" {
		t.Errorf("of its task (-want +got):\n%s", d)
	}
}

func testAddSteps(t *testing.T, s inkpool.Store) {
	job := add(t, s, "two", 2)
	first, read := claim(t, s, alice), page()
	if first.Before != nil {
		t.Errorf("a new task: got %+v before it, want nothing", first.Before)
	}
	if err := s.FinishTask(t.Context(), alice, first.ID, read); err != nil {
		t.Fatal(err)
	}
	second := claim(t, s, alice)
	if err := s.FailTask(t.Context(), alice, second.ID, inkpool.StateFailed, inkpool.Errorf(inkpool.CodeInvalid, "bad")); err != nil {
		t.Fatal(err)
	}
	if err := s.AddSteps(t.Context(), job.ID, translateToChinese); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Queued: 1, Failed: 1})
	if got, err := s.Result(t.Context(), first.ID); err != nil || diff(read, got) != "" {
		t.Errorf("what was read is gone while more is done with it: %v", err)
	}
	again := claim(t, s, alice)
	if again.Before == nil || diff(read, *again.Before) != "" || diff(translateToChinese, again.Steps) != "" {
		t.Errorf("got task %+v, want it with what was read, and the steps", again)
	}
	if err := s.FinishTask(t.Context(), alice, again.ID, steps()); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Result(t.Context(), first.ID); err != nil || diff(steps(), got) != "" {
		t.Errorf("got %+v, %v; want the new result", got, err)
	}
}

func testCancelSteps(t *testing.T, s inkpool.Store) {
	job := add(t, s, "two", 2)
	task := claim(t, s, alice)
	if err := s.FinishTask(t.Context(), alice, task.ID, page()); err != nil {
		t.Fatal(err)
	}
	if err := s.AddSteps(t.Context(), job.ID, translateToChinese); err != nil {
		t.Fatal(err)
	}
	if touched, err := s.Cancel(t.Context(), inkpool.Scope{Job: job.ID}); err != nil || !slices.Equal(touched, []inkpool.JobID{job.ID}) {
		t.Errorf("got jobs %v, %v; want the one", touched, err)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Done: 1, Cancelled: 1})
	if got := getTask(t, s, task.ID); got.State != inkpool.StateDone || got.Error != nil || got.EndedAt.IsZero() {
		t.Errorf("got %+v, want it done", got)
	}
	r, err := s.Result(t.Context(), task.ID)
	if err != nil || r.Text != page().Text || r.Translation == nil || r.Translation.To != "zh" || inkpool.CodeOf(r.Translation.Error) != inkpool.CodeCancelled || r.LabelError != nil {
		t.Errorf("got %+v, %v; want what was read, and why it was not translated", r, err)
	}
}

func testAddStepsRunning(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	claim(t, s, alice)
	wantCode(t, "AddSteps", s.AddSteps(t.Context(), job.ID, translateToChinese), inkpool.CodeConflict)
	wantCode(t, "AddSteps to no job", s.AddSteps(t.Context(), job.ID+1, translateToChinese), inkpool.CodeNotFound)
}

// A job that was paused while its last task ran stays paused when nothing is left of it.
func testAddStepsResumes(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	task := claim(t, s, alice)
	if _, err := s.Pause(t.Context(), inkpool.Scope{Job: job.ID}); err != nil {
		t.Fatal(err)
	}
	if err := s.FinishTask(t.Context(), alice, task.ID, page()); err != nil {
		t.Fatal(err)
	}
	if err := s.AddSteps(t.Context(), job.ID, translateToChinese); err != nil {
		t.Fatal(err)
	}
	if again := claim(t, s, alice); again.ID != task.ID {
		t.Errorf("got task %d, want %d", again.ID, task.ID)
	}
}

func testAddStepsRefuses(t *testing.T, s inkpool.Store) {
	label := inkpool.Steps{NoReading: true, Label: &inkpool.Labelling{}}
	j, err := s.AddJob(t.Context(), inkpool.NewJob{Title: "labels", Steps: label, Tasks: []inkpool.Task{{Path: "/a", Name: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "AddSteps", s.AddSteps(t.Context(), j.ID, translateToChinese), inkpool.CodeInvalid)
}

func testKeepSentences(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	task := claim(t, s, alice)
	if err := s.FinishTask(t.Context(), alice, task.ID, page()); err != nil {
		t.Fatal(err)
	}
	if err := s.AddSteps(t.Context(), job.ID, translateToChinese); err != nil {
		t.Fatal(err)
	}
	task = claim(t, s, alice)
	kept := []inkpool.Sentence{
		{Way: "m 1 en>zh", Segment: inkpool.Segment{Source: "One.", Target: "一。"}},
		{Way: "m 1 en>zh", Segment: inkpool.Segment{Source: "Two.", Target: "二二二", Doubtful: true}},
	}
	for _, one := range kept {
		if err := s.KeepProgress(t.Context(), alice, task.ID, inkpool.Progress{Finished: []inkpool.Sentence{one}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.RequeueTask(t.Context(), alice, task.ID, inkpool.Requeue{}); err != nil {
		t.Fatal(err)
	}
	task = claim(t, s, bob)
	if d := diff(kept, task.Finished); d != "" {
		t.Errorf("sentences (-kept +claimed):\n%s", d)
	}
	if err := s.FinishTask(t.Context(), bob, task.ID, steps()); err != nil {
		t.Fatal(err)
	}
	if err := s.AddSteps(t.Context(), job.ID, translateToChinese); err != nil {
		t.Fatal(err)
	}
	if got := claim(t, s, bob).Finished; len(got) != 0 {
		t.Errorf("of a task that was finished: got %v, want nothing", got)
	}
}

func testKeepSentencesOfWhatIsMissing(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	task := claim(t, s, alice)
	kept := []inkpool.Sentence{{Way: "w", Segment: inkpool.Segment{Source: "a", Target: "b"}}}
	if err := s.KeepProgress(t.Context(), alice, task.ID, inkpool.Progress{Finished: kept}); err != nil {
		t.Fatal(err)
	}
	cut := page()
	cut.Translation = &inkpool.Translation{To: "zh", Error: inkpool.Errorf(inkpool.CodeCancelled, "cancelled")}
	if err := s.FinishTask(t.Context(), alice, task.ID, cut); err != nil {
		t.Fatal(err)
	}
	if err := s.AddSteps(t.Context(), job.ID, translateToChinese); err != nil {
		t.Fatal(err)
	}
	if d := diff(kept, claim(t, s, alice).Finished); d != "" {
		t.Errorf("sentences (-kept +claimed):\n%s", d)
	}
}

func testKeepRead(t *testing.T, s inkpool.Store) {
	add(t, s, "one", 1)
	task, read := claim(t, s, alice), page()
	if err := s.KeepProgress(t.Context(), alice, task.ID, inkpool.Progress{Read: &read}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Result(t.Context(), task.ID); err != nil || diff(read, got) != "" {
		t.Errorf("while it runs: got %+v, %v; want what was read", got, err)
	}
	if err := s.RequeueTask(t.Context(), alice, task.ID, inkpool.Requeue{Crashed: true}); err != nil {
		t.Fatal(err)
	}
	again, ok, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: bob, Suspect: true})
	if err != nil || !ok || again.Before == nil || diff(read, *again.Before) != "" {
		t.Errorf("got %+v, %v, %v; want what was read", again, ok, err)
	}
}

func testKeepProgressRefuses(t *testing.T, s inkpool.Store) {
	add(t, s, "one", 1)
	task, read := claim(t, s, alice), page()
	for name, p := range map[string]inkpool.Progress{
		"sentences":     {Finished: []inkpool.Sentence{{Way: "w", Segment: inkpool.Segment{Source: "a", Target: "b"}}}},
		"what was read": {Read: &read},
	} {
		wantCode(t, name+" of another's task", s.KeepProgress(t.Context(), bob, task.ID, p), inkpool.CodeConflict)
		wantCode(t, name+" of no task", s.KeepProgress(t.Context(), alice, task.ID+1, p), inkpool.CodeNotFound)
	}
}
