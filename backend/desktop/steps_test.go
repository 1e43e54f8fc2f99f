package desktop

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// stepsOf are those of a job.
func stepsOf(v view.Job) inkpool.Steps {
	if v.Steps == nil {
		return inkpool.Steps{}
	}
	return *v.Steps
}

var toGerman = inkpool.Steps{Translate: &inkpool.Translating{To: "de"}}

func TestStepsAreSavedAndUsed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(path, []byte(`{"reading": {"layout": "raw"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	jobs, _ := onFile(t, path)
	want := inkpool.Steps{
		Translate: &inkpool.Translating{From: "en", To: "zh", Pack: "opus-mt-en-zh"},
		Label:     &inkpool.Labelling{Packs: []string{"sentiment"}},
	}
	if err := jobs.SetSteps(want); err != nil {
		t.Fatal(err)
	}
	added, err := jobs.Add([]string{write(t, "a.txt", nil)})
	if err != nil || !reflect.DeepEqual(stepsOf(*added), want) || readingOf(*added).Layout != inkpool.LayoutRaw {
		t.Errorf("got %+v, %v; want a job with %+v, read as before", added, err, want)
	}
	saved, _, err := config.Load(t.Context(), path)
	if err != nil || !reflect.DeepEqual(saved.Steps, want) {
		t.Errorf("the file has %+v, %v; want %+v", saved.Steps, err, want)
	}
	again, _ := onFile(t, path)
	if got, err := again.Steps(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after a restart: got %+v, %v; want %+v", got, err, want)
	}
	nowhere := inkpool.Steps{Translate: &inkpool.Translating{}}
	if err := jobs.SetSteps(nowhere); inkpool.CodeOf(err) != inkpool.CodeInvalid {
		t.Errorf("a translation into nothing: got %v, want %q", err, inkpool.CodeInvalid)
	}
}

func TestAddSteps(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	added, err := jobs.Add([]string{write(t, "a.pdf", nil)})
	if err != nil {
		t.Fatal(err)
	}
	queue := jobs.window.app.Queue
	if err := queue.RunJob(t.Context(), inkpool.JobID(added.ID), func(inkpool.Task) {}); err != nil {
		t.Fatal(err)
	}
	if err := jobs.AddSteps(added.ID, toGerman); err != nil {
		t.Fatal(err)
	}
	snapshot, err := jobs.Snapshot()
	if err != nil || snapshot.Jobs[0].Queued != 2 || !reflect.DeepEqual(stepsOf(snapshot.Jobs[0]), toGerman) {
		t.Errorf("got %+v, %v; want two pages that wait for %+v", snapshot.Jobs, err, toGerman)
	}
	page, err := jobs.Page(tasksOf(t, jobs, added.ID)[0].ID)
	if err != nil || page.Text != "words" || page.Status != "queued" {
		t.Errorf("got %+v, %v; want what was read, also while more is to be done with it", page, err)
	}
	if err := jobs.AddSteps(999, toGerman); inkpool.CodeOf(err) != inkpool.CodeNotFound {
		t.Errorf("no such job: got %v, want %q", err, inkpool.CodeNotFound)
	}
}

// What is read again may have other steps; what is unlocked has those of its job.
func TestStepsOfNewJobs(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	if err := jobs.SetSteps(toGerman); err != nil {
		t.Fatal(err)
	}
	tasks := submit(t, jobs, write(t, "locked.pdf", nil))
	again, err := jobs.Again(tasks[0].Job, 0, inkpool.Reading{}, inkpool.Steps{Label: &inkpool.Labelling{}})
	if err != nil || again.Steps == nil || again.Steps.Label == nil || again.Steps.Translate != nil {
		t.Errorf("read again: got %+v, %v; want labels only", again.Steps, err)
	}
	if err := jobs.SetSteps(inkpool.Steps{}); err != nil {
		t.Fatal(err)
	}
	opened, err := jobs.Unlock(tasks[0].ID, password)
	if err != nil || !reflect.DeepEqual(stepsOf(opened), toGerman) {
		t.Errorf("unlocked: got %+v, %v; want %+v", opened.Steps, err, toGerman)
	}
}
