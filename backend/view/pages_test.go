package view_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
	"github.com/inkpool/inkpool/backend/view"
)

// storeWith returns a history with a job of n tasks, of which the first is done.
func storeWith(t *testing.T, n int) (inkpool.Store, inkpool.JobID) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	j := inkpool.NewJob{Title: "job"}
	for i := range n {
		j.Tasks = append(j.Tasks, inkpool.Task{Path: fmt.Sprintf("/in/%d.txt", i), Page: 1})
	}
	added, err := s.AddJob(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	task, _, err := s.ClaimTask(t.Context(), inkpool.Claim{Owner: "me", Job: added.ID})
	if err == nil {
		err = s.FinishTask(t.Context(), "me", task.ID, inkpool.Result{Kind: inkpool.KindText, Text: "first"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, added.ID
}

func TestPagesReadsBatchAfterBatch(t *testing.T) {
	const n = 1201 // two full batches and a last one
	store, id := storeWith(t, n)
	i := 0
	for page, err := range view.Pages(t.Context(), store, id) {
		if err != nil {
			t.Fatal(err)
		}
		want := view.Page{V: 1, Path: fmt.Sprintf("/in/%d.txt", i), Status: "queued"}
		if i == 0 {
			want.Status, want.Text = "done", "first"
		}
		if page.Path != want.Path || page.Status != want.Status || page.Text != want.Text {
			t.Fatalf("page %d: got %+v, want %+v", i, page, want)
		}
		i++
	}
	if i != n {
		t.Errorf("got %d pages, want %d", i, n)
	}
}

func TestPagesOfABatchExactly(t *testing.T) {
	store, id := storeWith(t, 500)
	n := 0
	for _, err := range view.Tasks(t.Context(), store, id) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 500 {
		t.Errorf("got %d tasks, want 500", n)
	}
}

func TestPagesStopsWhenItsReaderDoes(t *testing.T) {
	store, id := storeWith(t, 3)
	n := 0
	for range view.Pages(t.Context(), store, id) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("got %d pages, want 2", n)
	}
}

func TestPagesEndsWithAnError(t *testing.T) {
	store, id := storeWith(t, 3)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		store inkpool.Store
		id    inkpool.JobID
		want  inkpool.Code
	}{
		"no such job":       {t.Context(), store, id + 1, inkpool.CodeNotFound},
		"stopped":           {stopped, store, id, inkpool.CodeCancelled},
		"result is damaged": {t.Context(), noResults{store}, id, inkpool.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			n, last := 0, error(nil)
			for _, err := range view.Pages(c.ctx, c.store, c.id) {
				n++
				last = err
			}
			if n != 1 || inkpool.CodeOf(last) != c.want {
				t.Errorf("got %d pages and %v, want one with %q", n, last, c.want)
			}
		})
	}
}

// noResults is a store that has lost its results.
type noResults struct{ inkpool.Store }

func (noResults) Result(context.Context, inkpool.TaskID) (inkpool.Result, error) {
	return inkpool.Result{}, fmt.Errorf("read result: %w",
		inkpool.Errorf(inkpool.CodeInvalid, "a stored result is damaged").WithCause(errors.New("decode")))
}
