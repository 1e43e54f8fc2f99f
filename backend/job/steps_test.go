package job_test

import (
	"context"
	"errors"
	"math"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
)

// translator reads a task at once and takes a while for each of three sentences of its
// translation, which it tells. What was finished before it does not do again.
type translator struct {
	sentence time.Duration
	fail     error        // after the second sentence
	did      atomic.Int64 // sentences
	read     atomic.Int64 // tasks
}

const sentences = 3

func (p *translator) Process(ctx context.Context, task inkpool.Task, tell func(inkpool.Progress)) (inkpool.Result, error) {
	r := inkpool.Result{Kind: inkpool.KindText, Text: textOf(task)}
	if task.Before != nil {
		r = *task.Before
	} else if p.read.Add(1); task.Steps.Any() {
		tell(inkpool.Progress{Read: &r})
	}
	if task.Steps.Translate == nil {
		return r, nil
	}
	for done := len(task.Finished); done < sentences; done++ {
		if p.fail != nil && done == 2 {
			return inkpool.Result{}, p.fail
		}
		select {
		case <-time.After(p.sentence):
		case <-ctx.Done():
			return inkpool.Result{}, ctx.Err()
		}
		p.did.Add(1)
		tell(inkpool.Progress{Done: done + 1, Total: sentences, Finished: []inkpool.Sentence{{Way: "way", Segment: inkpool.Segment{Source: strconv.Itoa(done)}}}})
	}
	r.Translation = &inkpool.Translation{To: task.Steps.Translate.To, Text: "done"}
	return r, nil
}

var toChinese = inkpool.Steps{Translate: &inkpool.Translating{To: "zh"}}

// A task that tells how it gets on has its time anew each time.
func TestProgressPutsOffTheDeadline(t *testing.T) {
	for _, c := range []struct {
		sentence time.Duration
		inTime   bool
	}{{50 * time.Second, true}, {70 * time.Second, false}} {
		bubble(t, func(t *testing.T) {
			store := openStore(t)
			q := newQueue(t, store, &translator{sentence: c.sentence}, job.Options{Timeout: time.Minute})
			defer q.Close()
			j := addSteps(t, store, toChinese)
			if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
				t.Fatal(err)
			}
			r, err := store.Result(t.Context(), tasksOf(t, store, j.ID)[0].ID)
			if err != nil || r.Translation == nil || (r.Translation.Error == nil) != c.inTime {
				t.Errorf("with %v for a sentence: got %+v, %v; want it in time: %v", c.sentence, r.Translation, err, c.inTime)
			}
		})
	}
}

func addSteps(t *testing.T, store inkpool.Store, steps inkpool.Steps) inkpool.Job {
	t.Helper()
	j, err := store.AddJob(t.Context(), inkpool.NewJob{Title: "text", Steps: steps, Tasks: []inkpool.Task{{Path: "/a.txt", Name: "a.txt"}}})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// A program that ends in the middle of a translation goes on from there.
func TestFinishedSentencesAreNotDoneAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &translator{sentence: 10 * time.Second}
		j := addSteps(t, store, toChinese)
		first := newQueue(t, store, p, job.Options{})
		first.Start()
		time.Sleep(25 * time.Second)
		first.Close()
		second := newQueue(t, store, p, job.Options{})
		defer second.Close()
		if err := second.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 1})
		if p.did.Load() != sentences || p.read.Load() != 1 {
			t.Errorf("got %d sentences done, read %d times; want each of %d once, and read once", p.did.Load(), p.read.Load(), sentences)
		}
	})
}

func TestProgressIsTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		q := newQueue(t, store, &translator{sentence: time.Second}, job.Options{})
		defer q.Close()
		var got []inkpool.Progress
		defer q.Subscribe(func(b job.Batch) {
			for _, task := range b.Tasks {
				got = append(got, task.Progress)
			}
		})()
		j := addSteps(t, store, toChinese)
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		want := []inkpool.Progress{{}, {Done: 1, Total: 3}, {Done: 2, Total: 3}, {}} // begun, two of three, done
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}

// A page need not wait for a text that takes long.
func TestReadingGoesOnBesideTranslations(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &translator{sentence: time.Hour}
		q := newQueue(t, store, p, job.Options{InFlight: 2, Timeout: 24 * time.Hour})
		defer q.Close()
		for range 5 {
			addSteps(t, store, toChinese)
		}
		page := addSteps(t, store, inkpool.Steps{})
		q.Start()
		time.Sleep(time.Minute)
		synctest.Wait()
		if p.read.Load() != 4 {
			t.Errorf("got %d texts read, want one for each worker", p.read.Load())
		}
		wantCounts(t, store, page.ID, inkpool.Counts{Queued: 1}) // all places are taken
		time.Sleep(sentences * time.Hour)
		synctest.Wait()
		wantCounts(t, store, page.ID, inkpool.Counts{Done: 1})
	})
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &translator{sentence: time.Hour}
		q := newQueue(t, store, p, job.Options{InFlight: 2, Timeout: 24 * time.Hour})
		defer q.Close()
		addSteps(t, store, toChinese)
		addSteps(t, store, toChinese)
		page := addSteps(t, store, inkpool.Steps{})
		q.Start()
		time.Sleep(time.Minute)
		synctest.Wait()
		wantCounts(t, store, page.ID, inkpool.Counts{Done: 1})
	})
}

// More is done with what was read, which is not read again.
func TestAddSteps(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store, p := openStore(t), &translator{}
		q := newQueue(t, store, p, job.Options{})
		defer q.Close()
		j := addSteps(t, store, inkpool.Steps{})
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		if err := q.AddSteps(t.Context(), j.ID, toChinese); err != nil {
			t.Fatal(err)
		}
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		r, err := store.Result(t.Context(), tasksOf(t, store, j.ID)[0].ID)
		if err != nil || r.Text != "text of a.txt" || r.Translation == nil || r.Translation.Text != "done" || p.read.Load() != 1 {
			t.Errorf("got %+v, %v, read %d times; want the text, read once, with its translation", r, err, p.read.Load())
		}
		wrong := inkpool.Steps{Translate: &inkpool.Translating{To: "no language"}}
		if err := q.AddSteps(t.Context(), j.ID, wrong); inkpool.CodeOf(err) != inkpool.CodeInvalid {
			t.Errorf("got %v, want %q", err, inkpool.CodeInvalid)
		}
	})
}

// Whatever becomes of a translation, the text that had been read stays.
func TestATextOutlivesItsTranslation(t *testing.T) {
	failure := inkpool.Errorf(inkpool.CodeModelCorrupt, "the model is damaged")
	crash := inkpool.Errorf(inkpool.CodeEngineCrashed, "gone")
	for name, c := range map[string]struct {
		fail   error
		cancel bool
		want   inkpool.Code
	}{
		"it fails":              {failure, false, inkpool.CodeModelCorrupt},
		"the engine dies twice": {crash, false, inkpool.CodeEngineCrashed},
		"a person cancels it":   {nil, true, inkpool.CodeCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				store, p := openStore(t), &translator{sentence: time.Second}
				q := newQueue(t, store, p, job.Options{})
				defer q.Close()
				j := addSteps(t, store, inkpool.Steps{})
				if err := errors.Join(q.RunJob(t.Context(), j.ID, nil), q.AddSteps(t.Context(), j.ID, toChinese)); err != nil {
					t.Fatal(err)
				}
				p.fail = c.fail
				if c.cancel {
					time.AfterFunc(1500*time.Millisecond, func() { _ = q.Cancel(t.Context(), inkpool.Scope{Job: j.ID}) })
				}
				if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
					t.Fatal(err)
				}
				wantCounts(t, store, j.ID, inkpool.Counts{Done: 1})
				r, err := store.Result(t.Context(), tasksOf(t, store, j.ID)[0].ID)
				if err != nil || r.Text != "text of a.txt" || r.Translation == nil || inkpool.CodeOf(r.Translation.Error) != c.want {
					t.Errorf("got %+v, %v; want the text, and %q in place of its translation", r, err, c.want)
				}
			})
		})
	}
}

// A result that no history can hold leaves the text as it was read.
func TestATextOutlivesARefusedResult(t *testing.T) {
	bubble(t, func(t *testing.T) {
		store := openStore(t)
		q := newQueue(t, store, noScore{}, job.Options{})
		defer q.Close()
		j := addSteps(t, store, inkpool.Steps{Label: &inkpool.Labelling{}})
		if err := q.RunJob(t.Context(), j.ID, nil); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, store, j.ID, inkpool.Counts{Done: 1})
		r, err := store.Result(t.Context(), tasksOf(t, store, j.ID)[0].ID)
		if err != nil || r.Text != "text of a.txt" || len(r.Labels) > 0 || r.LabelError == nil {
			t.Errorf("got %+v, %v; want the text, and why it has no labels", r, err)
		}
	})
}

// noScore reads a text and gives it a label whose score is no number.
type noScore struct{}

func (noScore) Process(_ context.Context, task inkpool.Task, tell func(inkpool.Progress)) (inkpool.Result, error) {
	r := inkpool.Result{Kind: inkpool.KindText, Text: textOf(task)}
	read := r
	tell(inkpool.Progress{Read: &read})
	r.Labels = []inkpool.Label{{Pack: "p", Name: "n", Score: math.NaN()}}
	return r, nil
}
